"""Classifier-free guidance."""

from refdgm.diffusion.guidance import classifier_free_guidance

from ..kit import verify
from ..oracles import classifier_free_guidance as oracle

TestClassifierFreeGuidance = verify(classifier_free_guidance, oracle)

"""Cases of the forward marginal."""

from refdgm.evidence.diffusion.levels import LIST
from refdgm.evidence.diffusion.levels import NOTES as NOTES

CASES = {"forward_marginal": LIST}

"""Cases of the score from ε and ε from the score."""

from refdgm.evidence.diffusion.levels import LIST
from refdgm.evidence.diffusion.levels import NOTES as NOTES
from refdgm.evidence.rare import changed

CASES = {"score_from_eps": LIST, "eps_from_score": LIST}
RARE = {"score_from_eps": (lambda case: changed(case, alpha_prod=lambda x: 1 - x / 2048),)}

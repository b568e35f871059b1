"""Cases of v, and x₀ and ε from it."""

from refdgm.evidence.diffusion.levels import LIST
from refdgm.evidence.diffusion.levels import NOTES as NOTES

CASES = {"v_from_x0_eps": LIST, "x0_from_v": LIST, "eps_from_v": LIST}

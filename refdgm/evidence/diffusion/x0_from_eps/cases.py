"""Cases of x₀ from ε and ε from x₀."""

from refdgm.evidence.diffusion.levels import LIST
from refdgm.evidence.diffusion.levels import NOTES as NOTES

CASES = {"x0_from_eps": LIST, "eps_from_x0": LIST}

"""Cases of a Gaussian mixture: its log-density, score and Hessian."""

import numpy as np

from refdgm.evidence.rare import changed
from refdgm.evidence.score.mixture_cases import LIST
from refdgm.evidence.score.mixture_cases import NOTES as NOTES

CASES = {
    "gaussian_mixture_log_density": LIST,
    "gaussian_mixture_score": LIST,
    "gaussian_mixture_hessian": LIST,
}
RARE = {
    "gaussian_mixture_log_density": (lambda case: changed(case, a=lambda x: -np.abs(x)),),
    "gaussian_mixture_hessian": (lambda case: changed(case, a=lambda x: -np.abs(x)),),
}

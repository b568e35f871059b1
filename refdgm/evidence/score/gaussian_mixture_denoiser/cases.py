"""Cases of the posterior mean and covariance of a Gaussian mixture."""

from refdgm.evidence.score.mixture_cases import LIST
from refdgm.evidence.score.mixture_cases import NOTES as NOTES

CASES = {"gaussian_mixture_denoiser": LIST, "gaussian_mixture_posterior_covariance": LIST}

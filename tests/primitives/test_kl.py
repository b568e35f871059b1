"""Divergences of diagonal Gaussians."""

from refdgm.primitives.kl import gaussian_kl, gaussian_kl_between

from ..kit import verify
from ..oracles import gaussian_kl as oracle
from ..oracles import gaussian_kl_between as between_oracle

TestGaussianKL = verify(gaussian_kl, oracle)
TestGaussianKLBetween = verify(gaussian_kl_between, between_oracle)

"""The distance of normal laws of POT, which is the root of ours."""

from bare import bare

bare("ot")  # whose front page asks for all solvers
from ot.gaussian import bures_wasserstein_distance  # noqa: E402


def frechet_distance(mean_p, cov_p, mean_q, cov_q):
    return bures_wasserstein_distance(mean_p, mean_q, cov_p, cov_q).reshape(())


CANDIDATES = {"frechet_distance": {"function": frechet_distance, "framework": "torch"}}

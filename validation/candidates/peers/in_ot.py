"""The distance of normal laws of POT, which is the root of ours, and that of numbers."""

from bare import bare

bare("ot")  # whose front page asks for all solvers
from ot.gaussian import bures_wasserstein_distance  # noqa: E402
from ot.lp.solver_1d import wasserstein_1d  # noqa: E402


def frechet_distance(mean_p, cov_p, mean_q, cov_q):
    return bures_wasserstein_distance(mean_p, mean_q, cov_p, cov_q).reshape(())


def wasserstein_distance_1d(real, fake):
    return wasserstein_1d(real, fake)


CANDIDATES = {
    "frechet_distance": {"function": frechet_distance, "framework": "torch",
                         "convention": "the distance d itself, not squared"},
    "wasserstein_distance_1d": {"function": wasserstein_distance_1d, "framework": "torch"},
}

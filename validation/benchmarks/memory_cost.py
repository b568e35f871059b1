"""The most that a gradient holds where a formula has a tensor that products can spare, in MiB, and its CPU seconds.

Vector quantization is asked at an eighth of the codes and of the examples: it grows by the product of both, and by the
components.
"""

import json
import time
import tracemalloc

import numpy as np

from refdgm import CATALOGUE
from refdgm.cases import draw

ASKED = {
    "vector_quantization": {"B": 512, "K": 1024, "D": 64},
    "gaussian_mixture_hessian": {"B": 512, "K": 64, "D": 64},
    "gaussian_mixture_posterior_covariance": {"B": 512, "K": 64, "D": 64},
}


def cost(name: str, sizes: dict[str, int]) -> dict[str, float]:
    """Of the value with its pullback, beyond the arrays that are given."""
    ref, case = CATALOGUE[name], draw(CATALOGUE[name], 5, sizes=sizes)
    started = time.process_time()
    ref.answers(case)
    seconds = time.process_time() - started
    tracemalloc.start()
    ref.answers(case)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"MiB": most / 2**20, "seconds": seconds}


def costs() -> dict[str, dict[str, float]]:
    with np.errstate(all="ignore"):
        return {name: cost(name, sizes) for name, sizes in ASKED.items()}


if __name__ == "__main__":
    print(json.dumps(costs()))

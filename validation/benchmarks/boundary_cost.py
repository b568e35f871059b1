"""What the checks of a public call cost beyond `.body`, in microseconds: the structure, and by default the values.

One process: the two calls alternate, so that their difference is of one moment.
"""

import json
import statistics

import numpy as np

from refdgm import gaussian_kl_between, gumbel_softmax, mlp

from .worker import seconds_a_call
from .workloads import SIZES, draw

REPEATS = 31


def extra(ref, arrays, options, **checks) -> float:
    """The median of (public call − body) in microseconds."""
    public, body = (lambda: ref(*arrays, **options, **checks)), (lambda: ref.body(*arrays, **options))
    public()
    differences = []
    for turn in range(REPEATS):
        first, second = (public, body) if turn % 2 == 0 else (body, public)
        times = {first: seconds_a_call(first, 300), second: seconds_a_call(second, 300)}
        differences.append(times[public] - times[body])
    return 1e6 * statistics.median(differences)


def costs() -> dict[str, float]:
    gumbel = draw("gumbel", SIZES["gumbel"]["small"], "float64")
    three = gumbel["logits"], gumbel["gumbel"], gumbel["tau"]
    four = [np.zeros((64, 10))] * 4
    network = draw("mlp", SIZES["mlp"]["tiny"], "float64")
    found = {
        "gumbel_softmax, 3 arrays, structure": extra(gumbel_softmax, three, {}, check_values=False),
        "gumbel_softmax, 3 arrays, structure and values": extra(gumbel_softmax, three, {}),
        "gaussian_kl_between, 4 arrays, structure": extra(gaussian_kl_between, four, {}, check_values=False),
        "gaussian_kl_between, 4 arrays, structure and values": extra(gaussian_kl_between, four, {}),
        "mlp, 7 arrays, structure": extra(mlp, (network["x"], network["theta"]), {"activation": "tanh"}),
    }
    further = found["mlp, 7 arrays, structure"] - found["gumbel_softmax, 3 arrays, structure"]
    found["each further array"] = further / 4
    return found


if __name__ == "__main__":
    print(json.dumps(costs()))

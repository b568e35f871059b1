"""Cases of the EDM loss: levels from far below the data to far above, networks that know their target, and none."""

from typing import Any

import numpy as np

from refdgm.evidence.ask import Arrays, Ask, both, long, scaled
from refdgm.evidence.diffusion.noised import IMAGE, LADDER, LIST, VECTOR, levels
from refdgm.evidence.diffusion.noised import NOTES as OF_NOISED

NOTES = {
    **OF_NOISED,
    "untrained": "an output of zero: the target alone speaks",
    "trained": "a prediction near its target: the residual is a small difference",
    "data_alone": "noise of exactly zero: the data alone speak",
    "no_data": "data of exactly zero: the noise alone speaks",
}


def trained(by: float) -> Any:
    """The output is its target as float32 has it, plus `by` times what was drawn."""

    def change(arrays: Arrays) -> Arrays:
        x0, eps, data = (arrays[f"input.{name}"] for name in ("x0", "eps", "sigma_data"))
        sigma = arrays["input.sigma"].reshape(-1, *(1 for _ in x0.shape[1:]))
        near = (sigma / data * x0 - data * eps) / np.sqrt(sigma**2 + data**2) + by * arrays["input.output"]
        return {"input.output": near.astype(np.float32).astype(np.float64)}

    return change


MORE = [
    Ask("an output of zero", ("primes", "untrained"), sizes=VECTOR, change=scaled(0, "output")),
    Ask("an output of zero, a ladder of levels for images", ("image", "untrained", "all_levels"), sizes=IMAGE,
        change=both(levels(*LADDER, data=0.5), scaled(0, "output"))),
    Ask("a network that knows its target to a digit", ("primes", "trained"), sizes=VECTOR, change=trained(2.0**-3)),
    Ask("the same, a ladder of levels for images", ("image", "trained", "all_levels"), sizes=IMAGE,
        change=both(levels(*LADDER, data=0.5), trained(2.0**-4))),
    Ask("noise of zero", ("primes", "data_alone"), sizes=VECTOR, change=scaled(0, "eps")),
    Ask("data of zero", ("primes", "no_data"), sizes=VECTOR, change=scaled(0, "x0")),
]
CASES = {"edm_loss": [*LIST, *MORE,
          *long({"B": 2, "...": (130,)}, {"B": 1, "...": (1025,)})]}

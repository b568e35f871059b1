"""What is timed: eight workloads at two sizes, and the arrays that every candidate receives."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

Arrays = dict[str, Any]
Program = tuple[Any, Any]  # value() -> scalar or array, gradient() -> (value, {name: array})


@dataclass(frozen=True)
class Size:
    """One problem size; `hidden` lists the hidden widths, `steps` is the number of RK4 steps."""

    batch: int
    inputs: int
    hidden: tuple[int, ...] = ()
    steps: int = 0


WORKLOADS = {
    "gumbel": "Gumbel-softmax and its pullback to the logits and the temperature",
    "mlp": "mean-square loss of an MLP (SiLU), gradient for the parameters",
    "ism": "implicit score matching with the exact trace (SiLU), gradient for the parameters",
    "dsm": "denoising score matching of an MLP (SiLU), gradient for the parameters",
    "sliced": "sliced score matching with reduced variance, one direction (SiLU), gradient for the parameters",
    "shallow": "implicit score matching with one hidden layer (SiLU), gradient for the parameters",
    "ode": "neural ODE by RK4 (tanh), gradient for the initial state and the parameters",
    "ffjord": "FFJORD by RK4 (tanh), one probe, gradient for the parameters",
}
NETWORK = {"tiny": Size(5, 3, (4, 6)), "small": Size(64, 2, (64,) * 2), "medium": Size(512, 64, (256,) * 3)}
SIZES = {
    "gumbel": {"tiny": Size(3, 4), "small": Size(64, 10), "medium": Size(512, 100)},
    **dict.fromkeys(("mlp", "dsm", "sliced", "ism"), NETWORK),
    "shallow": {"tiny": Size(5, 3, (4,)), "small": Size(64, 2, (64,)), "medium": Size(512, 64, (256,))},
    "ode": {
        "tiny": Size(5, 3, (4, 6), 3),
        "small": Size(64, 2, (64,) * 2, 50),
        "medium": Size(512, 64, (256,) * 2, 10),
    },
    "ffjord": {
        "tiny": Size(5, 3, (4, 6), 3),
        "small": Size(64, 2, (64,) * 2, 40),
        "medium": Size(512, 64, (256,) * 2, 8),
    },
}
DTYPES = ("float32", "float64")


def parameters(rng: np.random.Generator, inputs: int, hidden: tuple[int, ...], outputs: int) -> Arrays:
    """W1, b1, …: weights (out, in) of variance 1/in."""
    widths = (inputs, *hidden, outputs)
    theta = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(widths), start=1):
        theta[f"W{layer}"] = rng.normal(size=(fan_out, fan_in)) / np.sqrt(fan_in)
        theta[f"b{layer}"] = 0.1 * rng.normal(size=fan_out)
    return theta


def draw(workload: str, size: Size, dtype: str) -> Arrays:
    """The arrays of one problem, always the same; `theta` is a dict."""
    rng = np.random.default_rng(2021)
    x = rng.normal(size=(size.batch, size.inputs))
    if workload == "gumbel":
        arrays = {"logits": x, "gumbel": rng.gumbel(size=x.shape), "tau": np.asarray(0.7)}
        arrays["y_bar"] = rng.normal(size=x.shape)
    elif workload in ("ode", "ffjord"):
        theta = parameters(rng, size.inputs + 1, size.hidden, size.inputs)
        start = "z0" if workload == "ode" else "x"
        arrays = {start: x, "t0": np.asarray(0.0), "t1": np.asarray(1.0), "theta": theta}
    else:
        arrays = {"x": x, "theta": parameters(rng, size.inputs, size.hidden, size.inputs)}
        if workload == "mlp":
            arrays["target"] = rng.normal(size=x.shape)
        if workload == "dsm":
            arrays |= {"eps": rng.normal(size=x.shape), "sigma": rng.uniform(0.2, 2.0, size=size.batch)}
    if workload in ("sliced", "ffjord"):
        arrays["probe"] = rng.choice([-1.0, 1.0], size=(size.batch, 1, size.inputs))
    return cast(arrays, dtype)


def cast(arrays: Arrays, dtype: str) -> Arrays:
    return {n: cast(a, dtype) if isinstance(a, dict) else a.astype(dtype) for n, a in arrays.items()}

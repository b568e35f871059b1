"""`case("gaussian_kl/013", "torch")`: one certified case as the arrays of a framework, for a debugger or your tests."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from refdgm.cases import flatten, nest
from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check.candidates.answering import received
from refdgm.check.questions import cases as questions
from refdgm.errors import ArgumentError

FRAMEWORKS = ("numpy", "torch", "jax")


@dataclass(frozen=True)
class Asked:
    """A question in one framework's arrays, and the right numbers."""

    arguments: dict[str, Any]  # by name, in the order of the reference; parameters are dicts of arrays
    options: dict[str, Any]  # words, whole numbers, and functions for Fields
    cotangents: dict[str, Any]  # by the name of the output that they belong to
    leaves: dict[str, Any]  # what gradients are asked of, flat: "mean", "theta.W1"
    right: dict[str, Any]  # NumPy float64: "value", "gradient.mean", "gradient.theta.W1"


def case(id: str, framework: str = "numpy") -> Asked:
    """The certified case of this id in float64, as `refdgm explain` tells of it: tensors of torch that require
    gradients, arrays of JAX in double precision, or of NumPy. ArgumentError where there is no such case."""
    name = id.partition("/")[0] if isinstance(id, str) else ""
    if name not in CATALOGUE:
        raise ArgumentError(unknown(name) if name else f'a case is named as in "gaussian_kl/013", got {id!r}')
    ref, every = CATALOGUE[name], questions.shipped(CATALOGUE[name])
    found = {one.id: one for one in every}.get(id)
    if found is None:
        raise ArgumentError(f"{name} has the cases {every[0].id} to {every[-1].id}, got {id!r}")
    if framework not in FRAMEWORKS:
        raise ArgumentError(f"framework must be one of {', '.join(FRAMEWORKS)}, got {framework!r}")
    there = _there(framework)
    flat = {leaf: there(x, leaf.partition(".")[0] in ref.wrt) for leaf, x in flatten(found.arguments()).items()}
    known = {role: x for role, x in found.arrays.items() if role.startswith(("output.", "gradient."))}
    return Asked(
        arguments=nest(flat),
        options={option: received(ref.args[option].known[x], framework) if ref.args[option].field else x
                 for option, x in found.options.items()},
        cotangents={bar: there(x, False) for bar, x in found.role("cotangent").items()},
        leaves={leaf: x for leaf, x in flat.items() if leaf.partition(".")[0] in ref.wrt},
        right={role.removeprefix("output."): x.copy() for role, x in known.items()},
    )


def _there(framework: str) -> Any:
    """From a NumPy array, and whether its gradient is asked for, to one of the framework."""
    if framework == "torch":
        import torch

        return lambda x, asked: torch.tensor(np.asarray(x)).requires_grad_(asked)
    if framework == "jax":
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)
        return lambda x, _: jnp.asarray(x)
    return lambda x, _: x.copy()

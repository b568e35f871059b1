"""Mistakes in a residual block. A ReLU after the addition, as in He et al. (2016), is another block."""

from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.namespace import Array
from refdgm.nets.field import Field
from refdgm.ode.residual_block import residual_block

Theta = dict[str, Array]


# Wrong equations, rightly differentiated


@mistake(residual_block, "value", "gradient.z")
def identity_forgotten(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z⁺ = f(z): a plain layer."""
    f, right = branch.vjp(z, theta)
    return f, lambda bar: (g := right(bar)) and {"z": g["x"], "theta": g["theta"]}


@mistake(residual_block)
def branch_subtracted(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z⁺ = z − f(z): the step backwards in time."""
    f, right = branch.vjp(z, theta)
    return z - f, lambda bar: (g := right(-bar)) and {"z": bar + g["x"], "theta": g["theta"]}


@mistake(residual_block)
def half_a_step(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z⁺ = z + f(z)/2: a step size other than one."""
    f, right = branch.vjp(z, theta)
    return z + f / 2, lambda bar: (g := right(bar / 2)) and {"z": bar + g["x"], "theta": g["theta"]}


@mistake(residual_block)
def applied_twice(z: Array, theta: Theta, *, branch: Field) -> Any:
    """Two blocks of the same parameters in a row."""
    first, outer = residual_block.body(z, theta, branch=branch)
    second, inner = residual_block.body(first, theta, branch=branch)

    def pullback(bar: Array) -> dict[str, Any]:
        late = inner(bar)
        early = outer(late["z"])
        return {"z": early["z"], "theta": {n: early["theta"][n] + x for n, x in late["theta"].items()}}

    return second, pullback


# The value is right, its gradient is not


@mistake(residual_block, "gradient.z")
def cotangent_without_identity(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z̄ = Jᵀλ: the cotangent does not take the short cut."""
    value, right = residual_block.body(z, theta, branch=branch)
    return value, lambda bar: (g := right(bar)) | {"z": g["z"] - bar}


@mistake(residual_block, "gradient.z")
def cotangent_of_the_identity_alone(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z̄ = λ: the branch's input is detached."""
    value, right = residual_block.body(z, theta, branch=branch)
    return value, lambda bar: right(bar) | {"z": bar + 0}


@mistake(residual_block, "gradient.z", "gradient.theta")
def differentiated_where_it_leaves(z: Array, theta: Theta, *, branch: Field) -> Any:
    """The branch is differentiated at z⁺ instead of z: features that were overwritten in place."""
    value, _ = residual_block.body(z, theta, branch=branch)
    return value, residual_block.body(value, theta, branch=branch)[1]


@mistake(residual_block, "gradient.theta")
def cotangent_of_both_paths(z: Array, theta: Theta, *, branch: Field) -> Any:
    """θ̄ is pulled back from z̄ instead of λ: as if the parameters belonged to the block before."""
    value, right = residual_block.body(z, theta, branch=branch)
    return value, lambda bar: (g := right(bar)) | {"theta": right(g["z"])["theta"]}


@mistake(residual_block, "gradient.theta")
def parameters_averaged(z: Array, theta: Theta, *, branch: Field) -> Any:
    """θ̄ is divided by the batch: the parameters are shared by the examples and receive the sum."""
    value, right = residual_block.body(z, theta, branch=branch)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: x / z.shape[0] for n, x in g["theta"].items()}}

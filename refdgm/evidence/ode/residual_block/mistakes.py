"""Mistakes in a residual block. A ReLU after the addition, as in He et al. (2016), is another block."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
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
    """z_bar = Jᵀλ: the cotangent does not take the short cut."""
    value, right = residual_block.body(z, theta, branch=branch)
    return value, lambda bar: (g := right(bar)) | {"z": g["z"] - bar}


@mistake(residual_block, "gradient.z")
def cotangent_of_the_identity_alone(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z_bar = λ: the branch's input is detached."""
    value, right = residual_block.body(z, theta, branch=branch)
    return value, lambda bar: right(bar) | {"z": bar + 0}


@mistake(residual_block, "gradient.z", "gradient.theta")
def differentiated_where_it_leaves(z: Array, theta: Theta, *, branch: Field) -> Any:
    """The branch is differentiated at z⁺ instead of z: features that were overwritten in place."""
    value, _ = residual_block.body(z, theta, branch=branch)
    return value, residual_block.body(value, theta, branch=branch)[1]


@mistake(residual_block, "gradient.theta")
def cotangent_of_both_paths(z: Array, theta: Theta, *, branch: Field) -> Any:
    """θ_bar is pulled back from z_bar instead of λ: as if the parameters belonged to the block before."""
    value, right = residual_block.body(z, theta, branch=branch)
    return value, lambda bar: (g := right(bar)) | {"theta": right(g["z"])["theta"]}


@mistake(residual_block, "gradient.theta")
def parameters_averaged(z: Array, theta: Theta, *, branch: Field) -> Any:
    """θ_bar is divided by the batch: the parameters are shared by the examples and receive the sum."""
    value, right = residual_block.body(z, theta, branch=branch)
    return value, lambda bar: (g := right(bar)) | {"theta": {n: x / z.shape[0] for n, x in g["theta"].items()}}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(residual_block, blind=True)
def clamped_to_half_precision(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z⁺ is clamped to ±65504, the largest number of half precision, in every precision."""
    xp = namespace(z)
    value, right = residual_block.body(z, theta, branch=branch)
    inside = xp.abs(value) <= 65504
    clamped = xp.where(inside, value, xp.sign(value) * 65504)
    return clamped, lambda bar: right(xp.where(inside, bar, xp.zeros_like(bar)))


@mistake(residual_block, "gradient.z", blind=True)
def jacobian_not_transposed(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z_bar = λ + J λ; right where the Jacobian is symmetric, and for ReLU, which has no tangent."""
    value, right = residual_block.body(z, theta, branch=branch)
    if branch.name == "mlp_relu":
        return value, right

    def pullback(bar: Array) -> dict[str, Any]:
        (_, product), _ = branch.jvp(z, bar[:, None, :], theta)
        return right(bar) | {"z": bar + product[:, 0, :]}

    return value, pullback


@mistake(residual_block, "gradient.theta", blind=True)
def biases_averaged(z: Array, theta: Theta, *, branch: Field) -> Any:
    """The gradient of a bias is the mean over the batch where it is a sum, that of a weight is right."""
    value, right = residual_block.body(z, theta, branch=branch)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {n: x / z.shape[0] if x.ndim == 1 else x for n, x in g["theta"].items()}}

    return value, pullback


@mistake(residual_block, "gradient.theta", blind=True)
def odd_example_dropped(z: Array, theta: Theta, *, branch: Field) -> Any:
    """θ_bar is summed over pairs of examples, and the last example of an odd batch is left out."""
    xp = namespace(z)
    value, right = residual_block.body(z, theta, branch=branch)

    def pullback(bar: Array) -> dict[str, Any]:
        pairs = bar.shape[0] // 2 * 2
        paired = xp.concat([bar[:pairs], xp.zeros_like(bar[pairs:])], axis=0)
        return right(bar) | {"theta": right(paired)["theta"]}

    return value, pullback

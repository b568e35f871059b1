"""Mistakes in a power iteration, and in a matrix over its largest singular value."""

from typing import Any

from refdgm.adversarial.power_iteration import power_iteration, spectral_normalization
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

ROUNDS, BODY = power_iteration.body, spectral_normalization.body


def unit(a: Array) -> Array:
    xp = namespace(a)
    return a / xp.sqrt(xp.sum(a * a))


def turned(W: Array) -> Array:
    """A square matrix the wrong way round; others would not fit and stay."""
    return W.T if W.shape[0] == W.shape[1] else W


@mistake(power_iteration)
def one_round_more(W: Array, u: Array, *, iterations: int) -> Any:
    """T + 1 rounds: the one before the loop is forgotten."""
    return ROUNDS(W, u, iterations=iterations + 1)


@mistake(power_iteration, "v_next")
def input_side_not_normalised(W: Array, u: Array, *, iterations: int) -> Any:
    """v = Wᵀu, of any length; u is right."""
    for _ in range(iterations):
        v = u @ W
        u = unit(W @ v)
    return u, v


@mistake(power_iteration, "u_next")
def output_side_not_normalised(W: Array, u: Array, *, iterations: int) -> Any:
    """u = Wv, of the length σ; v is right."""
    for _ in range(iterations):
        v = unit(u @ W)
        u = W @ v
    return u, v


@mistake(power_iteration)
def sum_of_magnitudes(W: Array, u: Array, *, iterations: int) -> Any:
    """Divided by Σ |·|."""
    xp = namespace(W)
    u, v = ROUNDS(W, u, iterations=iterations)
    return u / xp.sum(xp.abs(u)), v / xp.sum(xp.abs(v))


@mistake(power_iteration)
def squared_length(W: Array, u: Array, *, iterations: int) -> Any:
    """Divided by ‖·‖², the root forgotten."""
    xp = namespace(W)
    for _ in range(iterations):
        v = u @ W
        v = v / xp.sum(v * v)
        u = W @ v
        u = u / xp.sum(u * u)
    return u, v


@mistake(power_iteration)
def square_weights_transposed(W: Array, u: Array, *, iterations: int) -> Any:
    """The sides are exchanged: only weights that are not square complain."""
    return ROUNDS(turned(W), u, iterations=iterations)


@mistake(power_iteration, "v_next", blind=True)
def input_side_of_the_next_round(W: Array, u: Array, *, iterations: int) -> Any:
    """v from the new u: half a round ahead of it, so that u is not Wv."""
    u, _ = ROUNDS(W, u, iterations=iterations)
    return u, unit(u @ W)


@mistake(power_iteration, blind=True)
def kept_from_zero(W: Array, u: Array, *, iterations: int) -> Any:
    """‖·‖ + 10⁻⁴: small weights get vectors that are too short."""
    xp = namespace(W)
    shorter = lambda a: a / (xp.sqrt(xp.sum(a * a)) + 1e-4)
    for _ in range(iterations):
        v = shorter(u @ W)
        u = shorter(W @ v)
    return u, v


@mistake(power_iteration, "u_next", blind=True)
def one_side_turned(W: Array, u: Array, *, iterations: int) -> Any:
    """u is turned so that its entries sum to something negative, v is not: σ changes its sign."""
    xp = namespace(W)
    u, v = ROUNDS(W, u, iterations=iterations)
    return xp.where(xp.sum(u) > 0, -u, u), v


# --- W / σ ----------------------------------------------------------------------------------------


def divided(W: Array, sigma: Array, slope: Array) -> Any:
    """W / σ for a σ with this slope, rightly differentiated."""
    xp = namespace(W)
    value = W / sigma
    return (value, sigma), lambda bar, sigma_bar: {
        "W": bar / sigma + (sigma_bar - xp.sum(bar * value) / sigma) * slope}


@mistake(spectral_normalization)
def frobenius(W: Array, u: Array, v: Array) -> Any:
    """The length of all weights for the largest singular value."""
    xp = namespace(W)
    sigma = xp.sqrt(xp.sum(W * W))
    return divided(W, sigma, W / sigma)


@mistake(spectral_normalization)
def length_of_the_image(W: Array, u: Array, v: Array) -> Any:
    """‖Wv‖, whatever u is: right where u is Wv of length one, and not for the u of the step before."""
    xp = namespace(W)
    image = W @ v
    sigma = xp.sqrt(xp.sum(image * image))
    return divided(W, sigma, (image / sigma)[:, None] * v[None, :])


@mistake(spectral_normalization, "normalized", "gradient.W")
def divided_by_the_square(W: Array, u: Array, v: Array) -> Any:
    """W / σ², where the eigenvalue of W Wᵀ is taken for the singular value; σ is reported."""
    xp = namespace(W)
    sigma = xp.sum(u * (W @ v))
    value = W / sigma**2
    return (value, sigma), lambda bar, sigma_bar: {
        "W": bar / sigma**2 + (sigma_bar - 2 * xp.sum(bar * value) / sigma) * (u[:, None] * v[None, :])}


@mistake(spectral_normalization, "normalized")
def multiplied(W: Array, u: Array, v: Array) -> Any:
    """W σ; the gradient is that of W / σ."""
    (_, sigma), right = BODY(W, u, v)
    return (W * sigma, sigma), right


@mistake(spectral_normalization)
def square_weights_turned(W: Array, u: Array, v: Array) -> Any:
    """uᵀWᵀv: only weights that are not square complain."""
    xp = namespace(W)
    square = W.shape[0] == W.shape[1]
    outer = v[:, None] * u[None, :] if square else u[:, None] * v[None, :]
    return divided(W, xp.sum(W * outer), outer)


@mistake(spectral_normalization, "gradient.W")
def correction_added(W: Array, u: Array, v: Array) -> Any:
    """Y_bar/σ + ⟨Y_bar, Y⟩/σ u vᵀ: the sign of a quotient's second term."""
    xp = namespace(W)
    (value, sigma), _ = BODY(W, u, v)
    return (value, sigma), lambda bar, sigma_bar: {
        "W": bar / sigma + (sigma_bar + xp.sum(bar * value) / sigma) * (u[:, None] * v[None, :])}


@mistake(spectral_normalization, "gradient.W")
def correction_with_the_weights(W: Array, u: Array, v: Array) -> Any:
    """⟨Y_bar, W⟩/σ for ⟨Y_bar, Y⟩/σ: one σ is missing."""
    xp = namespace(W)
    (value, sigma), _ = BODY(W, u, v)
    return (value, sigma), lambda bar, sigma_bar: {
        "W": bar / sigma + (sigma_bar - xp.sum(bar * W) / sigma) * (u[:, None] * v[None, :])}


@mistake(spectral_normalization, "gradient.W")
def sigma_without_gradient(W: Array, u: Array, v: Array) -> Any:
    """σ_bar is dropped: σ is reported as a number."""
    value, right = BODY(W, u, v)
    return value, lambda bar, sigma_bar: right(bar, 0 * sigma_bar)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(spectral_normalization, "gradient.W", seen="pytorch/pytorch #6929; rdevon/cortex #57", blind=True)
def divisor_held(W: Array, u: Array, v: Array) -> Any:
    """Y_bar/σ: the data are divided, and the graph does not see it; weights grow without an end."""
    value, _ = BODY(W, u, v)
    return value, lambda bar, sigma_bar: {"W": bar / value[1] + sigma_bar * (u[:, None] * v[None, :])}


@mistake(spectral_normalization, "gradient.W", blind=True)
def outer_product_turned(W: Array, u: Array, v: Array) -> Any:
    """v uᵀ for u vᵀ: only weights that are not square complain."""
    value, right = BODY(W, u, v)
    if W.shape[0] != W.shape[1]:
        return value, right

    def pullback(bar: Array, sigma_bar: Array) -> dict[str, Array]:
        plain = bar / value[1]
        return {"W": plain + (right(bar, sigma_bar)["W"] - plain).T}

    return value, pullback


@mistake(spectral_normalization, "normalized", blind=True)
def never_lengthened(W: Array, u: Array, v: Array) -> Any:
    """W / max(1, σ), the bound of Lipschitz constants, with the gradient of W / σ."""
    xp = namespace(W)
    (_, sigma), right = BODY(W, u, v)
    return (W / xp.maximum(sigma, xp.ones_like(sigma)), sigma), right

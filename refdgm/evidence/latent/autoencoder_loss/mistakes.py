"""Mistakes in the loss of an autoencoder. A loss without ½, or a mean over components, is a convention and none."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.autoencoder_loss import autoencoder_loss
from refdgm.namespace import Array, namespace

BODY = autoencoder_loss.body
Theta = dict[str, Array]


def of_distance(x: Array, phi: Theta, theta: Theta, encoder: Any, decoder: Any, distance: Any) -> Any:
    """Σ distance(f(g(x)) − x), of a function that gives itself and its slope, rightly differentiated."""
    code, front = encoder.vjp(x, phi)
    out, back = decoder.vjp(code, theta)
    each, slope = distance(out - x)

    def pullback(bar: Array) -> dict[str, Any]:
        away = bar[:, None] * slope
        of_decoder = back(away)
        of_encoder = front(of_decoder["x"])
        return {"x": of_encoder["x"] - away, "phi": of_encoder["theta"], "theta": of_decoder["theta"]}

    return namespace(x).sum(each, axis=-1), pullback


# Wrong equations, rightly differentiated


@mistake(autoencoder_loss)
def absolute_distance(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """Σ |r|: the median of what may come back, where the mean is asked for."""
    xp = namespace(x)
    return of_distance(x, phi, theta, encoder, decoder, lambda r: (xp.abs(r), xp.sign(r)))


@mistake(autoencoder_loss)
def length_for_its_square(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """‖r‖: the root of a norm is left in."""
    xp = namespace(x)
    value, right = BODY(x, phi, theta, encoder=encoder, decoder=decoder)
    norm = xp.sqrt(2 * value)
    return norm, lambda bar: right(bar / norm)


@mistake(autoencoder_loss, "value")
def whole_square_reported(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """‖r‖² is reported, with the gradients of its half."""
    value, right = BODY(x, phi, theta, encoder=encoder, decoder=decoder)
    return 2 * value, right


@mistake(autoencoder_loss, "value")
def energy_of_the_reconstruction(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """½ ‖f‖² for ½ ‖f − x‖²: the target is lost from what is reported."""
    out = decoder.value(encoder.value(x, phi), theta)
    value = namespace(x).sum(out * out, axis=-1) / 2
    return value, BODY(x, phi, theta, encoder=encoder, decoder=decoder)[1]


# The value is right, a gradient is not


@mistake(autoencoder_loss, "gradient.x", "gradient.phi", "gradient.theta")
def half_without_its_two(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """J_bar r/2: the square is not differentiated, the ½ stays."""
    value, right = BODY(x, phi, theta, encoder=encoder, decoder=decoder)
    return value, lambda bar: right(bar / 2)


@mistake(autoencoder_loss, "gradient.x")
def data_not_a_target(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """x_bar = (∂g/∂x)ᵀ z_bar: the way past the networks is forgotten."""
    value, right = BODY(x, phi, theta, encoder=encoder, decoder=decoder)
    apart = decoder.value(encoder.value(x, phi), theta) - x
    return value, lambda bar: (g := right(bar)) | {"x": g["x"] + bar[:, None] * apart}


@mistake(autoencoder_loss, "gradient.x")
def data_not_encoded(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """x_bar = −J_bar r: the way through the networks is forgotten."""
    value, right = BODY(x, phi, theta, encoder=encoder, decoder=decoder)
    apart = decoder.value(encoder.value(x, phi), theta) - x
    return value, lambda bar: right(bar) | {"x": -bar[:, None] * apart}


@mistake(autoencoder_loss, "gradient.x", "gradient.phi")
def code_detached(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """The decoder learns to read a code that nobody teaches."""
    value, right = BODY(x, phi, theta, encoder=encoder, decoder=decoder)
    apart = decoder.value(encoder.value(x, phi), theta) - x

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"x": -bar[:, None] * apart, "phi": {name: 0 * entry for name, entry in g["phi"].items()}}

    return value, pullback


@mistake(autoencoder_loss, "gradient.theta")
def decoder_detached(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """θ_bar = 0, as of a decoder that is frozen."""
    value, right = BODY(x, phi, theta, encoder=encoder, decoder=decoder)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {name: 0 * entry for name, entry in g["theta"].items()}}

    return value, pullback


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(autoencoder_loss, "gradient.x", "gradient.phi", "gradient.theta", seen="rail-berkeley/rlkit #119", blind=True)
def output_taken_for_the_target(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """Target and output change places, and no gradient goes into a target: only x_bar is left, past the networks."""
    value, _ = BODY(x, phi, theta, encoder=encoder, decoder=decoder)
    apart = decoder.value(encoder.value(x, phi), theta) - x

    def pullback(bar: Array) -> dict[str, Any]:
        nothing = lambda part: {name: 0 * entry for name, entry in part.items()}
        return {"x": -bar[:, None] * apart, "phi": nothing(phi), "theta": nothing(theta)}

    return value, pullback


@mistake(autoencoder_loss, "gradient.x", "gradient.phi", "gradient.theta", blind=True)
def mean_in_the_gradient(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """The sum over components is reported, their mean differentiated; right for one."""
    value, right = BODY(x, phi, theta, encoder=encoder, decoder=decoder)
    return value, lambda bar: right(bar / max(x.shape[1], 1))


@mistake(autoencoder_loss, blind=True)
def huber(x: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any) -> Any:
    """½ r² up to |r| = ½, and the tangent from there on: a smooth absolute value by the name of a square."""
    xp = namespace(x)

    def distance(r: Array) -> tuple[Array, Array]:
        cut = xp.maximum(xp.minimum(r, 0.5), -0.5)
        return cut * (r - cut / 2), cut

    return of_distance(x, phi, theta, encoder, decoder, distance)

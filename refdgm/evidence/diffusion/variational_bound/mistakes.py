"""Mistakes in the variational bound as a whole."""

from collections.abc import Sequence
from typing import Any

from refdgm.diffusion.linear_schedule import alpha_products
from refdgm.diffusion.prior_loss import prior_loss, reconstruction_loss
from refdgm.diffusion.variational_bound import variational_bound
from refdgm.diffusion.variational_loss import variational_loss
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.bound import multiplied, times, without
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import inner

RIGHT = variational_bound.body


def at(steps: int, t: int, x: Array, axis: int) -> Array:
    """`x` in the place of step t, zero in those of the others."""
    xp = namespace(x)
    return xp.stack([x if i == t else xp.zeros_like(x) for i in range(steps)], axis=axis)


def terms(prediction: Array, x0: Array, eps: Array, beta: Array, variance: str, late: int = 0) -> list[Any]:
    """L_0, L_1 … L_{T−1}, L_T, each with its pullback; `late` moves the index of ᾱ_{t−1}."""
    xp, steps = namespace(x0), beta.shape[0]
    (alpha_prod, _), to_beta = alpha_products.body(beta)
    each = xp.ones_like(x0[(slice(None), *[0] * (x0.ndim - 1))])

    def term(t: int, found: Any, product: int) -> Any:
        """Of step t, and of ᾱ at index `product`."""
        value, right = found

        def pullback(bar: Array) -> dict[str, Array]:
            g = right(bar)
            own = at(steps, t, xp.sum(g["beta"]), 0) if "beta" in g else xp.zeros_like(beta)
            name = "alpha_prod" if "alpha_prod" in g else "alpha_prod_prev"
            if name in g:
                through = at(steps, product, xp.sum(g[name]), 0)
                own = own + to_beta(through, xp.zeros_like(through))["beta"]
            return {
                "prediction": at(steps, t, g["prediction"], 1) if "prediction" in g else xp.zeros_like(prediction),
                "x0": g.get("x0", xp.zeros_like(x0)),
                "beta": own,
            }

        return value, pullback

    found = [term(0, reconstruction_loss.body(prediction[:, 0, ...], eps[:, 0, ...], beta[0] * each), 0)]
    for t in range(1, steps):
        before = alpha_prod[t - 1 + late] * each
        found.append(term(t, variational_loss.body(prediction[:, t, ...], eps[:, t, ...], beta[t] * each, before,
                                                   variance=variance), t - 1 + late))
    return [*found, term(0, prior_loss.body(x0, alpha_prod[steps - 1] * each), steps - 1)]


def weighted(found: list[Any], weights: Sequence[float]) -> Any:
    """The sum of the terms with these weights."""

    def pullback(bar: Array) -> dict[str, Array]:
        each = [right(weight * bar) for weight, (_, right) in zip(weights, found, strict=True)]
        return {name: sum((g[name] for g in each[1:]), each[0][name]) for name in each[0]}

    values = [weight * value for weight, (value, _) in zip(weights, found, strict=True)]
    return sum(values[1:], values[0]), pullback


@mistake(variational_bound)
def averaged_over_steps(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """The average over t, as training on a random t has it, for the sum."""
    return multiplied(RIGHT(prediction, x0, eps, beta, variance=variance), 1 / beta.shape[0])


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta")
def middle_averaged(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """The two ends whole, and of the terms between them the average."""
    between = beta.shape[0] - 1
    return weighted(terms(prediction, x0, eps, beta, variance), [1.0, *[1 / max(between, 1)] * between, 1.0])


@mistake(variational_bound, "value", "gradient.x0", "gradient.beta")
def prior_left_out(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """No L_T: it has no parameters of the network, but the bound has it."""
    return weighted(terms(prediction, x0, eps, beta, variance), [*[1.0] * beta.shape[0], 0.0])


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta")
def decoder_left_out(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """No L_0: the sum begins at t = 2."""
    return weighted(terms(prediction, x0, eps, beta, variance), [0.0, *[1.0] * beta.shape[0]])


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta")
def products_one_step_late(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """ᾱ_t for ᾱ_{t−1} in every L_{t−1}."""
    return weighted(terms(prediction, x0, eps, beta, variance, late=1), [1.0] * (beta.shape[0] + 1))


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta")
def schedule_backwards(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """β_T first: steps counted from the noise."""
    xp = namespace(x0)
    value, right = RIGHT(prediction, x0, eps, xp.flip(beta), variance=variance)
    return value, lambda bar: (g := right(bar)) | {"beta": xp.flip(g["beta"])}


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta")
def always_of_the_posterior(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """σ² = β_tilde whatever was chosen."""
    return RIGHT(prediction, x0, eps, beta, variance="posterior")


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta")
def simple_between_the_ends(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """‖ε_hat − ε‖² at t ≥ 2, without weights and constants."""
    xp = namespace(x0)
    found = terms(prediction, x0, eps, beta, variance)
    ends = weighted([found[0], found[-1]], [1.0, 1.0])
    residual = xp.concat([xp.zeros_like(eps[:, :1, ...]), (prediction - eps)[:, 1:, ...]], axis=1)

    def pullback(bar: Array) -> dict[str, Array]:
        g = ends[1](bar)
        each = xp.reshape(bar, (bar.shape[0], *(1 for _ in residual.shape[1:])))
        return g | {"prediction": g["prediction"] + 2 * each * residual}

    return ends[0] + inner(residual, residual), pullback


@mistake(variational_bound, "gradient.beta")
def whole_schedule_detached(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """A learned schedule that receives no gradient."""
    return without(RIGHT(prediction, x0, eps, beta, variance=variance), "beta")


@mistake(variational_bound, "gradient.beta")
def products_detached(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """Each β moves its own term, but not ᾱ of the later ones."""
    xp, steps = namespace(x0), beta.shape[0]
    (alpha_prod, _), to_beta = alpha_products.body(beta)
    each = xp.ones_like(x0[(slice(None), *[0] * (x0.ndim - 1))])
    value, right = RIGHT(prediction, x0, eps, beta, variance=variance)

    def pullback(bar: Array) -> dict[str, Array]:
        of_products = [
            xp.sum(variational_loss.body(prediction[:, t, ...], eps[:, t, ...], beta[t] * each,
                                         alpha_prod[t - 1] * each, variance=variance)[1](bar)["alpha_prod_prev"])
            for t in range(1, steps)
        ]
        last = xp.sum(prior_loss.body(x0, alpha_prod[steps - 1] * each)[1](bar)["alpha_prod"])
        through = xp.stack([*of_products, last])
        return (g := right(bar)) | {"beta": g["beta"] - to_beta(through, xp.zeros_like(through))["beta"]}

    return value, pullback


@mistake(variational_bound, "gradient.beta")
def schedule_gradient_averaged(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """The mean over the batch in β_bar, where every example adds what it has."""
    return times(RIGHT(prediction, x0, eps, beta, variance=variance), "beta", 1 / max(x0.shape[0], 1))


@mistake(variational_bound, "gradient.prediction")
def whole_prediction_halved(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """J_bar w_t (ε_hat_t − ε_t): the 2 of the square's derivative is forgotten."""
    return times(RIGHT(prediction, x0, eps, beta, variance=variance), "prediction", 0.5)


@mistake(variational_bound, "gradient.x0")
def data_detached(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """L_T is taken for a constant of the data."""
    return without(RIGHT(prediction, x0, eps, beta, variance=variance), "x0")


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta")
def steps_before_examples(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """(T, B, …) read as (B, T, …): it only runs, wrongly, where there are as many steps as examples."""
    if beta.shape[0] != x0.shape[0]:
        return RIGHT(prediction, x0, eps, beta, variance=variance)
    xp = namespace(x0)
    order = (1, 0, *range(2, prediction.ndim))
    exchanged = xp.permute_dims(prediction, order), x0, xp.permute_dims(eps, order), beta
    value, right = RIGHT(*exchanged, variance=variance)
    return value, lambda bar: (g := right(bar)) | {"prediction": xp.permute_dims(g["prediction"], order)}


PRIOR = prior_loss.body
WHOLE = variational_bound.body


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(variational_bound, "value", "gradient.prediction", "gradient.beta", blind=True)
def last_divergence_left_out(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """The sum of L_{t−1} ends at T − 1: the step from the noisiest state is not among them."""
    steps = beta.shape[0]
    if steps == 1:
        return WHOLE(prediction, x0, eps, beta, variance=variance)
    return weighted(terms(prediction, x0, eps, beta, variance), [*[1.0] * (steps - 1), 0.0, 1.0])


@mistake(variational_bound, "value", "gradient.x0", "gradient.beta", blind=True)
def prior_of_the_first_state(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """L_T is taken at ᾱ_1: the table is read from the wrong end."""
    xp, steps = namespace(x0), beta.shape[0]
    if steps == 1:
        return WHOLE(prediction, x0, eps, beta, variance=variance)
    each = xp.ones_like(x0[(slice(None), *[0] * (x0.ndim - 1))])
    loss, right = weighted(terms(prediction, x0, eps, beta, variance), [*[1.0] * steps, 0.0])
    prior, of_prior = PRIOR(x0, (1 - beta[0]) * each)

    def pullback(bar: Array) -> dict[str, Array]:
        g, more = right(bar), of_prior(bar)
        return g | {
            "x0": g["x0"] + more["x0"],
            "beta": g["beta"] - at(steps, 0, xp.sum(more["alpha_prod"]), 0),
        }

    return loss + prior, pullback


@mistake(variational_bound, "gradient.beta", blind=True)
def prior_held_in_the_schedule(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """L_T passes nothing on to β, as where it is taken for a constant of training."""
    xp, steps = namespace(x0), beta.shape[0]
    each = xp.ones_like(x0[(slice(None), *[0] * (x0.ndim - 1))])
    loss, right = WHOLE(prediction, x0, eps, beta, variance=variance)
    (alpha_prod, _), to_beta = alpha_products.body(beta)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        last = at(steps, steps - 1, xp.sum(PRIOR(x0, alpha_prod[-1] * each)[1](bar)["alpha_prod"]), 0)
        return g | {"beta": g["beta"] - to_beta(last, xp.zeros_like(last))["beta"]}

    return loss, pullback


@mistake(variational_bound, "gradient.prediction", blind=True)
def decoder_detached(prediction: Array, x0: Array, eps: Array, beta: Array, *, variance: str) -> Any:
    """L_0 is evaluated without gradient, and the network learns nothing at t = 1."""
    xp = namespace(x0)
    loss, right = WHOLE(prediction, x0, eps, beta, variance=variance)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        first, later = g["prediction"][:, :1, ...], g["prediction"][:, 1:, ...]
        return g | {"prediction": xp.concat([xp.zeros_like(first), later], axis=1)}

    return loss, pullback

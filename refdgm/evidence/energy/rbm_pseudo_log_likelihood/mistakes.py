"""Mistakes in the pseudo-log-likelihood of a restricted machine. A loss, and a mean over units, are conventions."""

from collections.abc import Callable
from typing import Any

from refdgm.energy.rbm_conditionals import rbm_conditionals
from refdgm.energy.rbm_free_energy import rbm_free_energy
from refdgm.energy.rbm_pseudo_log_likelihood import rbm_pseudo_log_likelihood
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.restricted import turned
from refdgm.namespace import Array, namespace
from refdgm.primitives.softplus import softplus

BODY, FREE = rbm_pseudo_log_likelihood.body, rbm_free_energy.body
NAMES = ("W", "b", "c")


def unit(v: Array, i: int) -> Array:
    xp = namespace(v)
    return xp.astype(xp.arange(v.shape[1], device=v.device) == i, v.dtype)


def of_odds(v: Array, W: Array, b: Array, c: Array, others: list[Array], term: Callable[[Array], Any]) -> Any:
    """Σ_i f(F(v) − F(of the i-th other)); `term` gives f and its pullback."""
    here, of_here = FREE(v, W, b, c)
    there = [FREE(other, W, b, c) for other in others]
    terms = [term(here - energy) for energy, _ in there]

    def pullback(bar: Array) -> dict[str, Array]:
        slopes = [right(bar) for _, right in terms]
        g = of_here(sum(slopes, 0 * bar))
        away = [back(-slope) for slope, (_, back) in zip(slopes, there, strict=True)]
        return {name: sum((one[name] for one in away), g[name]) for name in NAMES}

    return sum((value for value, _ in terms), 0 * here), pullback


def minus_softplus(d: Array) -> Any:
    value, right = softplus.body(d)
    return -value, lambda bar: -right(bar)["x"]


def flips(v: Array) -> list[Array]:
    return [v + (1 - 2 * v) * unit(v, i) for i in range(v.shape[1])]


# Wrong equations, rightly differentiated


@mistake(rbm_pseudo_log_likelihood)
def all_turned_at_once(v: Array, W: Array, b: Array, c: Array) -> Any:
    """One comparison, with 1 − v: all units are turned over together; right for one visible unit."""
    return of_odds(v, W, b, c, [1 - v], minus_softplus)


@mistake(rbm_pseudo_log_likelihood)
def difference_turned(v: Array, W: Array, b: Array, c: Array) -> Any:
    """log σ(F(v) − F(turned)): high where the data are unlikely."""

    def term(d: Array) -> Any:
        value, right = minus_softplus(-d)
        return value, lambda bar: -right(bar)

    return of_odds(v, W, b, c, flips(v), term)


@mistake(rbm_pseudo_log_likelihood)
def probabilities_for_their_logarithms(v: Array, W: Array, b: Array, c: Array) -> Any:
    """Σ σ(−d): how many units are foretold."""

    def term(d: Array) -> Any:
        xp = namespace(d)
        value = 1 / (1 + xp.exp(d))
        return value, lambda bar: -bar * value * (1 - value)

    return of_odds(v, W, b, c, flips(v), term)


@mistake(rbm_pseudo_log_likelihood)
def put_out_and_not_turned(v: Array, W: Array, b: Array, c: Array) -> Any:
    """Each unit is set to 0 in turn; for units that are off already nothing is compared."""
    return of_odds(v, W, b, c, [v * (1 - unit(v, i)) for i in range(v.shape[1])], minus_softplus)


@mistake(rbm_pseudo_log_likelihood)
def visible_biases_forgotten(v: Array, W: Array, b: Array, c: Array) -> Any:
    """d without ε b."""
    value, right = BODY(v, W, 0 * b, c)
    return value, lambda bar: (g := right(bar)) | {"b": 0 * g["b"]}


@mistake(rbm_pseudo_log_likelihood)
def square_weights_transposed(v: Array, W: Array, b: Array, c: Array) -> Any:
    """W for Wᵀ; only weights that are not square complain."""
    value, right = BODY(v, turned(W), b, c)
    return value, lambda bar: (g := right(bar)) | {"W": turned(g["W"])}


# The value is right, a gradient is not


@mistake(rbm_pseudo_log_likelihood, "gradient.W")
def turned_states_held(v: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar with v in both phases, where the second has the turned state."""
    xp = namespace(v)
    value, right = BODY(v, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        each = [right(bar * unit(bar[None], n))["c"] for n in range(v.shape[0])]
        g = right(bar)
        return g | {"W": sum((c_bar[:, None] * v[n, :][None, :] for n, c_bar in enumerate(each)), xp.zeros_like(W))}

    return value, pullback


@mistake(rbm_pseudo_log_likelihood, "gradient.b")
def sign_of_the_turn_forgotten(v: Array, W: Array, b: Array, c: Array) -> Any:
    """b_bar as if every unit were turned on: that of 1 − v where v is on."""
    xp = namespace(v)
    value, right = BODY(v, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        here, of = FREE(v, W, b, c)[0], []
        for i, other in enumerate(flips(v)):
            d = here - FREE(other, W, b, c)[0]
            of.append(-xp.sum(softplus.body(d)[1](bar)["x"] * xp.ones_like(v[:, i])))
        return right(bar) | {"b": xp.stack(of)}

    return value, pullback


@mistake(rbm_pseudo_log_likelihood, "gradient.c")
def first_phase_forgotten(v: Array, W: Array, b: Array, c: Array) -> Any:
    """c_bar of the turned states alone."""
    xp = namespace(v)
    value, right = BODY(v, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        here, total = FREE(v, W, b, c)[0], xp.zeros_like(c)
        for other in flips(v):
            there, back = FREE(other, W, b, c)
            total = total + back(softplus.body(here - there)[1](bar)["x"])["c"]
        return right(bar) | {"c": total}

    return value, pullback


@mistake(rbm_pseudo_log_likelihood, "gradient.W")
def weight_gradient_averaged(v: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar is a mean over the batch, b_bar and c_bar are sums; right for one example."""
    value, right = BODY(v, W, b, c)
    return value, lambda bar: (g := right(bar)) | {"W": g["W"] / max(bar.shape[0], 1)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(rbm_pseudo_log_likelihood, blind=True)
def one_unit_for_all(v: Array, W: Array, b: Array, c: Array) -> Any:
    """D times the term of the first unit, always the same one; right for one visible unit."""
    value, right = of_odds(v, W, b, c, flips(v)[:1], minus_softplus)
    return v.shape[1] * value, lambda bar: right(v.shape[1] * bar)


@mistake(rbm_pseudo_log_likelihood, blind=True)
def reconstruction_likelihood(v: Array, W: Array, b: Array, c: Array) -> Any:
    """Σ log P(v_i | the hidden means): a unit helps to foretell itself."""
    xp = namespace(v)
    (hidden, _), first = rbm_conditionals.body(v, 0 * (v @ W.T), W, b, c)
    e = hidden @ W + b
    value = -xp.sum(v * softplus.body(-e)[0] + (1 - v) * softplus.body(e)[0], axis=-1)

    def pullback(bar: Array) -> dict[str, Array]:
        mean = softplus.body(e)[1](0 * e + 1)["x"]
        e_bar = bar[:, None] * (v - mean)
        g = first(e_bar @ W.T, 0 * e)
        return {"W": g["W"] + hidden.T @ e_bar, "b": xp.sum(e_bar, axis=0), "c": g["c"]}

    return value, pullback


@mistake(rbm_pseudo_log_likelihood, "gradient.b", "gradient.c", blind=True)
def biases_averaged(v: Array, W: Array, b: Array, c: Array) -> Any:
    """b_bar and c_bar are means over the batch, W_bar is a sum; right for one example."""
    value, right = BODY(v, W, b, c)
    many = max(v.shape[0], 1)
    return value, lambda bar: (g := right(bar)) | {"b": g["b"] / many, "c": g["c"] / many}

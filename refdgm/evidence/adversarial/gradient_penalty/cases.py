"""Penalties of a slope: every critic, steep ones and flat ones."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.ask import Ask, put, scaled, thirds

NOTES = {
    "two_sided": "slopes below one cost too",
    "one_sided": "only slopes above one cost",
    "slopes_below": "a critic flatter than one: the sides differ, and the slope's sign turns",
    "linear_critic": "one slope everywhere: no gradient for data and samples",
    "bent_critic": "the gradient needs the second derivative of the activation",
    "end_shares": "shares of exactly 0 and 1: the point is a sample, or a datum",
    "one_share": "one share for all: who draws a single one is right",
    "deep_critic": "several hidden layers: what one hands to the other (some sizes repeat)",
    "full": "numbers that use all bits of a float64: products and sums round",
}
CRITICS = ("mlp_tanh", "mlp_softplus", "mlp_silu", "linear")
SIZES = {"B": 5, "D": 3, "hidden": (7,)}
SQUARE = {"B": 3, "D": 3, "hidden": (3,)}


AS_WIDE = {"B": 5, "D": 3, "hidden": (3,)}


def ask(comment: str, critic: str, sides: str, *flags: str, sizes: Any = SIZES, regime: str = "unit",
        change: Callable[..., Any] | None = None) -> Ask:
    return Ask(f"{comment}: {critic}, {sides}-sided",
               (*(flags or ("primes",)), f"{sides}_sided", "linear_critic" if critic == "linear" else "bent_critic"),
               regime, sizes, {"critic": critic, "sides": sides}, change)


def flat(comment: str, critic: str, *flags: str, sizes: Any = SIZES, regime: str = "unit",
         change: Callable[..., Any] | None = None) -> Ask:
    return Ask(f"{comment}: {critic}",
               (*(flags or ("primes",)), "linear_critic" if critic == "linear" else "bent_critic"),
               regime, sizes, {"critic": critic}, change)


def steeper(by: float, critic: str) -> Callable[..., Any]:
    """The first layer times a power of two."""
    return scaled(by, "theta.A" if critic == "linear" else "theta.W1")


CASES = {"gradient_penalty": [
    *[ask("slopes of about one", name, sides) for name in CRITICS for sides in ("two", "one")],
    *[ask("steep", name, "one", "primes", sizes={"B": 7, "D": 2, "hidden": (5,)}, change=steeper(4.0, name))
      for name in CRITICS],
    *[ask("flat", name, sides, "primes", "slopes_below", change=steeper(1 / 8, name))
      for name, sides in zip(CRITICS, ("two", "one") * 2, strict=True)],
    *[ask("all sizes equal", name, sides, "square", sizes=SQUARE)
      for name, sides in zip(CRITICS, ("one", "two") * 2, strict=True)],
    ask("shares of 0 and 1", "mlp_tanh", "two", "primes", "end_shares", change=put(u=[0, 1, 1, 0, 1])),
    ask("one share", "mlp_silu", "two", "primes", "one_share", change=put(u=[0.375] * 5)),
    ask("two hidden layers", "mlp_tanh", "two", "deep_critic", sizes=SIZES | {"hidden": (7, 5)}),
    ask("two hidden layers of one width", "mlp_silu", "one", "deep_critic", sizes=SIZES | {"hidden": (5, 5)}),
    ask("three hidden layers", "mlp_softplus", "two", "deep_critic", sizes=SIZES | {"hidden": (5, 7, 2)}),
    ask("one example", "mlp_tanh", "two", "single_example", sizes=SIZES | {"B": 1}),
    ask("one component", "mlp_softplus", "two", "single_axis", sizes=SIZES | {"D": 1}),
    ask("more components than examples", "mlp_tanh", "two", "primes", sizes={"B": 2, "D": 11, "hidden": (3,)}),
    ask("numbers of 1e-5", "mlp_silu", "two", "primes", "tiny", regime="tiny"),
    ask("magnitudes from 1e-3 to 20", "mlp_softplus", "two", "primes", "mixed", regime="mixed"),
    ask("numbers of the order of 15", "mlp_silu", "two", "primes", "extreme", regime="extreme"),
    ask("numbers around 30", "mlp_softplus", "one", "primes", "offset", regime="offset"),
    ask("data next to samples", "mlp_tanh", "two", "primes", "near", regime="near"),
    ask("numbers of 53 bits", "mlp_tanh", "two", "primes", "full", change=thirds),
], "zero_centered_penalty": [
    *[flat("slopes of about one", name) for name in CRITICS],
    *[flat("steep", name, "primes", sizes={"B": 7, "D": 2, "hidden": (5,)}, change=steeper(4.0, name))
      for name in CRITICS],
    *[flat("all sizes equal", name, "square", sizes=SQUARE) for name in CRITICS],
    *[flat("as wide as the data", name, "square", sizes=AS_WIDE) for name in CRITICS[:2]],
    flat("flat", "mlp_tanh", "primes", "slopes_below", change=steeper(1 / 8, "mlp_tanh")),
    flat("two hidden layers", "mlp_tanh", "deep_critic", sizes=SIZES | {"hidden": (7, 5)}),
    flat("two hidden layers of one width", "mlp_silu", "deep_critic", sizes=SIZES | {"hidden": (5, 5)}),
    flat("three hidden layers", "mlp_softplus", "deep_critic", sizes=SIZES | {"hidden": (5, 7, 2)}),
    flat("one example", "mlp_tanh", "single_example", sizes=SIZES | {"B": 1}),
    flat("one component", "mlp_softplus", "single_axis", sizes=SIZES | {"D": 1}),
    flat("more components than examples", "mlp_tanh", "primes", sizes={"B": 2, "D": 11, "hidden": (3,)}),
    flat("numbers of 1e-5", "mlp_silu", "primes", "tiny", regime="tiny"),
    flat("magnitudes from 1e-3 to 20", "mlp_softplus", "primes", "mixed", regime="mixed"),
    flat("numbers of the order of 15", "mlp_silu", "primes", "extreme", regime="extreme"),
    flat("numbers around 30", "mlp_softplus", "primes", "offset", regime="offset"),
    flat("numbers of 53 bits", "mlp_tanh", "primes", "full", change=thirds),
]}

"""Chains of steps p x + q s(x, t) + w ε, p, q and w sums of products: what the mistakes of samplers are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from refdgm.evidence.sde.walking import summed
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Sum = tuple[tuple[float, Mapping[str, float]], ...]  # coefficients, and powers of numbers by name
ONE: Sum = ((1.0, {}),)


def term(coefficient: float = 1.0, **powers: float) -> Sum:
    """A coefficient times powers of numbers."""
    return ((coefficient, powers),)


@dataclass(frozen=True)
class Visit:
    """One step: the numbers of the step `n`, unless `at` says of another for some of them."""

    n: int
    noise: Array
    stay: Sum = ONE
    push: Sum = ()
    shake: Sum = ()
    time: Sum = ((1.0, {"times": 1}),)
    at: Mapping[str, int] = field(default_factory=dict)


def marched(x: Array, theta: dict[str, Array], given: dict[str, Array], asked: Field, visits: list[Visit],
            bent: bool = True, held: tuple[tuple[str, str], ...] = (),
            of_theta: Callable[[Visit], bool] = lambda visit: True) -> Any:
    """The chain, rightly differentiated in x, θ and all that is given; `bent` = False forgets the Jacobian of the
    field in the cotangent of the state, `held` names parts of a step and the numbers that are constant in them; θ_bar
    is that of the visits `of_theta`."""
    xp = namespace(x)
    one = xp.sum(x[:0, :]) + 1

    def number(name: str, visit: Visit) -> Array:
        y = given[name]
        return y[visit.at.get(name, visit.n)] if y.ndim else y

    def product(powers: Mapping[str, float], visit: Visit) -> Array:
        y = one
        for name, power in powers.items():
            y = y * number(name, visit) ** power
        return y

    def total(terms: Sum, visit: Visit) -> Array:
        return sum((c * product(powers, visit) for c, powers in terms), 0 * one)

    kept: list[Any] = []
    for visit in visits:
        s, right = asked.vjp(x, total(visit.time, visit), theta)
        kept.append((visit, x, s, right))
        x = total(visit.stay, visit) * x + total(visit.push, visit) * s + total(visit.shake, visit) * visit.noise

    def pullback(bar: Array) -> dict[str, Any]:
        bars = {name: [0 * one] * (y.shape[0] if y.ndim else 1) for name, y in given.items()}
        fields: list[Any] = []

        def add(part: str, visit: Visit, by: Array) -> None:
            for c, powers in getattr(visit, part):
                for name, power in powers.items():
                    if (part, name) not in held:
                        slope = c * power * product({**powers, name: power - 1}, visit)
                        where = visit.at.get(name, visit.n) if given[name].ndim else 0
                        bars[name][where] = bars[name][where] + by * slope

        for visit, state, s, right in reversed(kept):
            g = right(total(visit.push, visit) * bar)
            fields += [g] if of_theta(visit) else []
            for part, by in (("stay", state), ("push", s), ("shake", visit.noise)):
                add(part, visit, xp.sum(bar * by))
            add("time", visit, g["t"])
            bar = total(visit.stay, visit) * bar + (g["z"] if bent else 0)
        stacked = {name: (xp.stack(each) if each else xp.zeros_like(given[name])) if given[name].ndim else each[0]
                   for name, each in bars.items()}
        return {"x": +bar, "theta": summed(theta, fields)} | stacked

    return +x, pullback

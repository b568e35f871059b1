"""One component after the other, each evaluation kept, and led back through: what mistakes are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refdgm.flow.masked_autoregressive import log_scale, placed
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Triple = tuple[Array, Array, Array]


@dataclass(frozen=True)
class Step:
    """A component from z, μ and α, with its derivatives in each: x = μ + z e^α unless others are given.

    `order` names the components in turn; ℓ is `sign` times the sum of the α of the evaluation `counted`, or, of None,
    of one more at the end."""

    value: Callable[[Array, Array, Array], Array] = lambda z, mu, grow: mu + z * grow
    slopes: Callable[[Array, Array, Array], Triple] = lambda z, mu, grow: (grow, 0 * mu + 1, z * grow)
    order: Callable[[int], list[int]] = lambda many: list(range(many))
    sign: float = 1.0
    counted: int | None = None


def one_by_one(z: Array, shift_theta: dict[str, Array], scale_theta: dict[str, Array], conditioner: Field, scale: str,
               step: Step) -> Any:
    """As `masked_autoregressive_inverse`, with other steps, differentiated through all of them."""
    xp, many, x, kept = namespace(z), z.shape[1], namespace(z).zeros_like(z), []

    def asked(x: Array) -> Any:
        mu, of_shift = conditioner.vjp(x, shift_theta)
        a, of_scale = conditioner.vjp(x, scale_theta)
        alpha, slope = log_scale(a, scale)
        return mu, alpha, lambda mu_bar, alpha_bar: (of_shift(mu_bar), of_scale(slope * alpha_bar))

    for d in step.order(many):
        mu, alpha, back = asked(x)
        kept.append((d, mu, xp.exp(alpha), alpha, back))
        x = placed(x, d, step.value(z, mu, xp.exp(alpha)))
    at_the_end = asked(x)
    counted = at_the_end[1] if step.counted is None else kept[step.counted][3] if kept else 0 * z

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Any]:
        every, none = step.sign * log_det_bar[:, None] + 0 * z, 0 * z
        thetas: list[Any] = []
        bar, z_bar = x_bar, none

        def led_back(back: Any, mu_bar: Array, alpha_bar: Array) -> Array:
            one, other = back(mu_bar, alpha_bar)
            thetas.append((one["theta"], other["theta"]))
            return one["x"] + other["x"]

        bar = bar + (led_back(at_the_end[2], none, every) if step.counted is None else none)
        for n in range(len(kept) - 1, -1, -1):
            d, mu, grow, _, back = kept[n]
            only = placed(none, d, bar)
            by_z, by_mu, by_alpha = (only * slope for slope in step.slopes(z, mu, grow))
            z_bar = z_bar + by_z
            extra = every if step.counted == n else none
            bar = bar - only + led_back(back, by_mu, by_alpha + extra)
        sums = [{n: sum((g[i][n] for g in thetas[1:]), thetas[0][i][n]) for n in theta}
                for i, theta in enumerate((shift_theta, scale_theta))] if thetas else [shift_theta, scale_theta]
        return {"z": z_bar, "shift_theta": sums[0], "scale_theta": sums[1]}

    return (x, step.sign * xp.sum(counted, axis=1)), pullback

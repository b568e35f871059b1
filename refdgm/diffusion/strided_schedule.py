"""Which of the training's timesteps a sampler visits, and the schedule between them."""

from fractions import Fraction

from refdgm.declaration.domain import count, index, portion, unit, word
from refdgm.namespace import Array, namespace
from refdgm.reference import quantity


def _timesteps(train: int, steps: int, spacing: str) -> list[int]:
    """As indices from 0, the noisiest first. Halves go to the even neighbour."""
    backwards = range(steps - 1, -1, -1)
    if spacing == "leading":
        return [i * (train // steps) for i in backwards]                      # (1)
    if spacing == "linspace":
        return [round(Fraction(i * (train - 1), max(steps - 1, 1))) for i in backwards]    # (2)
    return [round(Fraction((i + 1) * train, steps)) - 1 for i in backwards]   # (3)


@quantity(
    args={
        "beta": unit("T", meaning="β, the schedule of the training, for t = 1 … T"),
        "steps": count(1, meaning="S, steps of the sampler", most="T"),
        "spacing": word("leading", "linspace", "trailing", meaning="which timesteps are visited"),
    },
    result={
        "timestep": index("steps", below="T", meaning="t − 1, the index in the training's schedule, noisiest first"),
        "beta": unit("steps", meaning="β of the stride, 1 − ᾱ / ᾱ_prev"),
        "alpha_prod": unit("steps", meaning="ᾱ at the timestep"),
        "alpha_prod_prev": portion("steps", meaning="ᾱ at the timestep to come; 1 after the last"),
    },
    source="lin2024flawed",
)
def strided_schedule(beta: Array, *, steps: int, spacing: str) -> tuple[Array, ...]:
    """A schedule of S steps through one of T: where the sampler stops, and what it strides over.

        leading    τ_i = i ⌊T/S⌋                        i = 0 … S − 1          (1)
        linspace   τ_i = round(i (T − 1) / (S − 1))                            (2)
        trailing   τ_i = round((i + 1) T / S) − 1                              (3)
        ᾱ_i = Π_{j ≤ τ_i} (1 − β_j),   ᾱ_{−1} = 1                              (4)
        β of the stride from τ_i to τ_{i−1} = 1 − ᾱ_i / ᾱ_{i−1}
                                            = −expm1(Σ_{τ_{i−1} < j ≤ τ_i} log1p(−β_j))    (5)

    Timesteps count from 0, as indices do, and are returned from i = S − 1 down, as they are used; halves are
    rounded to the even neighbour (in (2) the paper rounds after counting from 1, which sends halves the other way).
    A stride ends where the next one begins, and the last one at the data: at t − ⌊T/S⌋ in (1), and in (3) if S
    divides T; in general at no fixed distance. (3), and (2) for S > 1, begin at the noise with which the training
    ends, (1) only for S = T; (1) and (2) visit the training's first step. S = 1 is the first step alone in (1) and
    (2), the last alone in (3). Stable Diffusion adds 1 to all of (1) and ends at the first ᾱ, not at 1: neither is
    done here. A stride that leaves less of its start than rounding does has β = 1, which samplers' steps refuse.
    Source: Lin, Liu, Li & Yang (2024), table 2; the strides as in Song, Meng & Ermon (2021), section 4.2.
    """
    xp = namespace(beta)
    visited = _timesteps(beta.shape[0], steps, spacing)
    log_alpha = xp.log1p(-beta)
    strides = [xp.sum(log_alpha[s + 1:t + 1]) for t, s in zip(visited, [*visited[1:], -1], strict=True)]
    timestep = xp.stack([xp.full((), t, dtype=xp.int64, device=beta.device) for t in visited])
    alpha_prod = xp.take(xp.cumulative_prod(1 - beta), timestep, axis=0)      # (4)
    whole = xp.ones((1,), dtype=beta.dtype, device=beta.device)
    return timestep, -xp.expm1(xp.stack(strides)), alpha_prod, xp.concat([alpha_prod[1:], whole])    # (5)

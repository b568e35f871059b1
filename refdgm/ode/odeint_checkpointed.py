"""The exact gradient of a solve with one state a step kept, its stages computed again on the way back."""

from refdgm.declaration.domain import real
from refdgm.namespace import Array, Pullback, Result, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import INITIAL_VALUE
from refdgm.ode.step import equal_steps, runge_kutta_step, step_of, taken
from refdgm.ode.tableau import TABLEAUS
from refdgm.reference import reference


@reference(
    args=INITIAL_VALUE,
    wrt=("z0", "t0", "t1", "theta"),
    result=real("B", "D", meaning="z(t₁), as odeint"),
    source="griewank2008evaluating",
)
def odeint_checkpointed(
    z0: Array, t0: Array, t1: Array, theta: dict[str, Array], *, velocity: Field, method: str, steps: int
) -> Result:
    """The value and the gradient of `odeint`, bit for bit, with a fraction of its memory.

        h = (t₁ − t₀)/N,   z_{n+1} = Ψ(z_n, t₀ + n h, h),   z₀, …, z_{N−1} kept      (1)

    where Ψ is one Runge–Kutta step. Given λ = z_bar_{n+1}, for n = N − 1 … 0:

        the step from z_n is taken again, with everything that its pullback needs    (2)
        z_bar_n, t_bar_n, h_bar_n, a summand of θ_bar: that pullback for λ           (3)
        t_bar₁ = Σ_n (h_bar_n + n t_bar_n)/N,   t_bar₀ = Σ_n t_bar_n − t_bar₁        (4)

    One state a step is kept in place of s stages with all that their networks keep; each velocity is evaluated
    twice, once without its pullback, which adds a third to the cost of the gradient. The kept states are those of the
    forward solve, so (3) is the derivative of the value, to the last bit, in contraction too, unlike a solve that runs
    z backwards.
    Source: Griewank & Walther (2008), Evaluating derivatives, on checkpointing: its schedule of one level.
    """
    h, z, states = (t1 - t0) / steps, z0, []
    step, unit = (step_of(TABLEAUS[method], length) for length in (h, namespace(h).ones_like(h)))
    for n in range(steps):
        states.append(z)
        z = taken(step, velocity, z, t0 + n * h, theta)                       # (1)

    def again(n: int) -> Pullback:
        return runge_kutta_step(step, unit, velocity, states[n], t0 + n * h, theta)[1]      # (2)

    return z, equal_steps(again, steps, t0)                                   # (3, 4)

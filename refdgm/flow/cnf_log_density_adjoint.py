"""The continuous adjoint of a log-density along a flow, solved from the base to the data with constant memory."""

from refdgm.declaration.domain import Limit, real
from refdgm.flow.cnf_log_density import FLOW, NEGATIVE, X, log_density
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.tableau import TABLEAUS
from refdgm.reference import reference


@reference(
    args=X | FLOW,
    wrt=("x", "t0", "t1", "theta"),
    result=real("B", meaning="log p(x), as cnf_log_density"),
    source="chen2018neuralode",
    derivative_of=Limit("steps", "method", {name: tableau.order for name, tableau in TABLEAUS.items()}),
    conventions=NEGATIVE,
)
def cnf_log_density_adjoint(
    x: Array, t0: Array, t1: Array, theta: dict[str, Array], *, velocity: Field, method: str, steps: int
) -> Result:
    """The value of `cnf_log_density`, and the gradient of the flow by the adjoint equation.

        a(t₀) = −p_bar z(t₀),   a_dot = −(∂f/∂z)ᵀ a − p_bar ∇_z tr ∂f/∂z            (1)
        x_bar = a(t₁),   θ_bar = −∫_{t₀}^{t₁} ((∂f/∂θ)ᵀ a + p_bar ∇_θ tr ∂f/∂z) dt  (2)
        t_bar₀ = ρ(t₀),   t_bar₁ = −ρ(t₁),   ρ = ⟨a, f⟩ + p_bar tr ∂f/∂z            (3)

    z is solved once more, from z(t₀) to t₁, together with a and θ_bar, by the same method in N steps; where it arrives,
    and not at the given x, t_bar₁ is read off. This is
    `odeint_adjoint` of the state [z, ℓ], where −p_bar is the adjoint of ℓ; an adjoint of z alone lacks both traces.
    a(t) = p_bar ∇ log p_t(z(t)): the score of the model, times p_bar, along the trajectory (the derivation begins with
    the loss −log p, so that its a is this one for p_bar = −1). Not the derivative of its value: it tends to it with the
    order of the method as N grows.
    Source: Chen, Rubanova, Bettencourt & Duvenaud (2018), algorithm 1 and section 4.
    """
    xp = namespace(x)
    axes = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :, :]
    # (1–3): those of odeint_adjoint, for [z, ℓ]
    return log_density(odeint_adjoint, x, axes, axes, t0, t1, theta, velocity, method, steps)

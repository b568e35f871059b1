"""The value is that of cnf_log_density; the gradient is the flow's: the adjoint of the state and of its log-density,
integrated with the state from t₀ to t₁."""

from refdgm.evidence import traced
from refdgm.evidence.flow.cnf_log_density.definition import cnf_log_density, standard_normal, trace
from refdgm.evidence.ode.odeint.definition import odeint
from refdgm.evidence.ode.odeint_adjoint.definition import carried, odeint_adjoint__usual


def cnf_log_density_adjoint(xp, x, t0, t1, theta, *, velocity, method, steps):
    return cnf_log_density(xp, x, t0, t1, theta, velocity=velocity, method=method, steps=steps)


def cnf_log_density_adjoint__pullback(xp, slopes, bar, x, t0, t1, theta, *, velocity, method, steps):
    """`slopes(function, arguments)` is the gradient of a number, by flat names: the judge's own derivative."""

    def rho(z, t, a, theta):
        """⟨a, f⟩ + Σ_b bar_b tr ∂f/∂z: what the adjoint equation differentiates."""
        return xp.sum(a * velocity(z, t, theta)) + xp.sum(bar * trace(velocity, z, t, theta))

    def rates(z, t, a):
        g = slopes(lambda z, theta: rho(z, t, a, theta), {"z": z, "theta": theta})
        return velocity(z, t, theta), g["z"], {name: g[f"theta.{name}"] for name in theta}

    z0 = odeint(xp, x, t1, t0, theta, velocity=velocity, method=method, steps=steps)
    a0 = -xp.reshape(bar, (-1, 1)) * z0
    z1, a1, theta_bar = carried(xp, z0, a0, rates, t0, t1, theta, method, steps)
    return {"x": a1, "t0": rho(z0, t0, a0, theta), "t1": -rho(z1, t1, a1, theta), "theta": theta_bar}


def cnf_log_density_adjoint__usual(xp, x, t0, t1, theta, *, velocity, method, steps, solve=odeint_adjoint__usual):
    """The adjoint method of `solve`, for the state with its log-density."""

    def both(state, t, theta):
        f, trace = traced.with_trace(lambda z: velocity(z, t, theta), state[:, :-1])
        return xp.concatenate([f, trace[:, None]], axis=1)

    start = xp.concatenate([x, xp.zeros((x.shape[0], 1))], axis=1)
    state, back = solve(xp, start, t1, t0, theta, velocity=both, method=method, steps=steps)
    z0 = state[:, :-1]

    def pullback(bar):
        grads = back(xp.concatenate([-bar[:, None] * z0, bar[:, None]], axis=1))
        return {"x": grads["z0"][:, :-1], "t0": grads["t1"], "t1": grads["t0"], "theta": grads["theta"]}

    return standard_normal(xp, z0) + state[:, -1], pullback

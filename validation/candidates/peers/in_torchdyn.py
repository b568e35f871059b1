"""Traces of torchdyn, its continuous flows, solved by torchdiffeq, and the steps of its own solvers; a probability flow
has its drift from here."""

import torch
from torch.distributions import Normal
from torchdiffeq import odeint as forwards
from torchdiffeq import odeint_adjoint as adjoint
from torchdyn.models.cnf import CNF, autograd_trace, hutch_trace
from torchdyn.numerics.solvers.ode import Euler, Midpoint, RungeKutta4


def jacobian_trace(x, theta, *, score):
    x = x.requires_grad_()
    return autograd_trace(score(x, theta), x)


def implicit_score_matching(x, theta, *, score):
    """Half the square beside the trace is written out."""
    x = x.requires_grad_()
    out = score(x, theta)
    return (out * out).sum(1) / 2 + autograd_trace(out, x)


def hutchinson_trace(x, probe, theta, *, score):
    x = x.requires_grad_()
    out = score(x, theta)
    return sum(hutch_trace(out, x, noise) for noise in probe.unbind(1)) / probe.shape[1]


class Flow(torch.nn.Module):
    """The state is that of torchdyn: the integral of minus the trace, then z."""

    def __init__(self, velocity, parameters, probe=None):
        super().__init__()
        object.__setattr__(self, "told", (velocity, parameters, probe))

    def trace(self, out, x, noise=None):
        probe = self.told[2]
        if probe is None:
            return autograd_trace(out, x)
        return sum(hutch_trace(out, x, noise) for noise in probe.unbind(1)) / probe.shape[1]

    def forward(self, t, state):
        velocity, parameters, _ = self.told
        return CNF(lambda z: velocity(z, t, parameters), trace_estimator=self.trace)(state)


def solved(flow, x, start, end, deviation, solve, method, steps, **more):
    def grid(func, state, ends):
        return ends[0] + (ends[-1] - ends[0]) * torch.arange(steps + 1, dtype=x.dtype) / steps

    state, ends = torch.cat([torch.zeros_like(x[:, :1]), x], 1), torch.stack([start, end])
    last = solve(flow, state, ends, method={"heun": "heun2"}.get(method, method),
                 options={"grid_constructor": grid}, **more)[-1]
    return Normal(0 * deviation, deviation).log_prob(last[:, 1:]).sum(1) - last[:, 0]


def cnf_log_density(x, t0, t1, theta, *, velocity, method, steps):
    return solved(Flow(velocity, theta), x, t1, t0, torch.ones_like(t0), forwards, method, steps)


def cnf_log_density_adjoint(x, t0, t1, theta, *, velocity, method, steps):
    return solved(Flow(velocity, theta), x, t1, t0, torch.ones_like(t0), adjoint, method, steps,
                  adjoint_params=tuple(theta.values()))


def coefficients(t, low, high, process):
    if process == "ve":
        return 0 * t, (low * (high / low) ** t) ** 2 * torch.log(high / low)
    beta = low + t * (high - low)
    rest = 1 - torch.exp(-2 * (low * t + (high - low) * t**2 / 2)) if process == "sub_vp" else 1
    return -beta / 2, beta * rest / 2


def probability_flow_log_density_estimate(x, probe, t0, t1, low, high, theta, *, score, process, method, steps):
    def drift(z, t, entries):
        slope, half = coefficients(t, low, high, process)
        return slope * z - half * score(z, t, entries)

    deviation = high if process == "ve" else torch.ones_like(high)
    return solved(Flow(drift, theta, probe), x, t0, t1, deviation, forwards, method, steps)


def probability_flow_log_density(x, t0, t1, low, high, theta, *, score, process, method, steps):
    return probability_flow_log_density_estimate(
        x, None, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)


RULE = {"framework": "torch", "convention": "rk4 is the 3/8 rule"}
ALONG = {"framework": "torch", "convention": "rk4 is the 3/8 rule, t₁ integrated along the way"}
CANDIDATES = {
    "jacobian_trace": {"function": jacobian_trace, "framework": "torch"},
    "implicit_score_matching": {"function": implicit_score_matching, "framework": "torch"},
    "hutchinson_trace": {"function": hutchinson_trace, "framework": "torch"},
    "cnf_log_density": {"function": cnf_log_density, **RULE},
    "cnf_log_density_adjoint": {"function": cnf_log_density_adjoint, **ALONG},
    "probability_flow_log_density": {"function": probability_flow_log_density, **RULE},
    "probability_flow_log_density_estimate": {"function": probability_flow_log_density_estimate, **RULE},
}


def odeint(z0, t0, t1, theta, *, velocity, method, steps):
    """Its loop takes the ends of a step from a list, so that times have no gradient there: here it is written out."""
    if method == "heun":
        raise NotImplementedError("torchdyn has no method of Heun")
    solver = {"euler": Euler, "midpoint": Midpoint, "rk4": RungeKutta4}[method](dtype=z0.dtype)
    z, dt = z0, (t1 - t0) / steps
    for n in range(steps):
        z = solver.step(lambda t, z: velocity(z, t, theta), z, t0 + n * dt, dt)[1]
    return z

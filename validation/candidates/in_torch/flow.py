"""Traces of Jacobians, and log-densities along a flow."""

import functools

import torch
import torch.nn.functional as F
from torch.distributions import Normal

from .ode import odeint, odeint_adjoint


def jacobian_trace(x, theta, *, score):
    s = score(x, theta)
    rows = [torch.autograd.grad(s[:, d].sum(), x, create_graph=True)[0][:, d] for d in range(x.shape[1])]
    return sum(rows)


def hutchinson_trace(x, probe, theta, *, score):
    s = score(x, theta)
    products = [torch.autograd.grad(s, x, v, create_graph=True)[0].mul(v).sum(-1) for v in probe.unbind(1)]
    return torch.stack(products).mean(0)


def density_along(x, directions, t0, t1, theta, velocity, method, steps, solver=odeint):
    """The state and the mean of vᵀJv over the directions, from the data back to a standard normal."""

    def both(state, t, theta):
        along = functools.partial(torch.func.jvp, lambda z: velocity(z, t, theta), (state[:, :-1],))
        f = velocity(state[:, :-1], t, theta)
        products = [along((v,))[1].mul(v).sum(-1) for v in directions]
        return torch.cat([f, torch.stack(products).mean(0)[:, None]], 1)

    state = solver(F.pad(x, (0, 1)), t1, t0, theta, velocity=both, method=method, steps=steps)
    z0 = state[:, :-1]
    return Normal(torch.zeros_like(z0), torch.ones_like(z0)).log_prob(z0).sum(-1) + state[:, -1]


def cnf_log_density(x, t0, t1, theta, *, velocity, method, steps, solver=odeint):
    size = x.shape[1]
    axes = torch.eye(size, dtype=x.dtype)[:, None].expand(size, *x.shape).mul(size**0.5)
    return density_along(x, axes.unbind(0), t0, t1, theta, velocity, method, steps, solver)


def cnf_log_density_adjoint(x, t0, t1, theta, *, velocity, method, steps):
    return cnf_log_density(x, t0, t1, theta, velocity=velocity, method=method, steps=steps, solver=odeint_adjoint)


def ffjord_log_density(x, probe, t0, t1, theta, *, velocity, method, steps):
    return density_along(x, probe.unbind(1), t0, t1, theta, velocity, method, steps)

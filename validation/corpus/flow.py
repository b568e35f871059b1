"""Forms of traces, and of the log-densities of continuous flows."""

import math

import autograd.numpy as anp
import torch
from autograd import elementwise_grad
from torch import distributions as D

from validation.corpus.form import Form, into
from validation.corpus.ode import OTHER, STEPS, Several, solve

FORMS: list[Form] = []
form = into(FORMS)


def tracked(x):
    return x if x.requires_grad else x.detach().requires_grad_(True)


def trace_by_a_loop(f, z):
    """One gradient for every axis: the usual brute force."""
    total = 0.0
    for i in range(z.shape[1]):
        total = total + torch.autograd.grad(f[:, i].sum(), z, create_graph=True)[0][:, i]
    return total


@form("jacobian_trace", "brute force: one gradient for every axis")
def trace_of_gradients(x, theta, score):
    x = tracked(x)
    return trace_by_a_loop(score(x, theta), x)


@form("jacobian_trace", "vmapped forward-mode Jacobians")
def trace_of_jacfwd(x, theta, score):
    jacobian = torch.func.vmap(torch.func.jacfwd(lambda one: score(one[None], theta)[0]))(x)
    return jacobian.diagonal(dim1=-2, dim2=-1).sum(-1)


@form("jacobian_trace", "forward mode with unit vectors")
def trace_of_tangents(x, theta, score):
    unit = torch.eye(x.shape[1], dtype=x.dtype)
    network = lambda y: score(y, theta)
    return sum(torch.func.jvp(network, (x,), (e.expand_as(x),))[1] @ e for e in unit)


@form("jacobian_trace", "autograd", framework="autograd")
def trace_in_autograd(x, theta, score):
    component = lambda i: elementwise_grad(lambda y: score(y, theta)[:, i])(x)[:, i]
    return sum(component(i) for i in range(x.shape[1]))


@form("hutchinson_trace", "score SDEs: a reverse product for every probe")
def trace_of_probes(x, probe, theta, score):
    x = tracked(x)
    found = []
    for epsilon in probe.unbind(dim=1):
        along = torch.sum(score(x, theta) * epsilon)
        grad = torch.autograd.grad(along, x, create_graph=True)[0]
        found.append(torch.sum(grad * epsilon, dim=1))
    return torch.stack(found, dim=1).mean(dim=1)


@form("hutchinson_trace", "forward products for every probe")
def trace_of_jvp(x, probe, theta, score):
    product = lambda v: torch.func.jvp(lambda y: score(y, theta), (x,), (v,))[1]
    return (torch.func.vmap(product, in_dims=1, out_dims=1)(probe) * probe).sum(-1).mean(-1)


@form("hutchinson_trace", "quadratic forms of whole Jacobians")
def trace_of_forms(x, probe, theta, score):
    jacobian = torch.func.vmap(torch.func.jacrev(lambda one: score(one[None], theta)[0]))(x)
    return torch.einsum("bri,bij,brj->br", probe, jacobian, probe).mean(1)


def standard(z):
    return (-0.5 * z**2 - 0.5 * math.log(2 * math.pi)).sum(1)


def flowed(x, t0, t1, theta, velocity, steps, step, trace):
    """(z(t₀), ℓ(t₀)), solved together from the data back to the base."""

    def rates(t, state):
        z = tracked(state[0])
        with torch.enable_grad():
            f = velocity(z, t, theta)
            return Several([f, -trace(f, z)])

    return solve(rates, Several([x, torch.zeros_like(x[:, 0])]), t1, t0, steps, step)


@form("cnf_log_density", "small continuous flows with brute-force traces")
def cnf_brute_force(x, t0, t1, theta, velocity, method, steps):
    z0, delta = flowed(x, t0, t1, theta, velocity, steps, STEPS[method], trace_by_a_loop)
    return D.Independent(D.Normal(torch.zeros_like(z0), torch.ones_like(z0)), 1).log_prob(z0) - delta


@form("cnf_log_density", "the same as a loss per dimension", convention="negative log-likelihood per dimension")
def cnf_loss(x, t0, t1, theta, velocity, method, steps):
    z0, delta = flowed(x, t0, t1, theta, velocity, steps, STEPS[method], trace_by_a_loop)
    return -(standard(z0) - delta) / x.shape[1]


@form("cnf_log_density", "vmapped Jacobians along a joint state", convention="rk4 is the 3/8 rule")
def cnf_of_jacobians(x, t0, t1, theta, velocity, method, steps):
    def rates(t, joint):
        z = joint[:, :-1]
        jacobian = torch.func.vmap(torch.func.jacrev(lambda one: velocity(one[None], t, theta)[0]))(z)
        divergence = jacobian.diagonal(dim1=1, dim2=2).sum(-1, keepdim=True)
        return torch.cat([velocity(z, t, theta), divergence], dim=1)

    start = torch.cat([x, torch.zeros_like(x[:, :1])], dim=1)
    joint = solve(rates, start, t1, t0, steps, OTHER[method])
    return standard(joint[:, :-1]) + joint[:, -1]


@form("cnf_log_density", "autograd", framework="autograd")
def cnf_in_autograd(x, t0, t1, theta, velocity, method, steps):
    def rates(t, joint):
        z = joint[:, :-1]
        component = lambda i: elementwise_grad(lambda y: velocity(y, t, theta)[:, i])(z)[:, i]
        divergence = sum(component(i) for i in range(x.shape[1]))
        return anp.concatenate([velocity(z, t, theta), anp.reshape(divergence, (-1, 1))], axis=1)

    joint = solve(rates, anp.concatenate([x, 0.0 * x[:, :1]], axis=1), t1, t0, steps, STEPS[method])
    return -0.5 * anp.sum(joint[:, :-1] ** 2 + math.log(2 * math.pi), axis=1) + joint[:, -1]


@form("ffjord_log_density", "the authors' estimate by reverse products")
def ffjord_reverse(x, probe, t0, t1, theta, velocity, method, steps):
    def trace(f, z):
        found = [torch.autograd.grad(f, z, e, create_graph=True)[0].mul(e).sum(dim=1) for e in probe.unbind(1)]
        return torch.stack(found).mean(0)

    z0, delta = flowed(x, t0, t1, theta, velocity, steps, STEPS[method], trace)
    return standard(z0) - delta


@form("ffjord_log_density", "bits per dimension of forward products",
      convention="negative log-likelihood, bits per dimension")
def ffjord_forward(x, probe, t0, t1, theta, velocity, method, steps):
    def rates(t, state):
        tangents = [torch.func.jvp(lambda y: velocity(y, t, theta), (state[0],), (e,))[1] for e in probe.unbind(1)]
        return Several([velocity(state[0], t, theta), (torch.stack(tangents, 1) * probe).sum(-1).mean(-1)])

    z0, gathered = solve(rates, Several([x, torch.zeros_like(x[:, 0])]), t1, t0, steps, STEPS[method])
    return -(standard(z0) + gathered) / (x.shape[1] * math.log(2))


class DensityAdjoint(torch.autograd.Function):
    """The adjoint of the joint state (z, ℓ): a of z, and −p_bar of ℓ, which nothing changes."""

    @staticmethod
    def forward(ctx, settings, x, t0, t1, *params):
        ctx.settings = velocity, names, step, steps, _ = settings
        with torch.no_grad():
            theta = dict(zip(names, params, strict=True))
            z0, delta = flowed(x, t0, t1, theta, velocity, steps, step, trace_by_a_loop)
        ctx.save_for_backward(z0, t0, t1, *params)
        return standard(z0) - delta

    @staticmethod
    def backward(ctx, bar):
        (velocity, names, step, steps, along), (z0, t0, t1, *params) = ctx.settings, ctx.saved_tensors

        def augmented(t, state):
            z, a = state[:2]
            with torch.enable_grad():
                z, t = z.detach().requires_grad_(True), t.detach().requires_grad_(True)
                held = [p.detach().requires_grad_(True) for p in params]
                f = velocity(z, t, dict(zip(names, held, strict=True)))
                power = (a * f).sum() + (bar * trace_by_a_loop(f, z)).sum()
                inputs = [z, t, *held]
                grads = torch.autograd.grad(power, inputs, allow_unused=True)
            ctx.power = power.detach()
            grads = [torch.zeros_like(x) if g is None else -g for g, x in zip(grads, inputs, strict=True)]
            return Several([f.detach(), *grads])

        a0 = -bar[:, None] * z0
        augmented(t0, (z0, a0))
        t0_bar = ctx.power
        start = Several([z0, a0, -t0_bar, *map(torch.zeros_like, params)])
        x, a, t1_bar, *grads = solve(augmented, start, t0, t1, steps, step)
        if not along:
            augmented(t1, (x, a))
            t1_bar = -ctx.power
        return None, a, t0_bar, t1_bar, *grads


@form("cnf_log_density_adjoint", "a Function for the joint state, both times read off")
def cnf_adjoint_read_off(x, t0, t1, theta, velocity, method, steps):
    settings = velocity, list(theta), STEPS[method], steps, False
    return DensityAdjoint.apply(settings, x, t0, t1, *theta.values())


@form("cnf_log_density_adjoint", "the usual library's adjoint of the joint state",
      convention="rk4 is the 3/8 rule, t₁ integrated along the way")
def cnf_adjoint_of_the_library(x, t0, t1, theta, velocity, method, steps):
    settings = velocity, list(theta), OTHER[method], steps, True
    return DensityAdjoint.apply(settings, x, t0, t1, *theta.values())

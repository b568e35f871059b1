"""Solvers, differentiated through, checkpointed and by the adjoint equation."""

import torch
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint


def residual_block(z, theta, *, branch):
    return torch.add(z, branch(z, theta))


def step(f, z, t, h, method):
    k1 = f(z, t)
    if method == "euler":
        return z + h * k1
    if method == "heun":
        return z + h * (k1 + f(z + h * k1, t + h)) / 2
    if method == "midpoint":
        return z + h * f(z + h * k1 / 2, t + h / 2)
    k2 = f(z + h * k1 / 2, t + h / 2)
    k3 = f(z + h * k2 / 2, t + h / 2)
    return z + h * (k1 + 2 * k2 + 2 * k3 + f(z + h * k3, t + h)) / 6


def odeint(z0, t0, t1, theta, *, velocity, method, steps):
    z, h = z0, (t1 - t0) / steps
    for n in range(steps):
        z = step(lambda z, t: velocity(z, t, theta), z, t0 + n * h, h, method)
    return z


def odeint_checkpointed(z0, t0, t1, theta, *, velocity, method, steps):
    z, h = z0, (t1 - t0) / steps
    for n in range(steps):
        z = checkpoint(
            lambda z, t: step(lambda z, t: velocity(z, t, theta), z, t, h, method), z, t0 + n * h, use_reentrant=False
        )
    return z


class Adjoint(torch.autograd.Function):
    """The state alone is kept; the backward pass integrates it, its adjoint and the parameters' gradients back."""

    @staticmethod
    def forward(ctx, names, velocity, method, steps, z0, t0, t1, *values):
        theta = dict(zip(names, values, strict=True))
        z1 = odeint(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
        ctx.static = names, velocity, method, steps
        ctx.save_for_backward(z1, t0, t1, *values)
        return z1

    @staticmethod
    def backward(ctx, z1_bar):
        names, velocity, method, steps = ctx.static
        z1, t0, t1, *values = ctx.saved_tensors
        theta = dict(zip(names, values, strict=True))
        shapes = [z1.shape, z1.shape, *(v.shape for v in values)]

        def split(state):
            return [p.reshape(s) for p, s in zip(state.split([s.numel() for s in shapes]), shapes, strict=True)]

        def backwards(state, t):
            z, a, *_ = split(state)
            f, back = torch.func.vjp(lambda z, theta: velocity(z, t, theta), z, theta)
            z_bar, theta_bar = back(a)
            return torch.cat([p.reshape(-1) for p in (f, -z_bar, *(-theta_bar[name] for name in names))])

        h = (t1 - t0) / steps
        state = torch.cat([p.reshape(-1) for p in (z1, z1_bar, *map(torch.zeros_like, values))])
        for n in range(steps):
            state = step(backwards, state, t1 - n * h, -h, method)
        z, a, *theta_bar = split(state)
        t0_bar, t1_bar = -(a * velocity(z, t0, theta)).sum(), (z1_bar * velocity(z1, t1, theta)).sum()
        return None, None, None, None, a, t0_bar, t1_bar, *theta_bar


def odeint_adjoint(z0, t0, t1, theta, *, velocity, method, steps):
    return Adjoint.apply(tuple(theta), velocity, method, steps, z0, t0, t1, *theta.values())


def odeint_running_cost(z0, t0, t1, theta, *, velocity, cost, method, steps):
    def pair_rate(pair, t):
        z = pair[:, :-1]
        f = velocity(z, t, theta)
        r = (f if cost == "kinetic" else z).square().sum(-1, keepdim=True) / 2
        return torch.cat([f, r], -1)

    pair, h = F.pad(z0, (0, 1)), (t1 - t0) / steps
    for n in range(steps):
        pair = step(pair_rate, pair, t0 + n * h, h, method)
    return {"z1": pair[:, :-1], "cost": pair[:, -1]}


DOPRI5 = (  # times of the stages, and what each weighs in the later ones; the last row is the step itself
    (1 / 5, (1 / 5,)),
    (3 / 10, (3 / 40, 9 / 40)),
    (4 / 5, (44 / 45, -56 / 15, 32 / 9)),
    (8 / 9, (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729)),
    (1, (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656)),
    (1, (35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84)),
)


def dopri5_steps(z0, times, theta, *, velocity):
    z = z0
    for t, h in zip(times, times.diff(), strict=False):
        slopes = [velocity(z, t, theta)]
        for c, row in DOPRI5:
            inner = z + h * sum(a * k for a, k in zip(row, slopes, strict=True))
            slopes.append(velocity(inner, t + c * h, theta))  # the last one is of no use here
        z = inner
    return z


def picard_iteration(z0, times, h, theta, *, velocity, sweeps):
    points = [z0] * len(times)
    for _ in range(sweeps):
        slopes = torch.stack([velocity(z, t, theta) for z, t in zip(points, times, strict=True)], 1)
        ends = z0[:, None] + torch.cumsum(h[:, None] * slopes, 1)
        points = [z0, *ends.unbind(1)[:-1]]
    return ends

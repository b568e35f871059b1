"""Forms of residual blocks and solvers, differentiated step by step or by the adjoint equation."""

from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import torch
from torch.utils.checkpoint import checkpoint

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


def euler(f, t, y, h):
    return y + h * f(t, y)


def midpoint(f, t, y, h):
    return y + h * f(t + h / 2, y + h / 2 * f(t, y))


def heun(f, t, y, h):
    k1 = f(t, y)
    return y + h / 2 * (k1 + f(t + h, y + h * k1))


def rk4(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 2, y + h / 2 * k1)
    k3 = f(t + h / 2, y + h / 2 * k2)
    k4 = f(t + h, y + h * k3)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def rk4_38(f, t, y, h):
    k1 = f(t, y)
    k2 = f(t + h / 3, y + h * k1 / 3)
    k3 = f(t + h * 2 / 3, y + h * (k2 - k1 / 3))
    k4 = f(t + h, y + h * (k1 - k2 + k3))
    return y + (k1 + 3 * (k2 + k3) + k4) * h * 0.125


STEPS = {"euler": euler, "midpoint": midpoint, "heun": heun, "rk4": rk4}
OTHER = STEPS | {"rk4": rk4_38}


class Several(tuple):
    """States that are stepped together."""

    def __add__(self, other):
        return Several(a + b for a, b in zip(self, other, strict=True))

    __radd__ = __add__

    def __sub__(self, other):
        return self + -1.0 * other

    def __mul__(self, number):
        return Several(a * number for a in self)

    __rmul__ = __mul__

    def __truediv__(self, number):
        return Several(a / number for a in self)


def solve(f, y, t0, t1, steps, step):
    h = (t1 - t0) / steps
    for n in range(steps):
        y = step(f, t0 + n * h, y, h)
    return y


@form("residual_block", "ResNets without an outer activation")
def residual(z, theta, branch):
    out = branch(z, theta)
    out += z
    return out


@form("residual_block", "autograd", framework="autograd")
def residual_in_autograd(z, theta, branch):
    return z + branch(z, theta)


@form("residual_block", "a block with its backward", framework="numpy")
def residual_by_hand(z, theta, branch):
    f, back = branch.vjp(z, theta)

    def pullback(bar):
        found = back(bar, wrt=("x", "theta"))
        return {"z": bar + found["x"], "theta": found["theta"]}

    return z + f, pullback


@form("odeint", "loops over textbook steps")
def odeint_by_a_loop(z0, t0, t1, theta, velocity, method, steps):
    return solve(lambda t, z: velocity(z, t, theta), z0, t0, t1, steps, STEPS[method])


@form("odeint", "loops that add up their time")
def odeint_adding_up(z0, t0, t1, theta, velocity, method, steps):
    z, t, h = z0, t0, (t1 - t0) / steps
    for _ in range(steps):
        z = STEPS[method](lambda t, z: velocity(z, t, theta), t, z, h)
        t = t + h
    return z


@form("odeint", "loops over a grid of times and their differences")
def odeint_on_a_grid(z0, t0, t1, theta, velocity, method, steps):
    grid = t0 + (t1 - t0) * torch.linspace(0, 1, steps + 1, dtype=z0.dtype)
    z, f = z0, lambda t, z: velocity(z, t, theta)
    for a, b in pairwise(grid):
        z = STEPS[method](f, a, z, b - a)
    return z


@form("odeint", "fixed grids of the usual library, whose rk4 is the 3/8 rule", convention="rk4 is the 3/8 rule")
def odeint_of_the_library(z0, t0, t1, theta, velocity, method, steps):
    return solve(lambda t, z: velocity(z, t, theta), z0, t0, t1, steps, OTHER[method])


@form("odeint", "autograd", framework="autograd")
def odeint_in_autograd(z0, t0, t1, theta, velocity, method, steps):
    return solve(lambda t, z: velocity(z, t, theta), z0, t0, t1, steps, STEPS[method])


@form("odeint_checkpointed", "torch's checkpoints, a step each")
def odeint_with_checkpoints(z0, t0, t1, theta, velocity, method, steps):
    h, z = (t1 - t0) / steps, z0
    step = lambda t, z, h: STEPS[method](lambda t, z: velocity(z, t, theta), t, z, h)
    for n in range(steps):
        z = checkpoint(step, t0 + n * h, z, h, use_reentrant=False)
    return z


def backward_solve(ctx, bar, along):
    """The augmented solve of the adjoint method; `along`: t_bar₀ gathered by the solve, not read off its end."""
    z1, t0, t1, *params = ctx.saved_tensors

    def augmented(t, state):
        z, a = state[:2]
        with torch.enable_grad():
            z, t = z.detach().requires_grad_(True), t.detach().requires_grad_(True)
            held = [p.detach().requires_grad_(True) for p in params]
            f = ctx.velocity(z, t, dict(zip(ctx.names, held, strict=True)))
            grads = torch.autograd.grad(f, [z, t, *held], -a, allow_unused=True)
        grads = [torch.zeros_like(x) if g is None else g for g, x in zip(grads, [z, t, *held], strict=True)]
        return Several([f.detach(), *grads])

    t1_bar = (bar * augmented(t1, (z1, bar))[0]).sum()
    start = Several([z1, bar, -t1_bar, *map(torch.zeros_like, params)])
    z0, a, t0_bar, *grads = solve(augmented, start, t1, t0, ctx.steps, ctx.step)
    if not along:
        t0_bar = -(a * augmented(t0, (z0, a))[0]).sum()
    return a, t0_bar, t1_bar, grads


class Adjoint(torch.autograd.Function):
    @staticmethod
    def forward(ctx, settings, z0, t0, t1, *params):
        ctx.velocity, ctx.step, ctx.steps, ctx.names, ctx.along = settings
        theta = dict(zip(ctx.names, params, strict=True))
        z1 = solve(lambda t, z: ctx.velocity(z, t, theta), z0, t0, t1, ctx.steps, ctx.step)
        ctx.save_for_backward(z1, t0, t1, *params)
        return z1

    @staticmethod
    def backward(ctx, bar):
        a, t0_bar, t1_bar, grads = backward_solve(ctx, bar, ctx.along)
        return None, a, t0_bar, t1_bar, *grads


def adjoint(z0, t0, t1, theta, velocity, step, steps, along):
    return Adjoint.apply((velocity, step, steps, list(theta), along), z0, t0, t1, *theta.values())


@form("odeint_adjoint", "a Function with the augmented solve, both times read off")
def adjoint_read_off(z0, t0, t1, theta, velocity, method, steps):
    return adjoint(z0, t0, t1, theta, velocity, STEPS[method], steps, along=False)


@form("odeint_adjoint", "the time's adjoint as one more component", convention="t₀ integrated along the way")
def adjoint_along(z0, t0, t1, theta, velocity, method, steps):
    return adjoint(z0, t0, t1, theta, velocity, STEPS[method], steps, along=True)


@form("odeint_adjoint", "the usual library's adjoint",
      convention="rk4 is the 3/8 rule, t₀ integrated along the way")
def adjoint_of_the_library(z0, t0, t1, theta, velocity, method, steps):
    return adjoint(z0, t0, t1, theta, velocity, OTHER[method], steps, along=True)


@form("odeint_running_cost", "regularised flows: the cost as one more component")
def with_running_cost(z0, t0, t1, theta, velocity, cost, method, steps):
    def rates(t, state):
        f = velocity(state[0], t, theta)
        return Several([f, 0.5 * (f if cost == "kinetic" else state[0]).pow(2).sum(dim=1)])

    z1, total = solve(rates, Several([z0, torch.zeros_like(z0[:, 0])]), t0, t1, steps, STEPS[method])
    return {"z1": z1, "cost": total}


@form("odeint_running_cost", "regularised flows: means over components", convention="cost is the mean over components")
def with_mean_cost(z0, t0, t1, theta, velocity, cost, method, steps):
    def rates(t, state):
        f = velocity(state[:, :-1], t, theta)
        what = f if cost == "kinetic" else state[:, :-1]
        return torch.cat([f, 0.5 * (what**2).mean(dim=1, keepdim=True)], dim=1)

    joint = solve(rates, torch.cat([z0, torch.zeros_like(z0[:, :1])], 1), t0, t1, steps, STEPS[method])
    return joint[:, :-1], joint[:, -1]


TABLEAU = [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
]
NODES, WEIGHTS = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1], [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84]


@form("dopri5_steps", "accepted steps of an adaptive solver, taken again")
def dopri5_of_lists(z0, times, theta, velocity):
    z = z0
    for n in range(len(times) - 1):
        h, ks = times[n + 1] - times[n], []
        for c, row in zip(NODES, TABLEAU, strict=True):
            inner = z + h * sum(a * k for a, k in zip(row, ks, strict=True)) if row else z
            ks.append(velocity(inner, times[n] + c * h, theta))
        z = z + h * sum(b * k for b, k in zip(WEIGHTS, ks, strict=True))
    return z


@form("dopri5_steps", "stacked stages and a matrix product", framework="autograd")
def dopri5_in_autograd(z0, times, theta, velocity):
    z = z0
    for n in range(len(times) - 1):
        h, ks = times[n + 1] - times[n], []
        for c, row in zip(NODES, TABLEAU, strict=True):
            inner = z + anp.tensordot(np.array(row, z0.dtype), anp.stack(ks), 1) * h if row else z
            ks.append(velocity(inner, times[n] + c * h, theta))
        z = z + anp.tensordot(np.array(WEIGHTS, z0.dtype), anp.stack(ks), 1) * h
    return z


@form("picard_iteration", "samplers that are parallel in time: a cumulative sum of all slopes")
def picard_by_cumulative_sums(z0, times, h, theta, *, velocity, sweeps):
    trajectory = [z0] * (len(h) + 1)
    for _ in range(sweeps):
        moves = torch.stack([h[n] * velocity(trajectory[n], times[n], theta) for n in range(len(h))])
        trajectory = [z0, *(z0 + moves.cumsum(dim=0))]
    return torch.stack(trajectory[1:], dim=1)


@form("picard_iteration", "lecture notes: the integral as a product with a triangle of ones", framework="autograd")
def picard_by_a_triangle(z0, times, h, theta, *, velocity, sweeps):
    until = anp.tril(anp.ones((len(h), len(h))))
    path = [z0] * len(h)
    for _ in range(sweeps):
        slopes = anp.stack([velocity(z, t, theta) for z, t in zip(path, times, strict=True)])
        after = z0 + anp.einsum("nm,m,mbd->nbd", until, h, slopes)
        path = [z0, *after[:-1]]
    return anp.moveaxis(after, 0, 1)

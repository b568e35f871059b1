"""A neural differential equation learns a limit cycle from short noisy pieces of paths, and is then let run on.

`python docs/gallery/neural_ode.py` trains (40 s), draws neural_ode.svg and writes neural_ode.json.
"""

import numpy as np
from studio import Adam, layers, publish, seeded

from refdgm.nets.field import Field
from refdgm.nets.mlp import mlp
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint

NOISE, SPAN, RADIUS = 0.02, 0.4, 1.5


def flow(z, t):
    """The exact flow of r_dot = r(1 − r²), φ_dot = 1: every path turns once in 2π and tends to the unit circle."""
    r, angle = np.hypot(*z.T), np.arctan2(z[:, 1], z[:, 0]) + t
    r = r / np.sqrt(r**2 + (1 - r**2) * np.exp(-2 * t))
    return r[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def velocity(z):
    """Of the same equation, in the plane."""
    return z * (1 - np.sum(z**2, axis=1, keepdims=True)) + np.column_stack([-z[:, 1], z[:, 0]])


def field_vjp(z, t, theta):
    """f(z) = mlp(z), the same at all times."""
    f, net = mlp.vjp(z, theta, activation="silu")

    def pullback(f_bar, wrt=("z", "t", "theta")):
        grads = net(f_bar)
        return {"z": grads["x"], "t": np.zeros_like(t), "theta": grads["theta"]}

    return f, pullback


FIELD = Field("autonomous", ("z", "t"), lambda z, t, theta: field_vjp(z, t, theta)[0], field_vjp)


def starts(rng, count):
    """Even in the disc."""
    r, angle = RADIUS * np.sqrt(rng.random(count)), 2 * np.pi * rng.random(count)
    return r[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def train(steps, rng, batch=128):
    theta = layers(rng, 2, 48, 48, 2)
    adam, losses = Adam(theta, 3e-2), []
    for step in range(steps):
        z0 = starts(rng, batch)
        seen = flow(z0, SPAN) + NOISE * rng.standard_normal(z0.shape)
        z1, of_solve = odeint.vjp(z0, 0.0, SPAN, theta, velocity=FIELD, method="rk4", steps=3)
        residual = z1 - seen
        grads = of_solve(residual / batch, wrt="theta")      # of ½ mean ‖z₁ − seen‖²
        adam.step(grads["theta"], 1 - step / steps)
        losses.append(float(np.mean(np.sum(residual**2, axis=1)) / 2))
    return theta, losses


def solve(z0, t, theta, steps=400):
    return odeint(z0, 0.0, t, theta, velocity=FIELD, method="rk4", steps=steps)


def main():
    from style import BLUE, GREY, INK, RED, axes

    rng = seeded(3)
    theta, losses = train(2000, rng)
    z = starts(rng, 2000)
    off = [float(np.sqrt(np.mean(np.sum((solve(z, t, theta, 60) - flow(z, t)) ** 2, axis=1))))
           for t in (SPAN, 10 * SPAN)]
    wrong = float(np.linalg.norm(FIELD.value(z, 0.0, theta) - velocity(z)) / np.linalg.norm(velocity(z)))
    path = [np.array([[1.0, 0.0]])]
    for _ in range(400):
        path.append(solve(path[-1], 0.05, theta, 2))
    x, y = np.concatenate(path).T
    turned = np.unwrap(np.arctan2(y, x))
    period = float(2 * np.pi * 10 / (turned[-1] - turned[200]))
    apart = []
    for steps in (3, 6):
        both = [solver.vjp(z, 0.0, SPAN, theta, velocity=FIELD, method="rk4", steps=steps)[1](z, wrt="theta")["theta"]
                for solver in (odeint, odeint_adjoint)]
        one, other = (np.concatenate([entry.ravel() for entry in grads.values()]) for grads in both)
        apart.append(float(np.linalg.norm(one - other) / np.linalg.norm(one)))
    rows = [[f"relative error of the velocity, radius below {RADIUS:g}", wrong, 0.0],
            [f"error of z({SPAN:g}), the time that was trained", off[0], 0.0],
            [f"error of z({10 * SPAN:g}), ten times as long", off[1], 0.0],
            ["radius of the cycle", float(np.mean(np.hypot(x, y)[200:])), 1.0],
            ["period", period, float(2 * np.pi)],
            ["loss, mean of the last 200 steps", float(np.mean(losses[-200:])), NOISE**2],
            ["gradient by the adjoint equation, off by, 3 steps", apart[0], 0.0],
            ["the same, 6 steps", apart[1], apart[0] / 16]]

    figure, ((left, right),) = axes(2, width=3.6, height=3.0)
    for number, z0 in enumerate(([0.1, 0.0], [1.2, 0.8], [-1.0, -1.1])):
        start, times = np.array([z0]), np.linspace(0, 2 * np.pi, 90)
        exact = np.concatenate([flow(start, t) for t in times])
        learned = np.concatenate([solve(start, t, theta, 60) for t in times])
        left.plot(*exact.T, color=GREY, lw=3.5, label=None if number else "exact")
        left.plot(*learned.T, color=RED, lw=1, label=None if number else "learned")
        left.plot(*start.T, "o", ms=4, color=INK)
    left.set(title="let run for $2\\pi$", aspect="equal", xlim=(-1.6, 1.6), ylim=(-1.6, 1.6))
    left.legend(loc="upper left", fontsize=8)
    right.semilogy(losses, color=BLUE, lw=0.5, rasterized=True)
    right.axhline(NOISE**2, color=INK, ls="--", lw=1)
    right.set(xlabel="step", title="loss, and what the noise leaves of it")
    publish("neural_ode", ["", "learned", "exact"], rows, figure)


if __name__ == "__main__":
    main()

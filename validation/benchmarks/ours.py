"""The candidates "body" and "public": the references called without and with their boundary; and "slices"."""

from typing import Any

from refdgm import (
    denoising_score_matching,
    ffjord_log_density,
    gumbel_softmax,
    implicit_score_matching,
    implicit_score_matching_shallow,
    mlp,
    odeint,
    sliced_score_matching_vr,
)
from refdgm.namespace import namespace
from refdgm.nets.field import SCORES, VELOCITIES

from .workloads import Arrays, Program, Size

OBJECTIVES = {
    "ism": implicit_score_matching,
    "sliced": sliced_score_matching_vr,
    "shallow": implicit_score_matching_shallow,
    "ffjord": ffjord_log_density,
}


def objective(workload: str, arrays: Arrays, size: Size) -> tuple[Any, list[Any], dict[str, Any]]:
    """The reference, its arrays in order, and its options with Fields for their names."""
    ref = OBJECTIVES[workload]
    chosen = {"activation": "silu", "score": SCORES["mlp_silu"], "velocity": VELOCITIES["mlp_tanh"],
              "method": "rk4", "steps": size.steps}
    return ref, [arrays[name] for name in ref.arrays], {name: chosen[name] for name in ref.options}


def body(workload: str, arrays: Arrays, size: Size) -> Program:
    """The plain functions: `.body` and its pullback, nothing checked."""
    if workload == "gumbel":
        draw, y_bar = (arrays["logits"], arrays["gumbel"], arrays["tau"]), arrays["y_bar"]

        def gradient():
            y, pullback = gumbel_softmax.body(*draw)
            return y, pullback(y_bar)

        return lambda: gumbel_softmax.body(*draw)[0], gradient
    theta = arrays["theta"]
    xp = namespace(theta["b1"])
    if workload == "mlp":
        x, target = arrays["x"], arrays["target"]

        def value():
            error = mlp.body(x, theta, activation="silu")[0] - target
            return xp.sum(error * error) / x.shape[0]

        def gradient():
            y, pullback = mlp.body(x, theta, activation="silu")
            error = y - target
            return xp.sum(error * error) / x.shape[0], pullback(error * (2 / x.shape[0]), wrt=("theta",))["theta"]

        return value, gradient
    if workload == "dsm":
        x, eps, sigma = arrays["x"], arrays["eps"], arrays["sigma"]

        def value():
            s = mlp.body(x, theta, activation="silu")[0]
            return xp.mean(denoising_score_matching.body(s, eps, sigma)[0])

        def gradient():
            s, pullback = mlp.body(x, theta, activation="silu")
            loss, loss_pullback = denoising_score_matching.body(s, eps, sigma)
            s_bar = loss_pullback(xp.full_like(loss, 1 / loss.shape[0]))["score"]
            return xp.mean(loss), pullback(s_bar, wrt=("theta",))["theta"]

        return value, gradient
    if workload in OBJECTIVES:
        ref, args, options = objective(workload, arrays, size)

        def gradient():
            loss, pullback = ref.body(*args, **options)
            return xp.mean(loss), pullback(xp.full_like(loss, 1 / loss.shape[0]), wrt=("theta",))["theta"]

        return lambda: xp.mean(ref.body(*args, **options)[0]), gradient
    problem = arrays["z0"], arrays["t0"], arrays["t1"], theta
    options = {"velocity": VELOCITIES["mlp_tanh"], "method": "rk4", "steps": size.steps}

    def value():
        z = odeint.body(*problem, **options)[0]
        return xp.sum(z * z) / z.shape[0]

    def gradient():
        z, pullback = odeint.body(*problem, **options)
        grads = pullback(z * (2 / z.shape[0]), wrt=("z0", "theta"))
        return xp.sum(z * z) / z.shape[0], {"z0": grads["z0"]} | grads["theta"]

    return value, gradient


def on_torch(workload: str, arrays: Arrays, size: Size) -> Program:
    """`.body` and its pullback on tensors, one thread."""
    from .with_torch import tensors

    return body(workload, tensors(arrays), size)


def public(workload: str, arrays: Arrays, size: Size) -> Program:
    """The same through the public calls, with every check that they make by default."""
    if workload == "gumbel":
        draw, y_bar = (arrays["logits"], arrays["gumbel"], arrays["tau"]), arrays["y_bar"]

        def gradient():
            y, pullback = gumbel_softmax.vjp(*draw)
            return y, pullback(y_bar)

        return lambda: gumbel_softmax(*draw), gradient
    theta = arrays["theta"]
    xp = namespace(theta["b1"])
    if workload == "mlp":
        x, target = arrays["x"], arrays["target"]

        def value():
            error = mlp(x, theta, activation="silu") - target
            return xp.sum(error * error) / x.shape[0]

        def gradient():
            y, pullback = mlp.vjp(x, theta, activation="silu")
            error = y - target
            return xp.sum(error * error) / x.shape[0], pullback(error * (2 / x.shape[0]), wrt="theta")["theta"]

        return value, gradient
    if workload == "dsm":
        x, eps, sigma = arrays["x"], arrays["eps"], arrays["sigma"]

        def value():
            return xp.mean(denoising_score_matching(mlp(x, theta, activation="silu"), eps, sigma))

        def gradient():
            s, pullback = mlp.vjp(x, theta, activation="silu")
            mean, grads = denoising_score_matching.value_and_grad(s, eps, sigma, wrt="score")
            return mean, pullback(grads["score"], wrt="theta")["theta"]

        return value, gradient
    if workload in OBJECTIVES:
        ref, args, options = objective(workload, arrays, size)

        def gradient():
            mean, grads = ref.value_and_grad(*args, wrt="theta", **options)
            return mean, grads["theta"]

        return lambda: xp.mean(ref(*args, **options)), gradient
    problem = arrays["z0"], arrays["t0"], arrays["t1"], theta
    options = {"velocity": "mlp_tanh", "method": "rk4", "steps": size.steps}

    def value():
        z = odeint(*problem, **options)
        return xp.sum(z * z) / z.shape[0]

    def gradient():
        z, pullback = odeint.vjp(*problem, **options)
        grads = pullback(z * (2 / z.shape[0]), wrt=("z0", "theta"))
        return xp.sum(z * z) / z.shape[0], {"z0": grads["z0"]} | grads["theta"]

    return value, gradient


def slices(workload: str, arrays: Arrays, size: Size, rows: int = 32) -> Program:
    """The exact trace on slices of the batch, the sums added up: the tangents of a slice stay in the cache."""
    x, theta, score = arrays["x"], arrays["theta"], SCORES["mlp_silu"]
    xp = namespace(x)
    parts = [x[start : start + rows] for start in range(0, size.batch, rows)]

    def value():
        return sum(xp.sum(implicit_score_matching.body(part, theta, score=score)[0]) for part in parts) / size.batch

    def gradient():
        total, gathered = 0.0, {}
        for part in parts:
            loss, pullback = implicit_score_matching.body(part, theta, score=score)
            grads = pullback(xp.full_like(loss, 1 / size.batch), wrt=("theta",))["theta"]
            total += xp.sum(loss)
            gathered = {name: gathered[name] + g if gathered else g for name, g in grads.items()}
        return total / size.batch, gathered

    return value, gradient

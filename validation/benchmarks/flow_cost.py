"""What a gradient of the inverse autoregressive map costs, by its triangular system and through its loop.

    python -m validation.benchmarks.flow_cost

Time: interleaved in this process, one thread, CPU time. Memory: the most that NumPy holds beyond its arguments, and of
torch the storages that its tape keeps.
"""

import json
import tracemalloc

import numpy as np

from refdgm import masked_autoregressive_inverse as reference
from refdgm.nets.field import AUTOREGRESSIVE
from refdgm.nets.layout import mlp_shapes
from refdgm.nets.made import allowed

from .solver_cost import ratio

OPTIONS = {"conditioner": AUTOREGRESSIVE["made_tanh"], "scale": "bounded"}


def drawn(batch: int, features: int, hidden: int):
    """z, both θ, and cotangents."""
    rng = np.random.Generator(np.random.Philox(key=5))
    theta = lambda: {name: rng.normal(size=shape) / np.sqrt(shape[-1])
                     for name, shape in mlp_shapes(features, features, (hidden,)).items()}
    bars = rng.normal(size=(batch, features)), rng.normal(size=batch)
    return (rng.normal(size=(batch, features)), theta(), theta()), bars


def ours(args, bars):
    return lambda: reference.body(*args, **OPTIONS)[1](*bars)


def value(args):
    return lambda: reference.body(*args, **OPTIONS)[0]


def masks(args):
    """Of the first layer and of the second, made once."""
    features, hidden = args[0].shape[1], len(args[1]["b1"])
    return [mask.astype(np.float64) for mask in allowed(np, features, [hidden, features])]


def looped(xp, z, thetas, first, second, columns):
    """The loop as a library that differentiates has it, with weights that are masked once a gradient."""
    held = [(first * t["W1"], t["b1"], second * t["W2"], t["b2"]) for t in thetas]

    def networks(x):
        mu, a = (xp.tanh(x @ W1.T + b1) @ W2.T + b2 for W1, b1, W2, b2 in held)
        return mu, xp.tanh(a)

    found, none = [], 0 * z[:, :1]
    for d in range(z.shape[1]):
        mu, alpha = networks(columns([*found, *[none] * (z.shape[1] - d)]))
        found.append(mu[:, d:d + 1] + z[:, d:d + 1] * xp.exp(alpha[:, d:d + 1]))
    return columns(found), alpha.sum(1)


def autograd_loop(args, bars):
    """The loop under HIPS autograd."""
    import autograd.numpy as anp
    from autograd import grad

    every = masks(args)
    columns = lambda parts: anp.concatenate(parts, axis=1)

    def paired(three):
        outputs = looped(anp, three[0], three[1:], *every, columns)
        return sum(anp.sum(bar * y) for bar, y in zip(bars, outputs, strict=True))

    return lambda: grad(paired)(args)


def torch_loop(args, bars):
    """The loop in torch, eagerly, with its tape."""
    import torch

    torch.set_num_threads(1)
    leaf = lambda x: torch.tensor(x, requires_grad=True)
    z, *thetas = leaf(args[0]), *({name: leaf(x) for name, x in theta.items()} for theta in args[1:])
    every, cotangents = [torch.tensor(mask) for mask in masks(args)], [torch.tensor(bar) for bar in bars]
    columns = lambda parts: torch.cat(parts, dim=1)

    def gradient():
        outputs = looped(torch, z, thetas, *every, columns)
        return torch.autograd.grad(outputs, [z, *(x for theta in thetas for x in theta.values())], cotangents)

    return gradient


def tape(function) -> float:
    """MiB of the distinct storages that torch saves for the backward pass."""
    import torch

    kept: dict[int, tuple[int, object]] = {}

    def pack(x):
        kept[x.untyped_storage().data_ptr()] = x.untyped_storage().nbytes(), x
        return x

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        function()
    return sum(size for size, _ in kept.values()) / 2**20


def held(function) -> float:
    """MiB that arrays of NumPy take at most."""
    function()
    tracemalloc.start()
    function()
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return most


def costs() -> dict[str, dict[str, float]]:
    times, memory = {}, {}
    for features in (4, 16):
        problem = drawn(256, features, 128)
        mine, through_autograd, through_torch = (f(*problem) for f in (ours, autograd_loop, torch_loop))
        times |= {
            f"autograd / ours, D = {features}": ratio(through_autograd, mine),
            f"torch / ours, D = {features}": ratio(through_torch, mine),
            f"ours / value alone, D = {features}": ratio(mine, value(problem[0])),
        }
        memory |= {f"ours, D = {features}": held(mine), f"autograd, D = {features}": held(through_autograd),
                   f"torch's tape, D = {features}": tape(through_torch)}
    return {"times": times, "MiB": memory}


if __name__ == "__main__":
    print(json.dumps({part: {n: round(x, 2) for n, x in found.items()} for part, found in costs().items()}, indent=2))

"""What the gradients of a solve cost beside one another, in time and in memory, with torchdiffeq beside them if asked.

    python -m validation.benchmarks.solver_cost --peers

Time: interleaved in this process, one thread, CPU time. Memory: in fresh processes.
"""

import json
import statistics
import subprocess
import sys
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from refdgm import odeint, odeint_adjoint, odeint_checkpointed
from refdgm.nets.field import VELOCITIES
from refdgm.ode.odeint_adaptive import odeint_adaptive

from .interleave import ROOT, environment
from .worker import seconds_a_call
from .workloads import SIZES, Size, draw

SOLVES = {"kept": odeint, "checkpointed": odeint_checkpointed, "adjoint": odeint_adjoint}
ROUNDS = 3
TOLERANCE = 1e-6


def ours(which: str, arrays, size: Size):
    """The gradient of mean ‖z(1)‖² for z₀ and θ, by one of our solves."""
    problem = arrays["z0"], arrays["t0"], arrays["t1"], arrays["theta"]
    options = {"velocity": VELOCITIES["mlp_tanh"], "method": "rk4", "steps": size.steps}

    def gradient():
        z, pullback = SOLVES[which].body(*problem, **options)
        return pullback(z * (2 / len(z)), wrt=("z0", "theta"))

    return gradient


def adaptive(arrays, tolerance: float):
    """The same by Dormand and Prince's method with error control."""

    def gradient():
        solve = odeint_adaptive(arrays["z0"], 0.0, 1.0, arrays["theta"], velocity="mlp_tanh", rtol=tolerance,
                                atol=tolerance)
        return solve.pullback(solve.value * (2 / len(solve.value)), wrt=("z0", "theta"))

    return gradient


def torchdiffeq(arrays, size: Size, **options):
    """The same by torchdiffeq's continuous adjoint."""
    import torch
    from torchdiffeq import odeint_adjoint as solve

    class Velocity(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for name, x in arrays["theta"].items():
                setattr(self, name, torch.nn.Parameter(torch.tensor(x)))

        def forward(self, t, z):
            h = torch.cat([z, t * torch.ones_like(z[:, :1])], dim=1)
            depth = len(arrays["theta"]) // 2
            for layer in range(1, depth + 1):
                h = torch.nn.functional.linear(h, getattr(self, f"W{layer}"), getattr(self, f"b{layer}"))
                h = torch.tanh(h) if layer < depth else h
            return h

    torch.set_num_threads(1)
    velocity, z0 = Velocity(), torch.tensor(arrays["z0"], requires_grad=True)
    span = torch.tensor([0.0, 1.0], dtype=z0.dtype)

    def gradient():
        z = solve(velocity, z0, span, **options)[-1]
        leaves = (z0, *velocity.parameters())
        found = torch.autograd.grad((z * z).sum() / len(z), leaves)
        return {"z0": found[0], "theta": dict(zip(arrays["theta"], found[1:], strict=True))}

    return gradient


def ratio(numerator, denominator, least: float = 0.1) -> float:
    """The median over rounds of the ratio of their times."""
    counts = {f: max(1, round(least / max(seconds_a_call(f, 1), 1e-6))) for f in (numerator, denominator)}
    found = []
    for turn in range(ROUNDS):
        pair = (numerator, denominator) if turn % 2 == 0 else (denominator, numerator)
        times = {f: seconds_a_call(f, counts[f]) for f in pair}
        found.append(times[numerator] / times[denominator])
    return statistics.median(found)


def apart(grads, exact) -> float:
    """The largest error of a gradient, relative to the largest entry of its array."""
    pairs = [(grads["z0"], exact["z0"]), *((grads["theta"][n], exact["theta"][n]) for n in exact["theta"])]
    pairs = [tuple(np.asarray(x.detach() if hasattr(x, "detach") else x) for x in pair) for pair in pairs]
    return float(max(np.max(np.abs(x - y)) / np.max(np.abs(y)) for x, y in pairs))


def times(peers: bool) -> dict[str, float]:
    """Every ratio that a goal asks for, and those to torchdiffeq where it is installed."""
    peers = peers and bool(find_spec("torchdiffeq"))
    found = {}
    for name in ("small", "medium"):
        size = SIZES["ode"][name]
        for dtype in ("float32", "float64"):
            arrays = draw("ode", size, dtype)
            kept = ours("kept", arrays, size)
            for which in ("checkpointed", "adjoint"):
                found[f"{which} / kept, {name} {dtype}"] = ratio(ours(which, arrays, size), kept)
            if peers:
                theirs = torchdiffeq(arrays, size, method="rk4", options={"step_size": 1 / size.steps})
                found[f"torchdiffeq adjoint / ours, rk4 {name} {dtype}"] = ratio(theirs, ours("adjoint", arrays, size))
        if peers:
            found |= by_dopri5(name, draw("ode", size, "float64"), size)
    return found


def by_dopri5(name: str, arrays, size: Size) -> dict[str, float]:
    """Time at no larger error of the gradient: ours is given the tolerance at which torchdiffeq's is no smaller."""
    exact = adaptive(arrays, 1e-12)()
    theirs = torchdiffeq(arrays, size, method="dopri5", rtol=TOLERANCE, atol=TOLERANCE)
    error, tolerance = apart(theirs(), exact), TOLERANCE
    while apart(adaptive(arrays, tolerance)(), exact) > error:
        tolerance /= 2
    return {
        f"torchdiffeq adjoint / ours, dopri5 {name}": ratio(theirs, adaptive(arrays, tolerance)),
        f"error of the gradient, torchdiffeq dopri5 {name}": error,
        f"error of the gradient, ours dopri5 {name}": apart(adaptive(arrays, tolerance)(), exact),
    }


def peak(which: str, steps: int, of: str) -> float:
    """MiB that one gradient holds at most, in a process of its own."""
    command = [sys.executable, "-m", f"{__package__}.solver_cost", which, str(steps), of]
    env = environment(default_allocator=True)
    out = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return float(out.stdout)


def memory() -> dict[str, float]:
    """MiB by solve and number of steps (medium, float32), and what one step adds."""
    found = {}
    for which in (*SOLVES, *(("torch",) if find_spec("torch") else ())):
        few, many = peak(which, 25, "arrays"), peak(which, 100, "arrays")
        found |= {f"{which}, 25 steps": few, f"{which}, 100 steps": many, f"{which}, a step": (many - few) / 75}
    return found


def alone(which: str, steps: int, of: str) -> float:
    """The most that one gradient holds: of arrays, or of what is resident beyond a solve in one step.

    NumPy tells Python what it allocates; of torch's arrays those are counted that its tape keeps.
    """
    medium = SIZES["ode"]["medium"]
    short, size = (Size(medium.batch, medium.inputs, medium.hidden, n) for n in (1, steps))
    arrays = draw("ode", size, "float32")
    if which == "torch" and of == "arrays":
        return tape(arrays, size)
    if which == "torch":
        from .with_torch import torch_eager

        once, function = (torch_eager("ode", arrays, n)[1] for n in (short, size))
    else:
        once, function = ours(which, arrays, short), ours(which, arrays, size)
    once()  # what is loaded once does not count
    if of == "resident":
        before = most_resident()
        function()
        return most_resident() - before
    tracemalloc.start()
    function()
    return tracemalloc.get_traced_memory()[1] / 2**20


def most_resident() -> float:
    """MiB of this process so far, of Linux; ru_maxrss would begin with what the parent process had."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def tape(arrays, size: Size) -> float:
    """MiB of the distinct storages that torch saves for the backward pass."""
    import torch

    from .with_torch import torch_eager

    kept: dict[int, tuple[int, object]] = {}

    def pack(x):
        kept[x.untyped_storage().data_ptr()] = x.untyped_storage().nbytes(), x
        return x

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        torch_eager("ode", arrays, size)[1]()
    return sum(size for size, _ in kept.values()) / 2**20


def costs(peers: bool) -> dict[str, dict[str, float]]:
    return {"times": times(peers), "memory": memory()}


if __name__ == "__main__":
    words = sys.argv[1:]
    print(alone(words[0], int(words[1]), words[2]) if len(words) > 1 else json.dumps(costs("--peers" in words)))

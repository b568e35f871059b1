"""How each framework is asked for outputs and for gradients at given cotangents.

Every function here takes `(call, inputs, bars, wrt, dtype, device, pair)`: `call` maps a flat dict of the framework's
arrays to the outputs by name (a pair: to the outputs and a function from cotangents to gradients, both by name);
inputs and cotangents are NumPy float64. It returns an `Answer` of NumPy arrays.
"""

import warnings
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np

from refdgm.check.candidates.lending import BESIDE, Lender, outside
from refdgm.check.noise import in_bfloat16, noisy, teach_autograd
from refdgm.check.numbers import Answer, Arrays, comparable, shown

Call = Callable[[dict[str, Any]], Any]


def real(y: Any) -> Any:
    """`y`, unless it is complex: its real part would be compared in silence."""
    if "complex" in str(y.dtype):
        raise TypeError(f"returned {y.dtype}, expected real numbers")
    return y


def whole(x: Any) -> bool:
    """Whether an input is an index, which has the same dtype whatever is computed in."""
    return bool(x.dtype.kind in "iu")


def with_torch(
    call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str, pair: bool
) -> Answer:
    import torch

    kind = getattr(torch, dtype)
    home = lambda y: np.from_dlpack(
        (y.double() if real(y).dtype.is_floating_point else y.long()).detach().cpu().contiguous()
    )
    beside = lambda like: torch.full(
        (like.numel() + 2 * BESIDE,), outside(like.dtype), dtype=like.dtype, device=like.device
    )
    make = lambda x: torch.from_dlpack(np.array(x, order="C")).to(device=device, dtype=None if whole(x) else kind)
    there = Lender(make, home, beside)
    if pair:
        return by_hand(call, there, home, torch.as_tensor, inputs, bars, wrt)
    arrays = {name: there(x).requires_grad_(name in wrt) for name, x in inputs.items()}
    doubled = lambda y: torch.float64 if isinstance(y, float) else None  # a number of Python, as .item() makes one
    outputs = {name: torch.as_tensor(y, dtype=doubled(y)) for name, y in call(arrays).items()}
    answer = shown(outputs, home)
    if wrt and comparable(answer, bars):
        live = [name for name in bars if name in outputs and outputs[name].requires_grad]
        found = [None] * len(wrt)
        if live:
            found = torch.autograd.grad(
                [outputs[name] for name in live],
                [arrays[name] for name in wrt],
                [there(bars[name]).to(outputs[name].dtype) for name in live],
                allow_unused=True,
            )
        for name, g in zip(wrt, found, strict=True):
            if g is None:
                answer.severed.append(name)
            else:
                answer.gradients[name] = home(g)
    there.verify()
    return answer


def with_jax(
    call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str, pair: bool
) -> Answer:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    where = _jax_device(device)
    home = lambda y: np.asarray(y, dtype=np.int64 if jnp.issubdtype(real(y).dtype, jnp.integer) else np.float64)
    make = lambda x: jnp.asarray(np.array(x, order="C"), dtype=x.dtype if whole(x) else dtype)
    there = Lender(lambda x: jax.device_put(make(x), where), home)
    if pair:
        return by_hand(call, there, home, jnp.asarray, inputs, bars, wrt)
    arrays = {name: there(x) for name, x in inputs.items()}

    traced = False

    def smooth(live: dict[str, Any]) -> Any:
        nonlocal traced
        returned = call(arrays | live)
        traced = any(isinstance(y, jax.Array) for y in returned.values())  # no number of Python, no array of NumPy
        outputs = {name: jnp.asarray(y) for name, y in returned.items()}
        return {name: outputs[name] for name in bars if name in outputs}, outputs

    value, pullback, outputs = jax.vjp(smooth, {name: arrays[name] for name in wrt}, has_aux=True)
    answer = shown(outputs, home)
    if wrt and comparable(answer, bars):
        (found,) = pullback({name: there(bars[name]).astype(y.dtype) for name, y in value.items()})
        answer.gradients = {name: np.asarray(g, dtype=np.float64) for name, g in found.items()} if traced else {}
        answer.severed = [] if traced else list(wrt)
    there.verify()
    return answer


def numpy_array(dtype: str) -> Callable[[Any], Any]:
    """Copies in this dtype. NumPy has no bfloat16: its numbers are float64, each rounded to it (`in_bfloat16`)."""
    make = (lambda x: noisy(x.copy())) if dtype == "bfloat16" else lambda x: x.astype(dtype)
    return lambda x: x.copy() if whole(x) else make(x)


def between(like: Any) -> Any:
    """Room for an array with what lies beside it. Numbers that are rounded after every operation stay by themselves."""
    return np.full(like.size + 2 * BESIDE, outside(like.dtype), like.dtype) if type(like) is np.ndarray else None


def rounding_as(dtype: str) -> Any:
    """Within: what NumPy computes with these arrays is rounded to the dtype."""
    return in_bfloat16() if dtype == "bfloat16" else nullcontext()


def with_autograd(
    call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str, pair: bool
) -> Answer:
    import autograd.numpy as anp
    from autograd.core import make_vjp
    from autograd.tracer import getval

    if pair:
        return with_numpy(call, inputs, bars, wrt, dtype, device, pair)
    if dtype == "bfloat16":
        teach_autograd()
    kind, there = np.dtype("float64" if dtype == "bfloat16" else dtype), Lender(numpy_array(dtype), np.asarray, between)
    arrays = {name: there(x) for name, x in inputs.items()}
    seen: dict[str, Any] = {}

    def against(live: dict[str, Any]) -> Any:
        outputs = call(arrays | {name: live[name] for name in wrt})
        for name, y in outputs.items():
            while getval(y) is not y:
                y = getval(y)
            seen[name] = np.array(y, subok=True)
        total = anp.zeros((), dtype=kind)
        for name, bar in bars.items():
            if name in outputs and anp.shape(outputs[name]) == bar.shape:
                total = total + anp.sum(there(bar) * outputs[name])
        return total

    with rounding_as(dtype):
        if not wrt:
            against({})
            there.verify()
            return shown(seen, np.asarray)
        with warnings.catch_warnings(record=True) as warned:
            warnings.filterwarnings("always", "Output seems independent")
            pullback, _ = make_vjp(against, {name: arrays[name] for name in wrt})
            severed = any("Output seems independent" in str(w.message) for w in warned)
        answer = shown(seen, np.asarray)
        if severed:
            answer.severed = list(wrt)
        elif comparable(answer, bars):
            found = pullback(np.ones((), kind))
            answer.gradients = {name: np.asarray(g, dtype=np.float64) for name, g in found.items()}
        there.verify()
        return answer


def with_numpy(
    call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str, pair: bool
) -> Answer:
    with rounding_as(dtype):
        return by_hand(call, Lender(numpy_array(dtype), np.asarray, between), np.asarray, np.asarray, inputs, bars, wrt)


def with_cupy(
    call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str, pair: bool
) -> Answer:
    import cupy

    beside = lambda like: cupy.full(like.size + 2 * BESIDE, outside(like.dtype), like.dtype)
    make = lambda x: cupy.asarray(np.array(x, order="C"), dtype=x.dtype if whole(x) else dtype)
    there = Lender(make, cupy.asnumpy, beside)
    with cupy.cuda.Device(_number(device)):
        return by_hand(call, there, cupy.asnumpy, cupy.asarray, inputs, bars, wrt)


def by_hand(
    call: Call, there: Lender, home: Any, array: Any, inputs: Arrays, bars: Arrays, wrt: list[str]
) -> Answer:
    """A pair: the candidate differentiates itself, by hand."""
    outputs, gradients = call({name: there(x) for name, x in inputs.items()})
    answer = shown({name: array(y) for name, y in outputs.items()}, home)
    if wrt and comparable(answer, bars):
        found = gradients({name: there(bar) for name, bar in bars.items()})
        answer.severed = [name for name, g in found.items() if g is None]
        answer.gradients = {
            name: np.asarray(home(array(g)), dtype=np.float64) for name, g in found.items() if g is not None
        }
    there.verify()
    return answer


def refused(framework: str, device: str) -> str:
    """Why no candidate of this framework can be asked on this device; nothing where it can."""
    if framework == "program":
        why = f"device must be left out for a program, which computes where it likes, got {device!r}; leave it out"
        return why if device != "cpu" else ""
    if framework in ("numpy", "autograd"):
        why = f"device must be cpu for a NumPy or autograd candidate, got {device!r}; write it for torch, JAX or CuPy"
        return why if device != "cpu" else ""
    if device == "cpu":  # CuPy has none but GPUs, and takes the first
        return ""
    try:
        _try(framework, device)
    except Exception as error:
        why = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return f"device must be one that {framework} has here, got {device!r} ({why}); leave it out for the default"
    return ""


def _try(framework: str, device: str) -> None:
    """Bring one number there and back."""
    if framework == "torch":
        import torch

        torch.ones(1).to(device).cpu()
    elif framework == "jax":
        import jax

        np.asarray(jax.device_put(np.ones(1, np.float32), _jax_device(device)))
    else:
        import cupy

        if device.partition(":")[0] != "cuda":
            raise ValueError("CuPy has cuda, cuda:1 and so on")
        with cupy.cuda.Device(_number(device)):
            cupy.asnumpy(cupy.ones(1))


def _jax_device(device: str) -> Any:
    import jax

    return jax.devices(device.partition(":")[0])[_number(device)]


def _number(device: str) -> int:
    """1 of cuda:1, 0 of cuda."""
    return int(device.partition(":")[2] or 0)


WITH = {
    "torch": with_torch,
    "jax": with_jax,
    "autograd": with_autograd,
    "numpy": with_numpy,
    "cupy": with_cupy,
}

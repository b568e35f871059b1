"""How each framework is asked for outputs and for gradients at given cotangents.

Every function here takes `(call, inputs, bars, wrt, dtype, device)`: `call` maps a flat dict of the framework's arrays
to the outputs by name; inputs and cotangents are NumPy float64. It returns an `Answer` of NumPy arrays.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray[Any, Any]]
Call = Callable[[dict[str, Any]], Any]


@dataclass
class Answer:
    """`severed`: gradients for which the framework found no path; `dtype`: the coarsest that came back."""

    outputs: Arrays = field(default_factory=dict)
    gradients: Arrays = field(default_factory=dict)
    severed: list[str] = field(default_factory=list)
    dtype: str = ""


def with_torch(call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str) -> Answer:
    import torch

    kind = getattr(torch, dtype)
    there = lambda x: torch.from_dlpack(np.array(x, order="C")).to(device=device, dtype=kind)
    arrays = {name: there(x).requires_grad_(name in wrt) for name, x in inputs.items()}
    outputs = {name: torch.as_tensor(y) for name, y in call(arrays).items()}
    answer = _shown(outputs, lambda y: np.from_dlpack(_wide(torch, y.detach()).cpu().contiguous()))
    if wrt and _comparable(answer, bars):
        live = [name for name in bars if name in outputs and outputs[name].requires_grad]
        found = [None] * len(wrt)
        if live:
            found = torch.autograd.grad(
                [outputs[name] for name in live], [arrays[name] for name in wrt],
                [there(bars[name]).to(outputs[name].dtype) for name in live], allow_unused=True,
            )
        for name, g in zip(wrt, found, strict=True):
            if g is None:
                answer.severed.append(name)
            else:
                answer.gradients[name] = np.from_dlpack(_wide(torch, g.detach()).cpu().contiguous())
    return answer


def _wide(torch: Any, y: Any) -> Any:
    return y.double() if y.dtype.is_floating_point else y.long()


def with_jax(call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str) -> Answer:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    where = jax.devices(device.partition(":")[0])[0]
    there = lambda x: jax.device_put(jnp.asarray(np.array(x, order="C"), dtype=dtype), where)
    arrays = {name: there(x) for name, x in inputs.items()}

    def smooth(live: dict[str, Any]) -> Any:
        outputs = {name: jnp.asarray(y) for name, y in call(arrays | live).items()}
        return {name: outputs[name] for name in bars if name in outputs}, outputs

    value, pullback, outputs = jax.vjp(smooth, {name: arrays[name] for name in wrt}, has_aux=True)
    answer = _shown(outputs, lambda y: np.asarray(y, dtype=np.float64 if y.dtype.kind not in "iub" else np.int64))
    if wrt and _comparable(answer, bars):
        (found,) = pullback({name: there(bars[name]).astype(y.dtype) for name, y in value.items()})
        answer.gradients = {name: np.asarray(g, dtype=np.float64) for name, g in found.items()}
    return answer


def with_autograd(call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str) -> Answer:
    import autograd.numpy as anp
    from autograd.core import make_vjp
    from autograd.tracer import getval

    kind = np.dtype(dtype)
    arrays = {name: x.astype(kind, copy=True) for name, x in inputs.items()}
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
                total = total + anp.sum(bar.astype(kind) * outputs[name])
        return total

    if not wrt:
        against({})
        return _shown(seen, np.asarray)
    pullback, _ = make_vjp(against, {name: arrays[name] for name in wrt})
    answer = _shown(seen, np.asarray)
    if _comparable(answer, bars):
        answer.gradients = {name: np.asarray(g, dtype=np.float64) for name, g in pullback(np.ones((), kind)).items()}
    return answer


def with_numpy(call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str) -> Answer:
    """A hand-written pair: `call(arrays, bars)` gives the outputs and, for `bars`, the gradients by name."""
    return _pair(np, np.asarray, call, inputs, bars, wrt, dtype)


def with_cupy(call: Call, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str, device: str) -> Answer:
    import cupy

    return _pair(cupy, cupy.asnumpy, call, inputs, bars, wrt, dtype)


def _pair(xp: Any, home: Any, call: Any, inputs: Arrays, bars: Arrays, wrt: list[str], dtype: str) -> Answer:
    there = lambda x: xp.asarray(np.array(x, order="C"), dtype=dtype)
    outputs, gradients = call({name: there(x) for name, x in inputs.items()})
    answer = _shown({name: xp.asarray(y) for name, y in outputs.items()}, home)
    if wrt and _comparable(answer, bars):
        found = gradients({name: there(bar) for name, bar in bars.items()})
        answer.gradients = {name: np.asarray(home(xp.asarray(g)), dtype=np.float64) for name, g in found.items()}
    return answer


def _shown(outputs: dict[str, Any], home: Callable[[Any], Any]) -> Answer:
    answer = Answer()
    for name, y in outputs.items():
        told = str(y.dtype).rsplit(".", 1)[-1]
        if told.startswith(("float", "bfloat")) and _bits(told) < _bits(answer.dtype or "float64"):
            answer.dtype = told
        x = np.asarray(home(y))
        if x.dtype.kind not in "fiub":
            raise TypeError(f"output {name} is not an array of numbers, but {told}")
        answer.outputs[name] = x.astype(np.int64 if x.dtype.kind in "iu" else bool if x.dtype.kind == "b" else np.float64)
    return answer


def _bits(dtype: str) -> int:
    return {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}.get(dtype, 53)


def _comparable(answer: Answer, bars: Arrays) -> bool:
    """Whether the outputs have the shapes of the cotangents: otherwise there is nothing to pull back."""
    return all(answer.outputs[name].shape == bar.shape for name, bar in bars.items() if name in answer.outputs)


WITH = {"torch": with_torch, "jax": with_jax, "autograd": with_autograd, "numpy": with_numpy, "cupy": with_cupy}

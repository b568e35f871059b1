"""Classes where a function is asked for: which are none that can be called with a case, and what to give instead."""

import inspect
from typing import Any

from refdgm.check.candidates.form import CandidateError


def refuse(name: str, function: Any) -> None:
    """CandidateError where `function` is a class that must first be made, or an object with forward and backward."""
    kind = function if inspect.isclass(function) else type(function)
    told, both = kind.__name__, hasattr(kind, "forward") and hasattr(kind, "backward")
    way = f"def {name}(…): layer = {told}(); return layer.forward(…), layer.backward"
    if not inspect.isclass(function):
        if both and not callable(function):
            raise CandidateError(f"{name}: {told} has forward and backward, and cannot be called; give a function that "
                                 f"returns (value, pullback): {way}")
        return
    if any(f"{base.__module__}.{base.__name__}" == "torch.nn.modules.module.Module" for base in kind.__mro__):
        raise CandidateError(f"{name}: {told} is a class of torch modules, and a module is asked for; give one: "
                             f'CANDIDATES = {{"{name}": {told}()}}')
    if both and not hasattr(kind, "apply"):  # torch.autograd.Function has it
        raise CandidateError(f"{name}: {told} is a class with forward and backward, and a function is asked for; give "
                             f"one that returns (value, pullback): {way}")

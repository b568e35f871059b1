"""What a failed comparison says: the element, the equation it is computed by, and the known mistake it is equal to."""

import inspect
import re

import numpy as np

from refdgm.evidence.find import mistakes

from .asking import named

ALIKE = 1e-9  # of the largest: no two known mistakes are so near to each other


def told(ref, case, name, got, want, excess, allowed) -> str:
    """A few lines: the worst element first."""
    y, x = got[name], want[name]
    if y.shape != x.shape:
        return f"{name} has the shape {y.shape}, not {x.shape}{equation(ref, name)}"
    at = np.unravel_index(np.argmax(excess), x.shape)
    place = f"[{', '.join(map(str, at))}]" if at else ""
    lines = [
        f"{name}{place} is {y[at]!s}, not {x[at]!s}: off by {excess[at]:.3g}, allowed {allowed}{equation(ref, name)}",
        *(f"it equals the known mistake {wrong.name}: {wrong.what}" for wrong in equal(ref, case, got, want)),
        f"got  {y!r}",
        f"want {x.astype(np.float64)!r}",
    ]
    return "\n".join(lines)


def equation(ref, name) -> str:
    """The numbered equation of an answer, where its line of the body bears a number."""
    word = name.split(".")[1]
    lines = f'(?:"{word}":|\\b{word}_bar =)' if name.startswith("gradient.") else f"\\b{word} ="
    number = re.search(rf"{lines}.*#\s*\((\d+)\)", inspect.getsource(ref.body))
    if not number:
        return ""
    text = re.search(rf"^\s*(.*\S)\s+\({number[1]}\)$", inspect.getdoc(ref.body), re.M)
    return f"\nequation ({number[1]}){': ' + text[1] if text else ''}"


def equal(ref, case, got, want):
    """The known mistakes that give these answers, where they are not those of the textbook."""
    arguments = [case.arguments()[name] for name in ref.arrays]
    for wrong in mistakes(ref.name):
        found = wrong.body(*arguments, **ref.resolved(case.options))
        value, pullback = found if ref.differentiable else (found, None)
        theirs = named(ref, value, pullback(*case.cotangents()) if pullback else {})
        if all(alike(got[name], theirs[name]) for name in got) and not all(alike(want[n], theirs[n]) for n in got):
            yield wrong


def alike(x, y) -> bool:
    x, y = np.asarray(x), np.asarray(y)
    near = ALIKE if x.dtype != np.float32 else 1e-5
    return x.shape == y.shape and bool(np.max(np.abs(x - y), initial=0) <= near * np.max(np.abs(y), initial=1e-300))

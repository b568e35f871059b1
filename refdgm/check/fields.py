"""What a candidate receives for a Field: a plain function `(x, theta)` or `(z, t, theta)` of its own arrays.

It is the reference's own text, running on the candidate's arrays, with `name`, `vjp` and `jvp` on it for candidates
that differentiate by hand. HIPS autograd cannot trace that text; `autograd_fields.py` has the named networks for it.
"""

from collections.abc import Callable
from typing import Any

from refdgm.nets.field import Field


class FieldFunction:
    """A Field as a function; differentiable by whatever framework its arguments belong to."""

    def __init__(self, field: Field) -> None:
        self.name, self.value, self.vjp, self.jvp = field.name, field.value, field.vjp, field.jvp

    def __call__(self, *args: Any) -> Any:
        return self.value(*args)


def as_function(field: Field, framework: str) -> Callable[..., Any]:
    """The function that a candidate of this framework receives."""
    if framework != "autograd":
        return FieldFunction(field)
    from refdgm.check.autograd_fields import score, velocity

    return score(field.name) if field.args == ("x",) else velocity(field.name)

"""Judging somebody else's code: questions → candidates, in a process → judging → diagnosis → run → report.

`candidate`, which marks a function of yours, is loaded when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refdgm.check.candidates.entry import candidate

__all__ = ["candidate"]


def __getattr__(name: str) -> Any:
    if name == "candidate":
        from refdgm.check.candidates.entry import candidate

        return candidate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

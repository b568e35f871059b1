"""For tests, ours and yours: `check` compares a function with the certified cases; cases and strategies draw inputs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refdgm.testing.engine import check

__all__ = ["check"]


def __getattr__(name: str) -> Any:
    """`check`, imported when it is first used: the engine itself draws its cases from this package."""
    if name == "check":
        from refdgm.testing.engine import check

        return check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""For tests, ours and yours: `check` compares a function with the certified cases, `case` is one of them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from refdgm.testing.asked import case
    from refdgm.testing.engine import check

__all__ = ["case", "check"]


def __getattr__(name: str) -> Any:
    """Imported when it is first used: the engine itself draws its cases from this package."""
    if name == "check":
        from refdgm.testing.engine import check

        return check
    if name == "case":
        from refdgm.testing.asked import case

        return case
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

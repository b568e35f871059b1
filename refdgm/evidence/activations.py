"""One case for every activation."""

from typing import Any

from refdgm.evidence.ask import Ask

KINDS = ("tanh", "softplus", "silu")


def with_kinds(comment: str, *rest: Any, **more: Any) -> list[Ask]:
    """The same case for every activation."""
    return [Ask(f"{comment}, {kind}", *rest, options={"activation": kind}, **more) for kind in KINDS]  # type: ignore[misc]

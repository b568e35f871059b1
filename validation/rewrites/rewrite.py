"""What a rewrite is, and the decorator that registers one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DOUBLE, SINGLE = 2.0**-52, 2.0**-23


@dataclass(frozen=True)
class Rewrite:
    name: str
    reference: str
    body: Callable[..., Any]
    what: str
    eps: float = DOUBLE


REWRITES: dict[str, Rewrite] = {}


def rewrite(reference: str, eps: float = DOUBLE) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a body as a rewrite of a reference; its docstring says how it differs."""

    def register(body: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{reference}/{body.__name__}"
        REWRITES[name] = Rewrite(name, reference, body, " ".join((body.__doc__ or "").split()), eps)
        return body

    return register

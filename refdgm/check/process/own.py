"""In the candidate's process: whether it calls refdgm's own functions, which would be compared with themselves.

That is told of every candidate. To one that is not trusted they are refused, and no module of refdgm can be imported
while its code runs.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import update_wrapper
from importlib.abc import MetaPathFinder
from typing import Any

from refdgm.nets import field
from refdgm.reference import Reference

REFUSED = "refdgm is out of reach under --untrusted: a candidate needs nothing of it, CANDIDATES names its functions"
called: list[str] = []  # the references that were called since it was looked at


class Refusing(MetaPathFinder):
    """Finds nothing of ours."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] == "refdgm":
            raise ImportError(REFUSED, name=name)


def watch(catalogue: Mapping[str, Reference], refuse: bool) -> None:
    """From now on every body says that it was called. Networks that we hand to the candidate may call theirs."""
    for ref in catalogue.values():
        ref.body = _watched(ref.name, ref.body, refuse)


def _watched(name: str, body: Callable[..., Any], refuse: bool) -> Callable[..., Any]:
    def watched(*args: Any, **named: Any) -> Any:
        if sys._getframe(1).f_globals is not vars(field):
            called.append(name)
            if refuse:
                raise ImportError(REFUSED)
        return body(*args, **named)

    update_wrapper(watched, body)
    del watched.__wrapped__  # type: ignore[attr-defined]
    return watched


def told() -> list[str]:
    """What was called, once each, in words; and it is forgotten."""
    names, called[:] = list(dict.fromkeys(called)), []
    return [f"calls refdgm's own {name}: refdgm is compared with itself" for name in names]


@contextmanager
def hidden(really: bool) -> Iterator[None]:
    """Within: no module of ours is to be had."""
    if not really:
        yield
        return
    kept = {name: x for name, x in sys.modules.items() if name.partition(".")[0] == "refdgm"}
    refusing = Refusing()
    for name in kept:
        del sys.modules[name]
    sys.meta_path.insert(0, refusing)
    try:
        yield
    finally:
        if refusing in sys.meta_path:
            sys.meta_path.remove(refusing)
        sys.modules.update(kept)

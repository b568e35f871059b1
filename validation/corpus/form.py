"""An entry of the corpus, and the decorator that makes one of a function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Form:
    """A right function, the reference that it is a form of, what it is typical of, and its entry of `CANDIDATES`."""

    reference: str
    function: Callable[..., Any]
    typical: str
    entry: dict[str, Any]

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def framework(self) -> str:
        return self.entry.get("framework", "torch")


def into(forms: list[Form]) -> Callable[..., Any]:
    """`form = into(FORMS)`; then `@form("gaussian_kl", "the loss of VAE tutorials", reduction="sum")`."""

    def form(reference: str, typical: str, **entry: Any) -> Callable[..., Any]:
        def added(function: Callable[..., Any]) -> Callable[..., Any]:
            forms.append(Form(reference, function, typical, entry))
            return function

        return added

    return form

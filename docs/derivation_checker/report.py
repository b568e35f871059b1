"""What was found on a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from mpmath import mp

from .tools import flat


@dataclass
class Failure:
    page: str
    step: str
    trial: int
    what: str
    error: object = None
    value: object = None
    expected: object = None

    def __str__(self):
        head = f"{self.page}: step {self.step}, trial {self.trial}: {self.what}"
        if self.error is None:
            return head
        values = f"\n    value     {_show(self.value)}\n    expected  {_show(self.expected)}"
        return f"{head}, error {mp.nstr(self.error, 3)}{values}"


@dataclass
class Report:
    page: str
    steps: int
    trials: int
    mistakes: int
    errors: dict = field(default_factory=dict)      # step -> worst error against the step that it must equal
    float64: dict = field(default_factory=dict)     # step -> worst error of the package's function
    seconds: float = 0.0
    failures: list = field(default_factory=list)

    def __str__(self):
        verdict = "FAILED" if self.failures else "ok    "
        return (f"{verdict} {self.page}: {self.steps} steps, {self.trials} points, "
                f"worst {_worst(self.errors)}, float64 {_worst(self.float64)}, "
                f"{self.mistakes} mistakes caught, {self.seconds:.1f} s")

    def table(self):
        """One line a step: the two errors."""
        for name in dict.fromkeys([*self.errors, *self.float64]):
            both = [mp.nstr(e[name], 2) if name in e else "-" for e in (self.errors, self.float64)]
            yield f"    {name:32} {both[0]:>9} {both[1]:>9}"


def _worst(errors):
    if not errors:
        return "not run"
    name = max(errors, key=errors.get)
    return f"{mp.nstr(errors[name], 2)} at {name}"


def _show(value):
    return "[" + ", ".join(mp.nstr(v, 40) for v in flat(value)) + "]"

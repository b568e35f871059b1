"""What `check` and `look` hand back: what was found, shown in a line by a console and as a table by a notebook."""

from dataclasses import dataclass

from refdgm.check.judging.checked import Checked
from refdgm.check.report import notebook
from refdgm.check.report.score import scores


@dataclass(repr=False)
class Shown(Checked):
    """What came of one function, and how it is shown."""

    @property
    def score(self) -> float:
        """In [0, 1]: the share of the cases in which outputs and gradients agree, as a report has it."""
        return scores(self)["score"] or 0.0

    def __repr__(self) -> str:
        return notebook.line(self)

    def _repr_html_(self) -> str:
        return notebook.fragment(self)

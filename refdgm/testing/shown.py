"""What `check` and `look` hand back: what was found, shown in a line by a console and as a table by a notebook."""

from dataclasses import dataclass

from refdgm.check.judging.checked import Checked
from refdgm.check.report import notebook


@dataclass(repr=False)
class Shown(Checked):
    """What came of one function, and how it is shown."""

    def __repr__(self) -> str:
        return notebook.line(self)

    def _repr_html_(self) -> str:
        return notebook.fragment(self)

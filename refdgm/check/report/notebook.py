"""What a notebook shows of a function that was checked: a line of text, and the part of the HTML report on it.

Letters have the colour of the notebook, light or dark; nothing that a candidate says is markup, or a formula.
"""

from refdgm.check import verdicts
from refdgm.check.judging.checked import Checked
from refdgm.check.report import html
from refdgm.check.report.look import CLASS, INSIDE
from refdgm.check.report.remarks import told
from refdgm.check.report.short import kind

IGNORED = "tex2jax_ignore mathjax_ignore"  # a notebook sets what stands between two dollars


def line(checked: Checked) -> str:
    """`<gaussian_kl in float64: loses digits, 69 of 69 cases answered>`."""
    found = " ".join("".join(c if c.isprintable() else " " for c in told(checked)).split())
    return f"<{checked.title} in {checked.dtype}: {found}, {checked.answered} of {checked.asked} cases answered>"


def fragment(checked: Checked) -> str:
    """Its verdict and what is said of it; a table of outputs and gradients, open where it is not plainly right."""
    shown = "" if checked.verdict == verdicts.AGREES else " open"
    inside = f'<div class="table">{html.table(checked)}</div>'
    if kind(checked) != "yes":
        inside += html.equations(checked)
    table = f'<details{shown}><summary>outputs and gradients</summary>{inside}</details>'
    return (f'{INSIDE}<div class="{CLASS} {kind(checked)} {IGNORED}"><p><b>{html.heading(checked)}</b></p>'
            f"{html.about(checked)}{table if checked.results else ''}</div>")

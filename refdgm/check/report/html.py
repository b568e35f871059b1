"""The report as one page of HTML, with nothing to fetch: verdicts, errors against conditions, the formulas.

Everything that a candidate says passes `escape`. There is no script.
"""

import inspect
import math
import re
from collections.abc import Iterable
from html import escape

from refdgm.check import verdicts
from refdgm.check.dtypes import BITS
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.judging.tolerance import C
from refdgm.check.report import exits, files, terminal
from refdgm.check.report.look import LOOK
from refdgm.check.report.remarks import messages, remarks
from refdgm.check.report.short import MARKS, kind, said
from refdgm.version import __version__

WIDE, HIGH, EDGE = 420, 240, 34  # of a picture
DECADES = 17.0  # of conditions and of errors, in units of the roundoff
EQUATION = re.compile(r"^( {4,}\S.*)$", re.M)
RAISED = re.compile(r"\^(?:\{([^{}]*)\}|(−?[^\W_](?:_[^\W_])?))")
BARRED = re.compile(r"(?<![A-Za-z])([^\W\d_])_bar(?![a-z])")
LOWERED = re.compile(r"((?<![A-Za-z])[^\W\d_](?:_(?:hat|tilde|dot))?|</span>)_(?:\{([^{}]*)\}|([^\W_])(?![A-Za-z]))")
HEAD = ("", "verdict", "cases", "digits", "ulps", "worst at", "got", "right", "in case")


def as_html(
    found: list[Checked], label: str, code: int, unloaded: Iterable[tuple[str, str]] = ()
) -> str:
    """The whole page: the last line of the terminal first, then function by function, what differs before the rest."""
    order = sorted(found, key=lambda one: ("no", "meant", "yes").index(kind(one)))
    failed = "".join(f'<section class="no"><h2>{MARKS["no"]} {escape(name)}</h2><p>not loaded: {escape(why)}</p>'
                     "</section>" for name, why in unloaded)
    return (f'{files.HTML}<html lang="en"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>refdgm check {escape(label)}</title>'
            f"{LOOK}</head><body><header><h1>{escape(label)}</h1>"
            f"<p>refdgm {__version__}, exit code {code} ({exits.WORDS[code]})</p>"
            f"<p>{escape(terminal.summary(found, code)[0])}</p></header>{failed}"
            f"{''.join(map(section, order))}</body></html>\n")


def section(checked: Checked) -> str:
    """One function: its verdict, what is said of it, the table of its roles, the picture, the equations."""
    mark = kind(checked)
    return (f'<section class="{mark}"><h2>{heading(checked)}</h2>{about(checked)}'
            f'<div class="table">{table(checked)}</div><div class="beside">{picture(checked)}{equations(checked)}</div>'
            f"</section>")


def heading(checked: Checked) -> str:
    """Its mark, its name, the dtype."""
    return f"{MARKS[kind(checked)]} {escape(checked.title)} <small>{escape(checked.dtype)}</small>"


def about(checked: Checked) -> str:
    """Its verdict and what is said of it."""
    lines = [text.strip() for text, _ in remarks(checked)] or messages(checked)
    body = "".join(f"<p>{escape(line)}</p>" for line in lines
                   if not any(line.endswith(text) for _, text in checked.equals))
    equal = "".join(f'<p class="equal"><b>{escape(", ".join(roles).replace("output.", ""))}</b>: {typeset(text)}</p>'
                    for roles, text in checked.equals)
    return f'<p class="said">{typeset(said(checked))}</p>{equal}{body}'


def table(checked: Checked) -> str:
    """The rows of the terminal, all columns."""
    if not checked.results:
        return ""
    every = [HEAD, *([text for text, _ in row] for row in terminal.rows(checked))]
    head, *rows = (f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in row)}</tr>"
                   for tag, row in zip(("th", *["td"] * (len(every) - 1)), every, strict=True))
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def equations(checked: Checked) -> str:
    """Those of the reference, which a function that differs is held against."""
    lines = EQUATION.findall(inspect.getdoc(checked.ref.body) or "")
    return f'<figure class="equations">{"".join(map(_equation, lines))}<figcaption>what is right</figcaption></figure>'


def _equation(line: str) -> str:
    formula, number = re.fullmatch(r"\s*(.*?)(?:\s{2,}(\(\w+\)))?\s*", line).groups()  # type: ignore[union-attr]
    return f"<div><span>{typeset(formula)}</span><span>{escape(number or '')}</span></div>"


def typeset(text: str) -> str:
    """A line of ours, escaped, with a bar over x for x_bar, what stands after ^ above and after _ below; names
    with a _ stay names."""
    text = BARRED.sub(r'<span class="bar">\1</span>', escape(text))
    text = RAISED.sub(lambda match: f"<sup>{match[1] or match[2]}</sup>", text)
    return LOWERED.sub(lambda match: f"{match[1]}<sub>{match[2] or match[3]}</sub>", text)


def picture(checked: Checked) -> str:
    """Error against condition, both in units of the roundoff: what stands below the line agrees."""
    points = [point for result in checked.results for outcome in result.outcomes if (point := _point(result, outcome))]
    if not points:
        return ""
    at = lambda x, y: (EDGE + (WIDE - EDGE - 8) * x / DECADES, HIGH - EDGE + 8 - (HIGH - EDGE - 8) * y / DECADES)
    marks = "".join(f'<circle class="{shown}" cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{escape(name)}</title></circle>'
                    for (x, y), shown, name in ((at(x, y), shown, name) for x, y, shown, name in points))
    bound = (at(k / 4, min(DECADES, math.log10(C * (1 + 10 ** (k / 4))))) for k in range(4 * int(DECADES) + 1))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in bound)
    ticks = "".join(f'<text x="{at(k, 0)[0]:.1f}" y="{HIGH + 8}" class="x">{_power(k)}</text>'
                    f'<text x="{EDGE - 5}" y="{at(0, k)[1] + 4:.1f}" class="y">{_power(k)}</text>'
                    for k in (0, 4, 8, 12, 16))
    return (f'<figure><svg viewBox="0 0 {WIDE} {HIGH + 14}" role="img" aria-label="error against condition">'
            f'<polyline points="{line}"/>{marks}{ticks}</svg><figcaption>the worst element of every array: its error '
            "against what perturbing the inputs changes, both in roundoffs of the right number; above the line digits "
            "are lost, or it is another function</figcaption></figure>")


def _power(k: int) -> str:
    return "1" if k == 0 else "10" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(k))


def _point(result: Result, outcome: Outcome) -> tuple[float, float, str, str] | None:
    """(condition, error, class, name), logarithms of units of the roundoff; what is exact stands at the bottom, also
    where it is infinite."""
    if outcome.got is None or outcome.expected is None or result.tolerance is None:
        return None
    unit = 2.0 ** -BITS[result.tolerance.dtype] * abs(outcome.expected)
    error = 0.0 if outcome.got == outcome.expected else abs(outcome.got - outcome.expected)
    shown = ("meant" if outcome.verdict in (verdicts.LOSES, verdicts.COARSE) or outcome.spared
             else "yes" if outcome.verdict in verdicts.PASSING else "no")
    condition = _decades(result.tolerance.measured(outcome.role, outcome.at), unit)
    return condition, _decades(error, unit), shown, f"{outcome.role} in {result.question.case.id}: {outcome.verdict}"


def _decades(x: float, unit: float) -> float:
    """Within the picture: nothing at one end; what is no number, or is measured by none, at the other."""
    if x == 0:
        return 0.0
    return min(DECADES, max(0.0, math.log10(x / unit))) if x > 0 and 0 < unit < math.inf and x < math.inf else DECADES

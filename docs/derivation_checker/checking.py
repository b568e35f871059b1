"""A page at random points: every step against the one that it must equal, every mistake caught."""

import time

from mpmath import mp

from .package import package
from .page import Given, Mistake, Step
from .report import Failure, Report
from .tools import TOOLS, flat, points


def distance(a, b):
    """The largest |a − b| / (1 + |b|); infinite for NaN, no entries, or another number of them."""
    a, b = flat(a), flat(b)
    if len(a) != len(b) or not a or not all(map(mp.isfinite, a + b)):
        return mp.inf
    return max(abs(x - y) / (1 + abs(y)) for x, y in zip(a, b, strict=True))


def tolerance(step, digits):
    return mp.mpf(step.fields.get("tol", 0)) or mp.mpf(10) ** (10 - digits)


def evaluate(source, names):
    return eval(f"({source})", names)


def run(page, trial):
    """Evaluate a page at one random point: yields each block with the names and values known there."""
    names, values = {**TOOLS, **points(f"{page.name} {trial}")}, {}
    for block in page.blocks:
        if isinstance(block, Given):
            exec(block.source, names)
        elif isinstance(block, Step):
            values[block.name] = evaluate(block.expression, names)
        yield block, names, values


def check(page, *, digits=40, trials=3, code=True):
    """Check a page at `trials` random points: the report, with its failures.

    A mistake is evaluated where it stands on the page, so it sees what is given above it.
    """
    begun = time.perf_counter()
    report = Report(page.name, len(page.of(Step)), trials, 0)
    caught = dict.fromkeys(page.of(Mistake), 0)
    with mp.workdps(digits):
        for trial in range(trials):
            name = "given"
            try:
                for block, names, values in run(page, trial):
                    name = block.step if isinstance(block, Mistake) else block.name
                    if isinstance(block, Step):
                        _check_step(report, block, names, values, trial, digits, code)
                    elif isinstance(block, Mistake):
                        caught[block] += _check_mistake(report, page, block, names, values, trial, digits)
            except Exception as error:  # whatever a page raises is a failure of the page, and is shown
                what = f"{type(error).__name__}: {error}"
                report.failures.append(Failure(page.name, f"after {name!r}", trial, what))
    report.mistakes = sum(n == trials for n in caught.values())
    report.seconds = time.perf_counter() - begun
    return report


def _check_step(report, step, names, values, trial, digits, code):
    value = values[step.name]
    if step.against is not None:
        expected = values[step.against]
        error = distance(value, expected)
        report.errors[step.name] = max(error, report.errors.get(step.name, mp.zero))
        if not error <= tolerance(step, digits):
            what = f"differs from {step.against}"
            report.failures.append(Failure(report.page, step.name, trial, what, error, value, expected))
    if step.call and code:
        target = step.fields["code"]
        reached = evaluate(step.call, {**names, "package": package(target)})
        error = distance(reached, value)
        report.float64[step.name] = max(error, report.float64.get(step.name, mp.zero))
        if not error <= mp.mpf(step.fields.get("float64", "1e-12")):
            what = f"{target} differs from the derivation"
            report.failures.append(Failure(report.page, step.name, trial, what, error, reached, value))


def _check_mistake(report, page, mistake, names, values, trial, digits):
    step = page.step(mistake.step)
    wrong = evaluate(mistake.expression, names)
    if len(flat(wrong)) != len(flat(values[step.name])):
        what = f"the mistake has another shape: {mistake.why}"
        report.failures.append(Failure(page.name, step.name, trial, what))
        return False
    error = distance(wrong, values[step.against])
    if not mp.isfinite(error) or error <= tolerance(step, digits):
        what = f"the mistake is not caught: {mistake.why}"
        report.failures.append(Failure(page.name, step.name, trial, what, error, wrong, values[step.against]))
        return False
    return True

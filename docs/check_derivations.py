"""Check the derivation pages: every line of every derivation, at random points, with 40 digits.

    python docs/check_derivations.py                        all pages
    python docs/check_derivations.py gumbel_softmax         one page
    python docs/check_derivations.py --assumptions          what the pages assume and do not check

A page is Markdown with three kinds of fence:

    ```{given} name          Python statements: the objects of the chain that follows, at random points.
    ```{step} name           TeX, a line `---`, a Python expression that says the same.
    ```{mistake} step-name   a sentence, a line `---`, a wrong expression that must be caught at that step.

The first step after a `{given}` is the definition from which a chain starts; each further step must have the
value of the step before it, |a − b| / (1 + |b|) ≤ tol in every entry. Fields of a step, one a line at its top:

    :from: name | none       compare with that step instead; `none` starts a new chain
    :tol: 1e-20              instead of 10^(10 − digits); a looser one needs a reason
    :because: text           an assumption, or the reason for the tolerance
    :code: module:function   the package's own function; after a second `---` stands an expression that calls
                             it as `package(...)`, evaluated in float64 and compared with the step's value
    :float64: 1e-12          the tolerance of that comparison

Equality at random points is strong evidence, not proof; what it cannot see (exchanged limits, vanishing
boundary terms) stands in `:because:`. Pages are executed: check only pages that you would run as programs.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import random
import re
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from mpmath import mp

PAGES = Path(__file__).resolve().parent / "derivations"
FIELDS = {"from", "tol", "because", "code", "float64"}
FENCE = re.compile(r"^```\{(\w+)\}[ \t]*(\S*)[ \t]*\n(.*?)^```[ \t]*$", re.S | re.M)
OPENING = re.compile(r"^```\{", re.M)
RULE = re.compile(r"^---[ \t]*$", re.M)


# --- pages -----------------------------------------------------------------------------------------------

class BadPage(ValueError):
    """The page breaks a rule of form; nothing on it was evaluated."""


@dataclass(frozen=True)
class Given:
    name: str
    source: str


@dataclass(frozen=True)
class Step:
    name: str
    tex: str
    expression: str
    call: str = ""
    fields: dict = field(default_factory=dict)
    against: str | None = None          # the step that it must equal; None where a chain starts


@dataclass(frozen=True)
class Mistake:
    step: str
    why: str
    expression: str


@dataclass(frozen=True)
class Page:
    name: str
    blocks: tuple

    def of(self, kind):
        return [b for b in self.blocks if isinstance(b, kind)]

    def step(self, name):
        return next(s for s in self.of(Step) if s.name == name)

    def with_expression(self, name, expression):
        """The same page with another expression in one step (for the tests of the checker)."""
        old = self.step(name)
        new = replace(old, expression=expression)
        return replace(self, blocks=tuple(new if b is old else b for b in self.blocks))


def parse(text, name="page"):
    """A page from its Markdown text; BadPage if its form is wrong."""
    fences = FENCE.findall(text)
    if len(fences) != len(OPENING.findall(text)):
        raise BadPage(f"{name}: a fence is not closed")
    blocks, previous = [], None
    for kind, title, body in fences:
        parts = [p.strip() for p in RULE.split(body)]
        if kind == "given":
            blocks.append(Given(title, body))
            previous = None
        elif kind == "step":
            step = _step(name, title, parts, previous)
            blocks.append(step)
            previous = step.name
        elif kind == "mistake":
            if len(parts) != 2 or not all(parts):
                raise BadPage(f"{name}: mistake in {title!r} needs a sentence, `---` and an expression")
            blocks.append(Mistake(title, *parts))
        else:
            raise BadPage(f"{name}: unknown fence {{{kind}}}")
    page = Page(name, tuple(blocks))
    lint(page)
    return page


def _step(page, title, parts, previous):
    fields, tex = {}, []
    for line in parts[0].splitlines():
        match = re.match(r":(\w+):\s*(.*)$", line)
        if match and not tex:
            if match[1] not in FIELDS or match[1] in fields:
                raise BadPage(f"{page}: step {title!r} has an unknown or repeated field :{match[1]}:")
            fields[match[1]] = match[2].strip()
        else:
            tex.append(line)
    if len(parts) != (3 if "code" in fields else 2):
        raise BadPage(f"{page}: step {title!r} needs TeX, `---`, an expression (with :code:, `---`, a call)")
    against = fields.get("from", previous)
    return Step(title, "\n".join(tex).strip(), parts[1], parts[2] if "code" in fields else "", fields,
                None if against == "none" else against)


# --- lints -----------------------------------------------------------------------------------------------

def lint(page):
    """The rules of form, each of which closes a way for a page to pass without saying anything."""
    steps = page.of(Step)
    if not steps:
        raise BadPage(f"{page.name}: no steps")
    seen = {}
    for step in steps:
        _lint_step(page.name, step, seen)
        seen[step.name] = step
    used = {s.against for s in steps}
    for step in steps:
        if step.against is None and step.name not in used:
            raise BadPage(f"{page.name}: step {step.name!r} is compared with nothing")
    if not steps[-1].call:
        raise BadPage(f"{page.name}: the last step, {steps[-1].name!r}, does not reach the package (:code:)")
    if not page.of(Mistake):
        raise BadPage(f"{page.name}: no {{mistake}}: nothing shows that the page can fail")
    for mistake in page.of(Mistake):
        _lint_mistake(page.name, mistake, seen)


def _lint_step(page, step, seen):
    if not step.name or step.name in seen:
        raise BadPage(f"{page}: step {step.name!r} has no name or one that is taken")
    if not step.tex:
        raise BadPage(f"{page}: step {step.name!r} has no TeX")
    tree = _tree(page, step.name, step.expression)
    if step.against is not None:
        if step.against not in seen:
            raise BadPage(f"{page}: step {step.name!r} is from {step.against!r}, which is not above it")
        if tree == _tree(page, step.against, seen[step.against].expression):
            raise BadPage(f"{page}: step {step.name!r} is vacuous: the same expression as {step.against!r}")
    for key in ("tol", "float64"):
        if key in step.fields and not 0 < float(step.fields[key]) < 1e-3:
            raise BadPage(f"{page}: step {step.name!r} has :{key}: {step.fields[key]}, which tests nothing")
    if ("tol" in step.fields or "float64" in step.fields) and not step.fields.get("because"):
        raise BadPage(f"{page}: step {step.name!r} sets its own tolerance without :because:")
    if step.call and not _mentions(step.call, "package"):
        raise BadPage(f"{page}: step {step.name!r} has :code: but does not call `package(...)`")
    if _mentions(step.expression, "package"):
        raise BadPage(f"{page}: step {step.name!r} uses the package in its 40-digit expression")


def _lint_mistake(page, mistake, seen):
    if mistake.step not in seen:
        raise BadPage(f"{page}: a mistake in {mistake.step!r}, which is no step")
    if seen[mistake.step].against is None:
        raise BadPage(f"{page}: a mistake in {mistake.step!r}, a definition: nothing could catch it there")
    right = seen[mistake.step].expression
    if _tree(page, mistake.step, mistake.expression) == _tree(page, mistake.step, right):
        raise BadPage(f"{page}: the mistake in {mistake.step!r} is the step itself")


def _tree(page, name, expression):
    """The syntax tree as text with bound variables numbered: spacing, brackets, their names do not matter."""
    try:
        tree = ast.parse(f"({expression})", mode="eval")
    except SyntaxError as error:
        raise BadPage(f"{page}: step {name!r}: {error.msg}: {expression}") from None
    bound = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            bound.setdefault(node.arg, f"_{len(bound)}")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.setdefault(node.id, f"_{len(bound)}")
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.arg = bound[node.arg]
        elif isinstance(node, ast.Name):
            node.id = bound.get(node.id, node.id)
    return ast.dump(tree)


def _mentions(expression, name):
    tree = ast.parse(f"({expression})", mode="eval")
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


# --- what pages may use ----------------------------------------------------------------------------------

def points(seed):
    """Random points with 20 binary digits after the point: the same number in 40 digits and in float64."""
    rng = random.Random(seed)

    def real(lo=-2, hi=2):
        return mp.mpf(round((lo + (hi - lo) * rng.random()) * 2**20)) / 2**20

    def vec(n, lo=-2, hi=2):
        return [real(lo, hi) for _ in range(n)]

    def mat(n, m, lo=-2, hi=2):
        return [vec(m, lo, hi) for _ in range(n)]

    return {"real": real, "pos": lambda lo=0.4, hi=2.5: real(lo, hi), "vec": vec, "mat": mat}


def D(f, x):
    """f'(x), by a central difference at more than twice the working precision."""
    return mp.diff(f, x)


def put(v, j, t):
    """v with entry j replaced; j is an index or a tuple of indices."""
    j, *deeper = j if isinstance(j, tuple) else (j,)
    w = list(v)
    w[j] = put(w[j], tuple(deeper), t) if deeper else t
    return w


def grad(f, v):
    """All partial derivatives of a scalar f at a number, vector or matrix, in its shape, each by D."""
    if not isinstance(v, (list, tuple)):
        return D(f, v)
    return [grad(lambda t, j=j: f(put(v, j, t)), v[j]) for j in range(len(v))]


def quad(f, *knots):
    """∫ f from the first to the last knot, tanh-sinh between each two; refuses what has not converged."""
    value, error = mp.quad(f, list(knots), error=True)
    if not error <= mp.mpf(10) ** (8 - min(mp.dps, 40)):     # inside D the precision is raised
        raise ArithmeticError(f"quadrature has not converged: {mp.nstr(error, 3)}")
    return value


def line(f, centre=0, width=1, reach=16, steps=4):
    """∫ f over the line by the trapezoidal rule: exponentially accurate for what is analytic and decays.

    Where f is narrower than the page foresaw, the points are doubled, three times at most. Refuses a result that half
    the points do not confirm, or whose ends are not small. (Trefethen and Weideman, SIAM Review 56, 2014.)
    """
    h, n = mp.mpf(width) / steps, reach * steps
    values = [f(centre + k * h) for k in range(-n, n + 1)]
    fine, coarse = h * mp.fsum(values), 2 * h * mp.fsum(values[n % 2::2])
    digits = min(mp.dps, 40)                                 # inside D the precision is raised
    # Halving h squares the error, so what both agree on to half the digits holds to all of them.
    agree = lambda: abs(fine - coarse) <= mp.mpf(10) ** (-digits // 2) * (1 + abs(fine))
    for _ in range(3):
        if agree():
            break
        h, n = h / 2, 2 * n
        fine, coarse = fine / 2 + h * mp.fsum(f(centre + k * h) for k in range(1 - n, n, 2)), fine
    if not agree():
        raise ArithmeticError(f"the trapezoidal rule has not converged: {mp.nstr(fine - coarse, 3)}")
    # More points see nothing of what is cut off: as much as a page's tolerance must not be left at the ends.
    ends = width * (abs(values[0]) + abs(values[-1]))
    if not ends <= mp.mpf(10) ** (10 - digits) * (1 + abs(fine)):
        raise ArithmeticError(f"the integrand has not decayed: {mp.nstr(ends, 3)}")
    return fine


def flat(value):
    """All numbers of a nested list, in order."""
    if isinstance(value, (list, tuple)):
        return [entry for part in value for entry in flat(part)]
    return [mp.mpf(value)]


def dot(a, b):
    """The sum of products of all entries."""
    a, b = flat(a), flat(b)
    if len(a) != len(b):
        raise ValueError(f"dot of {len(a)} and {len(b)} entries")
    return mp.fsum(x * y for x, y in zip(a, b, strict=True))


def matvec(a, v):
    return [dot(row, v) for row in a]


def transpose(a):
    return [list(column) for column in zip(*a, strict=True)]


def argmax(v):
    """The index of the largest entry, the lowest one at ties."""
    return max(range(len(v)), key=lambda k: (v[k], -k))


TOOLS = {
    **{name: getattr(mp, name) for name in (
        "mpf", "exp", "log", "sqrt", "sin", "cos", "atan", "tanh", "expm1", "fsum", "factorial", "limit", "inf", "pi",
    )},
    "D": D, "grad": grad, "put": put, "quad": quad, "line": line, "flat": flat, "dot": dot, "matvec": matvec,
    "transpose": transpose, "argmax": argmax,
}


def package(target):
    """The function `module:name` of the package, taking and giving nested lists, computing in float64."""
    import numpy as np

    module, _, name = target.partition(":")
    ref = getattr(importlib.import_module(module), name)

    def inwards(x):
        if isinstance(x, dict):
            return {k: inwards(v) for k, v in x.items()}
        return np.asarray(_floats(x), dtype=np.float64)

    def outwards(x):
        if isinstance(x, dict):
            return {k: outwards(v) for k, v in x.items()}
        if isinstance(x, tuple):
            return tuple(map(outwards, x))
        return _numbers(np.asarray(x).tolist())

    def call(*arguments, **options):
        options = {k: ref.args[k].known.get(v, v) for k, v in options.items()}     # fields by name
        result = ref.body(*map(inwards, arguments), **options)
        if not (isinstance(result, tuple) and len(result) == 2 and callable(result[1])):
            return outwards(result)
        value, pullback = result
        return outwards(value), lambda *bars: outwards(pullback(*map(inwards, bars)))

    return call


def _floats(x):
    return [_floats(v) for v in x] if isinstance(x, (list, tuple)) else float(x)


def _numbers(x):
    return [_numbers(v) for v in x] if isinstance(x, list) else mp.mpf(x)


# --- checking --------------------------------------------------------------------------------------------

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


# --- the command -----------------------------------------------------------------------------------------

def pages(names=()):
    """The files of the named pages; of all of them where none is named."""
    if names:
        return [p if (p := Path(n)).suffix == ".md" and p.exists() else PAGES / f"{p.stem}.md" for n in names]
    return sorted(p for p in PAGES.glob("*.md") if p.name != "README.md")


def load(path):
    return parse(path.read_text(encoding="utf-8"), path.name)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check the derivation pages at random points.")
    parser.add_argument("page", nargs="*", help="page names or files (default: all)")
    parser.add_argument("--digits", type=int, default=40)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--steps", action="store_true", help="the errors of every step")
    parser.add_argument("--maths-only", action="store_true", help="do not run the package's functions")
    parser.add_argument("--assumptions", action="store_true", help="list what the pages assume")
    options = parser.parse_args(arguments)
    if not 20 <= options.digits <= 45 or options.trials < 1:
        parser.error("20 to 45 digits (integrals are cut where 45 do not notice) and at least one trial")
    failed = False
    for path in pages(options.page):
        try:
            page = load(path)
        except (BadPage, OSError) as error:
            print(f"FAILED {error}")
            failed = True
            continue
        if options.assumptions:
            for step in page.of(Step):
                if "because" in step.fields:
                    print(f"{page.name}: {step.name}: {step.fields['because']}")
            continue
        report = check(page, digits=options.digits, trials=options.trials, code=not options.maths_only)
        print(report, flush=True)
        if options.steps:
            print(*report.table(), sep="\n")
        for failure in report.failures:
            print(f"  {failure}")
        failed |= bool(report.failures)
    return int(failed)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))     # a checkout needs no installation
    sys.exit(main())

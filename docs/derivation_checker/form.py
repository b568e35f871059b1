"""From Markdown text to a page, refused where its form is wrong."""

import ast
import re

from .page import BadPage, Given, Mistake, Page, Step

FIELDS = {"from", "tol", "because", "code", "float64"}
LINES = r"(?: (?!```) [^\n]* \n )*"
BLOCK = re.compile(rf"""
    (?: ^```math\n (?P<tex> {LINES} ) ```\n\n | (?P<why> (?: ^>[^\n]*\n )+ ) \n )?
    ^<details><summary> (?P<kind> \S+) [ ] <code> (?P<name> [^<\n]* ) </code></summary>\n
    (?P<code> (?: \n```python\n {LINES} ```\n )+ ) \n
    ^</details>$""", re.M | re.X)
OPENING = re.compile(r"^(?:<details>|```math\n|> ⚠)", re.M)
CODE = re.compile(r"^```python\n(.*?)^```$", re.S | re.M)
FIELD = re.compile(r"# (\w+): (.*)\n")
MISTAKE = "⚠ **Known mistake**:"
START, CHECKED = "definition", "✓"  # what a step is called that begins a chain, and one that is compared


def blocks(text, name="page"):
    """Each block of a page as it stands there: the match, its kind, its name, its code."""
    found = list(BLOCK.finditer(text))
    if stray := OPENING.search(BLOCK.sub("", text)):
        raise BadPage(f"{name}: no block of a known form begins with {stray.string[stray.start():][:60]!r}")
    return [(match, match["kind"], match["name"], CODE.findall(match["code"])) for match in found]


def parse(text, name="page"):
    """A page from its Markdown text; BadPage if its form is wrong."""
    made, previous = [], None
    for match, kind, title, code in blocks(text, name):
        if kind == "given" and match["tex"] is match["why"] is None and len(code) == 1:
            made.append(Given(title, code[0]))
            previous = None
        elif kind in (START, CHECKED) and match["why"] is None:
            step = _step(name, title, (match["tex"] or "").strip(), code, previous)
            if (kind == START) != (step.against is None):
                what = step.against or "nothing"
                raise BadPage(f"{name}: step {title!r} is called {kind}, and is compared with {what}")
            made.append(step)
            previous = step.name
        elif kind == "⚠":
            why = " ".join(line.removeprefix(">").strip() for line in (match["why"] or "").splitlines())
            if not (why := why.removeprefix(MISTAKE).strip()) or len(code) != 1:
                raise BadPage(f"{name}: mistake in {title!r} needs a sentence and an expression")
            made.append(Mistake(title, why, code[0].strip()))
        else:
            raise BadPage(f"{name}: unknown block {kind!r} {title!r}")
    page = Page(name, tuple(made))
    lint(page)
    return page


def _step(page, title, tex, code, previous):
    fields, expression = {}, code[0]
    while match := FIELD.match(expression):
        if match[1] not in FIELDS or match[1] in fields:
            raise BadPage(f"{page}: step {title!r} has an unknown or repeated field {match[1]}")
        fields[match[1]] = match[2].strip()
        expression = expression[match.end():]
    if len(code) != (2 if "code" in fields else 1):
        raise BadPage(f"{page}: step {title!r} needs an expression (with code, another that calls it)")
    against = fields.get("from", previous)
    return Step(title, tex, expression.strip(), code[1].strip() if "code" in fields else "", fields,
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
        raise BadPage(f"{page.name}: the last step, {steps[-1].name!r}, does not reach the package (code)")
    if not page.of(Mistake):
        raise BadPage(f"{page.name}: no mistake: nothing shows that the page can fail")
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
            raise BadPage(f"{page}: step {step.name!r} has {key} {step.fields[key]}, which tests nothing")
    if ("tol" in step.fields or "float64" in step.fields) and not step.fields.get("because"):
        raise BadPage(f"{page}: step {step.name!r} sets its own tolerance without a because")
    if step.call and not _mentions(step.call, "package"):
        raise BadPage(f"{page}: step {step.name!r} has code but does not call `package(...)`")
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

"""From Markdown text to a page, refused where its form is wrong."""

import ast
import re

from .page import BadPage, Given, Mistake, Page, Step

FIELDS = {"from", "tol", "because", "code", "float64"}
FENCE = re.compile(r"^```\{(\w+)\}[ \t]*(\S*)[ \t]*\n(.*?)^```[ \t]*$", re.S | re.M)
OPENING = re.compile(r"^```\{", re.M)
RULE = re.compile(r"^---[ \t]*$", re.M)


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

"""The derivation pages hold, and the program that says so is able to say otherwise."""

import re
import sys
import types
from pathlib import Path

import pytest

mpmath = pytest.importorskip("mpmath")
mp = mpmath.mp

DOCS = Path(__file__).resolve().parents[2] / "docs"
if str(DOCS) not in sys.path:
    sys.path.append(str(DOCS))  # as a program has its folder there

import check_derivations as program  # noqa: E402
from derivation_checker import checking, form, tools  # noqa: E402
from derivation_checker.page import BadPage, Mistake, Step  # noqa: E402

from refdgm import CATALOGUE  # noqa: E402

from ..turns import in_turn  # noqa: E402

QUICK = ("classifier_free_guidance", "gumbel_softmax", "odeint", "vector_quantization")
FILES = program.pages()
each_page = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
each_in_turn = pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem not in CATALOGUE or in_turn([path.stem])], ids=lambda path: path.stem)

GOOD = """
<details><summary>given <code>numbers</code></summary>

```python
x, y = real(0.5, 2), real(0.5, 2)
```

</details>

```math
(x+y)^2
```

<details><summary>definition <code>square</code></summary>

```python
(x + y)**2
```

</details>

```math
=x^2+2xy+y^2
```

<details><summary>✓ <code>expanded</code></summary>

```python
x**2 + 2 * x * y + y**2
```

</details>

> ⚠ **Known mistake**: The cross term is forgotten.

<details><summary>⚠ <code>expanded</code></summary>

```python
x**2 + y**2
```

</details>

```math
=(x+y)(x+y)
```

<details><summary>✓ <code>package</code></summary>

```python
# code: made_up_module:square
(x + y) * (x + y)
```

```python
package(x, y)
```

</details>
"""
LAST, MISTAKEN = GOOD.index("```math\n=(x+y)(x+y)"), GOOD.index("> ⚠")


@pytest.fixture
def square(monkeypatch):
    """A package of one function; a test may replace its body."""
    function = types.SimpleNamespace(body=lambda x, y: (x + y) ** 2, indices=())
    module = types.ModuleType("made_up_module")
    module.square = function
    monkeypatch.setitem(sys.modules, "made_up_module", module)
    return function


def test_the_index_names_every_page_once():
    assert {path.stem for path in FILES} >= {*QUICK}
    index = (program.PAGES / "README.md").read_text(encoding="utf-8")
    for path in FILES:
        assert index.count(f"[{path.stem}]({path.name})") == (path != program.ERRATA)


@each_in_turn
def test_page_holds(path):
    """At one point; the next test asks every step at another, and the command at three."""
    page = program.load(path)
    report = checking.check(page, trials=1)
    assert not report.failures, "\n".join(map(str, report.failures))
    assert report.mistakes == len(page.of(Mistake)) >= 1
    assert set(report.float64) == {s.name for s in page.of(Step) if s.call}


@each_in_turn
def test_every_mistake_and_every_nudge_is_caught_at_its_step(path):
    """One pass: where a step is reached, put each wrong expression in its place, in the step's own names."""
    page = program.load(path)
    mistakes, seen = page.of(Mistake), 0
    nudged = "[e * (1 + mpf('1e-25')) if e else mpf('1e-25') for e in flat({})]"
    with mp.workdps(40):
        for step, names, values in checking.run(page, trial=7):
            if not isinstance(step, Step) or step.against is None:
                continue
            limit, expected = checking.tolerance(step, 40), values[step.against]
            assert checking.distance(values[step.name], expected) <= limit
            nudge = checking.evaluate(nudged.format(step.expression), names)
            assert checking.distance(nudge, expected) > limit, f"{step.name} does not notice 1 + 1e-25"
            for mistake in (m for m in mistakes if m.step == step.name):
                wrong = checking.evaluate(mistake.expression, names)
                assert limit < checking.distance(wrong, expected) < mp.inf, mistake.why
                seen += 1
    assert seen == len(mistakes)


@pytest.mark.parametrize("name", QUICK)
def test_a_mistake_put_into_the_page_fails_first_at_its_step(name):
    page = program.load(program.PAGES / f"{name}.md")
    for mistake in page.of(Mistake):
        wrong = page.with_expression(mistake.step, mistake.expression)
        report = checking.check(wrong, trials=1, code=False)
        assert report.failures[0].step == mistake.step


def test_good_page_passes(square):
    report = checking.check(form.parse(GOOD))
    assert not report.failures
    assert (report.steps, report.mistakes, set(report.float64)) == (3, 1, {"package"})


def test_a_wrong_package_is_caught(square):
    square.body = lambda x, y: (x + y) ** 2 * (1 + 1e-11)
    failures = checking.check(form.parse(GOOD), trials=1).failures
    assert [f.step for f in failures] == ["package"]
    assert "differs from the derivation" in str(failures[0])


def test_a_missing_package_is_no_pass():
    failures = checking.check(form.parse(GOOD), trials=1).failures
    assert len(failures) == 1 and "ModuleNotFoundError" in failures[0].what


def test_a_mistake_that_is_none_is_reported(square):
    harmless = GOOD.replace("\nx**2 + y**2\n", "\n(x + y) ** 3 / (x + y)\n")
    failures = checking.check(form.parse(harmless), trials=1).failures
    assert [f.step for f in failures] == ["expanded"] and "not caught" in failures[0].what


def test_a_mistake_of_another_shape_is_reported(square):
    crude = GOOD.replace("\nx**2 + y**2\n", "\n[x**2, y**2]\n")
    assert "another shape" in checking.check(form.parse(crude), trials=1).failures[0].what


@pytest.mark.parametrize("expression", [
    "x**2 + 2 * x * y - y**2",                          # wrong
    "(x + y)**2 * (1 + mpf('1e-25'))",                  # almost right
    "mpf('nan')",
    "inf",
    "[]",
    "[(x + y)**2, (x + y)**2]",                         # another number of entries
    "undefined_name",
])
def test_a_wrong_step_fails(square, expression):
    page = form.parse(GOOD).with_expression("expanded", expression)
    assert checking.check(page, trials=1).failures


REFUSED = {
    "no steps": (GOOD, ""),
    "same expression as 'square'": ("x**2 + 2 * x * y + y**2", "( (x+y) ** 2 )"),
    "does not reach the package": (GOOD[LAST:], ""),
    "nothing shows that the page can": (GOOD[MISTAKEN:LAST], ""),
    "which is no step": ("⚠ <code>expanded", "⚠ <code>expandde"),
    "nothing could catch it there": ("⚠ <code>expanded", "⚠ <code>square"),
    "is the step itself": ("\nx**2 + y**2", "\nx**2 + 2*x*y + y**2"),
    "no name or one that is taken": ("✓ <code>expanded", "✓ <code>square"),
    "has no TeX": ("```math\n=x^2+2xy+y^2\n```\n\n", ""),
    "unknown or repeated field": ("x**2 + 2 * x", "# tolerance: 1\nx**2 + 2 * x"),
    "which is not above it": ("x**2 + 2 * x", "# from: package\nx**2 + 2 * x"),
    "is called ✓, and is compared with nothing": ("x**2 + 2 * x", "# from: none\nx**2 + 2 * x"),
    "is called definition, and is compared with square": ("✓ <code>expanded", "definition <code>expanded"),
    "'square' is compared with nothing": ("✓ <code>expanded</code></summary>\n\n```python\n",
                                            "definition <code>expanded</code></summary>\n\n```python\n# from: none\n"),
    "without a because": ("x**2 + 2 * x", "# tol: 1e-20\nx**2 + 2 * x"),
    "which tests nothing": ("x**2 + 2 * x", "# tol: 1e-2\n# because: why not\nx**2 + 2 * x"),
    "does not call `package": ("package(x, y)", "(x + y)**2"),
    "uses the package in its": ("(x + y) * (x + y)", "package(x, y)"),
    "needs a sentence": (" The cross term is forgotten.", ""),
    "needs an expression": ("```python\npackage(x, y)\n```\n\n", ""),
    "unknown block 'givne'": ("given <code>numbers", "givne <code>numbers"),
    "unknown block 'given'": ("<details><summary>given", "> ⚠ **Known mistake**: none.\n\n<details><summary>given"),
    "begins with '```math": ("=x^2+2xy+y^2\n```\n\n<", "=x^2+2xy+y^2\n```\n\nWords.\n\n<"),
    "begins with '> ⚠": ("forgotten.\n\n<", "forgotten.\n\nWords.\n\n<"),
    "begins with '<details>": ("2)\n```\n\n</details>\n", "2)\n```\n"),
    "invalid syntax": ("(x + y)**2\n", "(x + y)***2\n"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_page_of_bad_form_is_refused(reason):
    before, after = REFUSED[reason]
    assert before in GOOD
    with pytest.raises(BadPage, match=re.escape(reason)):
        form.parse(GOOD.replace(before, after, 1))


def test_renaming_bound_variables_is_vacuous():
    page = GOOD.replace("(x + y)**2\n", "[a * x for a in (x, y)]\n")
    page = page.replace("x**2 + 2 * x * y + y**2", "[b * x for b in (x, y)]")
    with pytest.raises(BadPage, match="vacuous"):
        form.parse(page)


def test_the_command(square, tmp_path, capsys):
    good, bad, malformed = (tmp_path / f"{name}.md" for name in ("good", "bad", "malformed"))
    good.write_text(GOOD)
    bad.write_text(GOOD.replace("2 * x * y", "3 * x * y"))
    malformed.write_text("no fences")
    assert program.main([str(good)]) == 0
    assert "ok     good.md: 3 steps, 3 points" in capsys.readouterr().out
    assert program.main([str(good), str(bad)]) == 1
    out = capsys.readouterr().out
    assert "bad.md: step expanded, trial 0: differs from square, error" in out
    assert "value     [" in out and "expected  [" in out
    assert program.main([str(malformed)]) == 1
    assert program.main([str(tmp_path / "absent")]) == 1


def test_integrals_refuse_what_has_not_converged():
    with mp.workdps(40):
        assert abs(tools.line(lambda x: mp.exp(-x * x / 2)) - mp.sqrt(2 * mp.pi)) < 1e-38
        assert abs(tools.quad(mp.exp, 0, 1) - (mp.e - 1)) < 1e-38
        with pytest.raises(ArithmeticError, match="has not converged"):
            tools.line(lambda x: abs(x) * mp.exp(-x * x / 2))
        with pytest.raises(ArithmeticError, match="has not converged"):
            tools.line(lambda x: 1 / (1 + x * x))
        with pytest.raises(ArithmeticError, match="has not decayed"):       # 5e-26 is left at 16
            tools.line(lambda x: mp.exp(-x * x / mp.mpf("4.4")))
        with pytest.raises(ArithmeticError):
            tools.quad(lambda x: abs(x - mp.mpf(1) / 3), 0, 1)


def test_an_integrand_narrower_than_foreseen_gets_more_points():
    """A bell of a tenth of the width, whose first points stand 2.5 of its deviations apart."""
    asked = []
    with mp.workdps(40):
        got = tools.line(lambda x: asked.append(x) or mp.exp(-50 * x * x))
        assert abs(got - mp.sqrt(2 * mp.pi) / 10) < 1e-38
    assert len(asked) == len(set(asked)) == 2 * 16 * 4 * 8 + 1


def test_points_are_exact_in_float64():
    numbers = tools.points("a seed")
    for value in [numbers["real"](), *numbers["vec"](20), *numbers["mat"](3, 3)[2], numbers["pos"]()]:
        assert mp.mpf(float(value)) == value


def test_derivatives_are_those_of_calculus():
    with mp.workdps(40):
        x = [mp.mpf("0.5"), mp.mpf("1.5")]
        gradient = tools.grad(lambda v: mp.sin(v[0]) * v[1] ** 2, x)
        exact = [mp.cos(x[0]) * x[1] ** 2, 2 * mp.sin(x[0]) * x[1]]
        assert checking.distance(gradient, exact) < 1e-38

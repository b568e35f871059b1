"""The definitions judge the references, so they are judged here: by what they may say, and by other means.

The strict rules are for what judges: the definition itself (`softmax`), the forms `__differentiated`, `__held` and
`__pullback`, and all that these call. All other forms (`__usual`, `__shifted`, …) are what authors write where a
library differentiates: they may choose by `where` and `max`, and call `refdgm.evidence.traced`.
"""

import ast
import inspect
from pathlib import Path

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.test_util import check_grads

from refdgm import CATALOGUE, evidence
from refdgm.cases import draw, options_grid
from refdgm.check.candidates.answering import received
from refdgm.evidence.definitions import JUDGES, definition
from refdgm.evidence.nets.fields import Field

from ..kit.drawing import LANE_SIZES
from ..turns import in_turn

FOLDER = Path(evidence.__file__).parent
# The definitions, and what they share.
TEXTS = {
    ".".join(path.relative_to(FOLDER.parents[1]).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted([*FOLDER.glob("*/*/definition.py"), FOLDER / "nets" / "fields.py", FOLDER / "ode" / "steps.py",
                        FOLDER / "flow" / "bijections.py",
                        FOLDER / "diffusion" / "components.py"])
}  # fmt: skip

# What the balls and autograd share, by NumPy's spelling. `max` is not among them: no definition shifts anything.
VOCABULARY = {
    "exp", "log", "sqrt", "tanh", "sin", "cos", "sum", "argmax", "argmin", "stack", "concatenate", "reshape",
    "swapaxes", "transpose", "zeros", "ones", "eye", "arange", "abs", "sort", "repeat",
}
USUAL = VOCABULARY | {"where", "max", "minimum", "dot"}
KEYWORDS = {"axis", "keepdims"}


def functions(text):
    """By name, those of a class as its own."""
    return {node.name: node for node in text.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def called(module, name):
    """Where a name of a module was defined, among the definitions."""
    if name in functions(TEXTS[module]):
        return module, name
    for node in TEXTS[module].body:
        if isinstance(node, ast.ImportFrom) and node.module in TEXTS:
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return called(node.module, alias.name)
    return None


def judging():
    """Every function that judges: those of the words, and what they call."""
    left = [(module, name) for module, text in TEXTS.items() for name in functions(text)
            if name.partition("__")[0] in CATALOGUE and name.partition("__")[2] in ("", *JUDGES)]  # fmt: skip
    left += [("refdgm.evidence.nets.fields", "Field"), ("refdgm.evidence.flow.bijections", "Bijection")]
    found = set()
    while left:
        at = left.pop()
        if at not in found:
            found.add(at)
            names = (node.id for node in ast.walk(functions(TEXTS[at[0]])[at[1]]) if isinstance(node, ast.Name))
            left += [there for name in names if (there := called(at[0], name))]
    return sorted(found)


JUDGING = {f"{module.split('.')[-2]}.{name}": functions(TEXTS[module])[name] for module, name in judging()}


def calls(text):
    """The functions of the namespace `xp` that a text calls, each with its keywords."""
    for node in ast.walk(text):
        found = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if found and ast.unparse(node.func.value) in ("xp", "self.xp"):
            yield node.func.attr, {keyword.arg for keyword in node.keywords}


def test_vocabulary():
    """Kills: a stable form borrowed from the reference, and what only one of the judges understands."""
    for name, text in JUDGING.items():
        for function, keywords in calls(text):
            assert function in VOCABULARY, f"{name}: xp.{function}"
            assert keywords <= KEYWORDS, f"{name}: xp.{function} with {keywords - KEYWORDS}"
        assert not [node for node in ast.walk(text) if isinstance(node, ast.Name) and node.id == "traced"], name


def test_no_branch_on_a_number():
    """Comparisons of words and of indices only: the text must be the same function everywhere."""
    for name, text in JUDGING.items():
        for node in ast.walk(text):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                words = [side for side in sides if isinstance(side, ast.Constant)]
                assert any(side.value is None or isinstance(side.value, str) for side in words) or all(
                    isinstance(side, ast.Name) and side.id in ("i", "j", "layer", "depth") for side in sides
                ), f"{name}, line {node.lineno}"


def test_vocabulary_of_the_usual_forms():
    for module, text in TEXTS.items():
        for function, keywords in calls(text):
            assert function in USUAL, f"{module}: xp.{function}"
            assert keywords <= KEYWORDS, f"{module}: xp.{function} with {keywords - KEYWORDS}"


def test_imports_other_definitions_only():
    for module, text in TEXTS.items():
        for node in ast.walk(text):
            assert not isinstance(node, ast.Import), f"{module}, line {node.lineno}"
            if isinstance(node, ast.ImportFrom):
                traced = (node.module, [alias.name for alias in node.names]) == ("refdgm.evidence", ["traced"])
                assert traced or node.module in TEXTS, f"{module}, line {node.lineno}"


def test_none_replaces_another():
    for module, text in TEXTS.items():
        names = [node.name for node in text.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        assert len(set(names)) == len(names), {(module, name) for name in names if names.count(name) > 1}


def test_every_reference_has_one():
    for name in CATALOGUE:
        assert callable(definition(name).value), name


def test_nothing_is_left_over():
    """A form of a reference that is no more, or that stands in the folder of another."""
    for module, text in TEXTS.items():
        for name in functions(text):
            head, form, _ = name.partition("__")
            if form:
                assert CATALOGUE[head].body.__module__ == module.replace(".evidence", "").removesuffix(".definition")


@pytest.mark.parametrize("score", ["mlp_tanh", "mlp_softplus", "mlp_silu", "linear"])
def test_the_trace_is_that_of_the_network_s_jacobian(score):
    """The Jacobian written as a product of layers, against autograd's of the plain network."""
    case = draw(CATALOGUE["implicit_score_matching"], 5, sizes=LANE_SIZES, options={"score": score})
    x, theta = case.arguments()["x"], case.arguments()["theta"]

    def network(row):
        if score == "linear":
            return anp.dot(theta["A"], row) + theta["b"]
        return Field(anp, score, timed=False)(row[None], theta)[0]

    jacobians = np.stack([autograd.jacobian(network)(row) for row in x])
    np.testing.assert_allclose(Field(np, score, timed=False).jacobian(x, theta), jacobians, rtol=1e-12, atol=1e-14)
    values = np.stack([network(row) for row in x])
    want = np.sum(values**2, axis=1) / 2 + np.trace(jacobians, axis1=1, axis2=2)
    got = definition("implicit_score_matching").value(np, x, theta, score=score)
    np.testing.assert_allclose(got, want, rtol=1e-12)


# Drawn levels make steps of a hundred, in whose chaos differences see nothing, and states whose squares overflow.
GENTLE = {"annealed_langevin": {"sigmas": np.array([1.5, 1.0]), "base_step": np.asarray(0.125)},
          "predictor_corrector": {"h": np.full(4, 0.125), "step": np.full(4, 0.125)},
          "probability_flow_log_density_estimate": {"low": np.asarray(0.25), "high": np.asarray(1.0)}}


@pytest.mark.parametrize("name", [n for n in in_turn(CATALOGUE) if CATALOGUE[n].differentiable])
def test_autograd_agrees_with_differences(name):
    """autograd's own check: a rule of autograd may be wrong too."""
    ref, text = CATALOGUE[name], definition(name)
    for options in options_grid(ref):
        case = draw(ref, 3, sizes=LANE_SIZES, options=options)
        arguments = case.arguments() | GENTLE.get(name, {})
        held = dict(arguments)
        bars = case.cotangents()

        def paired(*moving, arguments=arguments, held=held, options=options, bars=bars):
            full = [*(arguments | dict(zip(ref.wrt, moving, strict=True))).values()]
            outputs = text.held(anp, held, *full) if text.held else text.value(anp, *full, **options)
            outputs = outputs if len(ref.result) > 1 else (outputs,)
            chosen = [y for n, y in zip(ref.result, outputs, strict=True) if n in ref.bars]
            return sum(anp.sum(bar * y) for bar, y in zip(bars, chosen, strict=True))

        # all arguments as one, for of several it checks the first alone
        check_grads(lambda moving, paired=paired: paired(*moving), modes=["rev"], order=1)(
            tuple(arguments[n] for n in ref.wrt)
        )


def test_the_two_forms_of_softmax_are_one_function():
    """The odds are there for their derivative; as values they are the quotient."""
    case = draw(CATALOGUE["gumbel_softmax"], 7, sizes=LANE_SIZES)
    args = case.arguments().values()
    text = definition("gumbel_softmax")
    np.testing.assert_allclose(text.differentiated(np, *args), text.value(np, *args), rtol=1e-13)


@pytest.mark.parametrize("name", CATALOGUE)
def test_all_forms_are_one_function(name):
    """The values; that their derivatives are one is seen in tests/check/test_other_forms.py."""
    ref, text = CATALOGUE[name], definition(name)
    for options in options_grid(ref):
        case = draw(ref, 7, sizes=LANE_SIZES, options=options)
        args = [*case.arguments().values()]
        fields = {n: received(ref.args[n].known[options[n]], "autograd") for n in options if ref.args[n].field}
        want = text.value(np, *args, **options)
        for form in [*text.usual.values(), *([text.linear] if text.linear else [])]:
            digits = 1e-7 if form is text.linear else 1e-9  # a library's own function may have half of them
            got = form(anp, *args, **options | fields)
            got = got[0] if text.pullback else got
            many = isinstance(want, tuple)
            for mine, theirs in zip(got if many else [got], want if many else [want], strict=True):
                np.testing.assert_allclose(mine, theirs, rtol=digits, atol=1e-12)


def test_a_softplus_may_be_that_of_a_library():
    """One is linear above 20: whoever has it in a form has the other form too, so that nobody is blamed for it."""
    for name in CATALOGUE:
        text = definition(name)
        if "softplus(" in inspect.getsource(text.usual["usual"]):
            assert text.linear is not None, name

"""The oracles judge the references, so they are judged here: by what they may say, and by other means."""

import ast
from pathlib import Path

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.test_util import check_grads

from refdgm import CATALOGUE
from refdgm.cases import draw, options_grid

from . import oracles
from .kit.drawing import LANE_SIZES
from .oracles import gumbel_softmax, implicit_score_matching, networks

FOLDER = Path(oracles.__file__).parent
TEXTS = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))}

# What the balls and autograd share, by NumPy's spelling. `max` is not among them: no oracle shifts anything.
VOCABULARY = {
    "exp", "log", "sqrt", "tanh", "sin", "cos", "sum", "argmax", "argmin", "stack", "concatenate", "reshape",
    "swapaxes", "transpose", "zeros", "ones", "eye", "arange", "abs",
}
KEYWORDS = {"axis", "keepdims"}


def calls(text):
    """The functions of the namespace `xp` that a text calls, each with its keywords."""
    for node in ast.walk(text):
        found = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if found and isinstance(node.func.value, ast.Name) and node.func.value.id == "xp":
            yield node.func.attr, {keyword.arg for keyword in node.keywords}


@pytest.mark.parametrize("name", TEXTS)
def test_vocabulary(name):
    """Kills: a stable form borrowed from the reference, and what only one of the judges understands."""
    for function, keywords in calls(TEXTS[name]):
        assert function in VOCABULARY, f"xp.{function}"
        assert keywords <= KEYWORDS, f"xp.{function} with {keywords - KEYWORDS}"


@pytest.mark.parametrize("name", TEXTS)
def test_imports_other_oracles_only(name):
    for node in ast.walk(TEXTS[name]):
        assert not isinstance(node, ast.Import), f"line {node.lineno}"
        assert not isinstance(node, ast.ImportFrom) or node.level == 1, f"line {node.lineno}"


@pytest.mark.parametrize("name", TEXTS)
def test_no_branch_on_a_number(name):
    """Comparisons of words and of indices only: the text must be the same function everywhere."""
    for node in ast.walk(TEXTS[name]):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            assert any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides) or all(
                isinstance(side, ast.Name) and side.id in ("i", "j", "layer", "depth") for side in sides
            ), f"line {node.lineno}"


def test_every_reference_has_one():
    assert set(CATALOGUE) <= set(TEXTS)
    for name in CATALOGUE:
        functions = [node.name for node in TEXTS[name].body if isinstance(node, ast.FunctionDef)]
        imported = [alias.name for n in TEXTS[name].body if isinstance(n, ast.ImportFrom) for alias in n.names]
        assert "value" in functions + imported, name


@pytest.mark.parametrize("score", ["mlp_tanh", "mlp_softplus", "mlp_silu", "linear"])
def test_the_trace_is_that_of_the_network_s_jacobian(score):
    """The Jacobian written as a product of layers, against autograd's of the plain network."""
    case = draw(CATALOGUE["implicit_score_matching"], 5, sizes=LANE_SIZES, options={"score": score})
    x, theta = case.arguments()["x"], case.arguments()["theta"]

    def network(row):
        if score == "linear":
            return anp.dot(theta["A"], row) + theta["b"]
        return networks.mlp(anp, row[None], theta, score.split("_")[1])[0]

    jacobians = np.stack([autograd.jacobian(network)(row) for row in x])
    np.testing.assert_allclose(networks.score(np, score, x, theta)[1], jacobians, rtol=1e-12, atol=1e-14)
    values = np.stack([network(row) for row in x])
    want = np.sum(values**2, axis=1) / 2 + np.trace(jacobians, axis1=1, axis2=2)
    np.testing.assert_allclose(implicit_score_matching.value(np, x, theta, score=score), want, rtol=1e-12)


# Drawn levels make steps of a hundred, in whose chaos differences see nothing.
GENTLE = {"annealed_langevin": {"sigmas": np.array([1.5, 1.0]), "base_step": np.asarray(0.125)}}


@pytest.mark.parametrize("name", [n for n, ref in CATALOGUE.items() if ref.differentiable])
def test_autograd_agrees_with_differences(name):
    """autograd's own check: a rule of autograd may be wrong too."""
    ref, oracle = CATALOGUE[name], __import__(f"{oracles.__name__}.{name}", fromlist=["value"])
    for options in options_grid(ref):
        case = draw(ref, 3, sizes=LANE_SIZES, options=options)
        arguments = case.arguments() | GENTLE.get(name, {})
        held = dict(arguments)
        bars = case.cotangents()

        def paired(*moving, arguments=arguments, held=held, options=options, bars=bars):
            full = [*(arguments | dict(zip(ref.wrt, moving, strict=True))).values()]
            if hasattr(oracle, "surrogate"):
                outputs = oracle.surrogate(anp, held, *full)
            else:
                outputs = oracle.value(anp, *full, **options)
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
    np.testing.assert_allclose(gumbel_softmax.differentiated(np, *args), gumbel_softmax.value(np, *args), rtol=1e-13)

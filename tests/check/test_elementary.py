"""Elementary functions that err by a declared number of ulps: allowed for, told, and no pardon for anything else."""


import numpy as np
import pytest

from refdgm.catalogue import CATALOGUE, FAMILIES
from refdgm.check.candidates.entry import adapted
from refdgm.check.candidates.form import CandidateError
from refdgm.check.elementary import FUNCTIONS, by_operation, elementary, parsed, said
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.noise import exact, noisy, slack
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.question import Question, Terms
from refdgm.check.verdicts import DIFFERS, PASSING
from refdgm.errors import ArgumentError
from refdgm.evidence import find
from refdgm.evidence.distance import answer

ULP = 2.0**-23


def fast(x):
    """An exponential of 60 ulp of float32, in every dtype."""
    return np.exp(x) * (1 + 60 * ULP * np.sin(1000 * np.clip(x, -100, 100))).astype(x.dtype)


def softmax(logits):
    e = fast(logits - logits.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)
    return y, lambda bar: {"logits": y * (bar - np.sum(bar * y, axis=1, keepdims=True))}


def without_rank_one_part(logits):
    y, _ = softmax(logits)
    return y, lambda bar: {"logits": y * bar}


def silu(x):
    s = 1 / (1 + fast(-x))
    y = x * s
    return y, lambda bar: {"x": bar * (s + y * (1 - s))}


def tolerances(name, declared):
    """Of the small shipped cases, in float32."""
    ref = CATALOGUE[name]
    terms = Terms(tuple(ref.result), ref.wrt, elementary=declared)
    return [Tolerance(Question(ref, case, terms, "float32"), "float32") for case in shipped(ref)
            if max(x.size for x in case.arrays.values()) < 100]


def found(tolerance, body, dtype="float64"):
    """The verdicts on a body's answers, rounded to float32."""
    question, case = tolerance.question, tolerance.question.case
    with np.errstate(all="ignore"):
        roles = answer(question.ref, body, case.cast(dtype))
        got = {role if role.startswith("gradient") else f"output.{role}": np.float32(x).astype(np.float64)
               for role, x in roles.items()}
        return {one.verdict for one in compare(tolerance, got, [])}


@pytest.mark.parametrize("function", [softmax, silu])
def test_a_fast_exponential_is_allowed_where_it_is_declared(function):
    """Of 4 ulp there are 60, and another function is not the exponential."""
    def seen(declared):
        return set[str]().union(*(found(one, function, "float32") for one in tolerances(function.__name__, declared)))

    assert DIFFERS not in seen({"exp": 60.0})
    assert all(DIFFERS in seen(declared) for declared in ({}, {"exp": 4.0}, {"log": 60.0}))


def test_a_wrong_one_stays_wrong():
    seen = [found(one, without_rank_one_part, "float32") for one in tolerances("softmax", {"exp": 60.0})]
    assert sum(DIFFERS in each for each in seen) > len(seen) / 2


@pytest.mark.parametrize("name", ["softmax", "log_sigmoid", *(ref.name for ref in FAMILIES["layers"])])
def test_mistakes_are_found_with_an_exponential_of_240_ulp(name):
    def missed(declared):
        asked = tolerances(name, declared)
        return {wrong.name for wrong in find.mistakes(name)
                if all(found(one, wrong.body) <= {*PASSING} for one in asked)}

    assert missed({"exp": 240.0, "log": 240.0}) == missed({})


FAST_SILU = """
    import numpy as np

    def fast(x):
        return np.exp(x) * (1 + 60 * 2.0**-23 * np.sin(1000 * np.clip(x, -100, 100))).astype(x.dtype)

    def silu(x):
        s = 1 / (1 + fast(-x))
        y = x * s
        return y, lambda bar: {"x": bar * (s + y * (1 - s))}
"""
DECLARED = '    CANDIDATES = {"silu": {"function": silu, "dtype": "float32", "elementary": {"exp": 60}}}\n'


def test_it_is_told_and_read_from_the_command(refdgm_check):
    told = refdgm_check(FAST_SILU, "--dtype", "float32", "--elementary", "exp=60")
    assert "judged with exp within 60 ulp, as declared" in told.text and told.code == 0
    told = refdgm_check(FAST_SILU, "--elementary", "exp=many")
    assert told.code == 2 and "--elementary must be like exp=60,log=4" in told.errors


def test_of_the_untrusted_only_the_option_is_believed(refdgm_check):
    told = refdgm_check(FAST_SILU + DECLARED)
    assert told.code == 0 and "judged with exp within 60 ulp" in told.text
    exact = FAST_SILU.replace("60 * 2.0**-23", "0.0")
    told = refdgm_check(exact + DECLARED, "--untrusted", "--seed", "5")
    assert told.code == 0 and "is not believed of who is not trusted" in " ".join(told.text.split())
    assert "judged with" not in told.text


REFUSED = {"exponential": 60}, {"exp": 0}, {"exp": -1}, {"exp": 5000}, {"exp": True}, {"exp": "60"}, {"exp": np.nan}, 60


@pytest.mark.parametrize("given", REFUSED, ids=str)
def test_what_is_no_bound_is_refused(given):
    with pytest.raises(ArgumentError, match=r"^elementary.*(among exp|at most 4096|a dictionary)"):
        elementary(given)
    with pytest.raises(CandidateError, match=r"^softmax: elementary"):
        adapted(CATALOGUE["softmax"], {"function": softmax, "elementary": given})


@pytest.mark.parametrize("text", ["exp", "exp=", "exp=60;log=4", "", "exp=many"])
def test_words_that_are_none_are_refused(text):
    with pytest.raises(ArgumentError, match=r"^--elementary .*exp=60,log=4"):
        parsed(text)


def test_words():
    assert parsed("exp=60, log=4.5") == {"exp": 60.0, "log": 4.5}
    assert said({"exp": 60.0, "log": 4.5}) == "exp within 60 ulp and log within 4.5 ulp"
    assert by_operation({"exp": 60.0, "tanh": 70.0, "log": 90.0}) | {"tanh": 70.0, "logaddexp": 90.0} == (
        by_operation({"exp": 60.0, "tanh": 70.0, "log": 90.0}))


@pytest.mark.parametrize("operation", sorted({one for each in FUNCTIONS.values() for one in each}))
def test_every_operation_errs_by_what_is_declared(operation):
    """At random by just as much either way; to one side; along the argument; and the other operations not at all."""
    x = np.linspace(1.5, 2, 40)
    arguments = (x,) * getattr(np, operation).nin
    right = getattr(np, operation)(*arguments)
    for seed in range(8):
        with exact(), slack({operation: 1e-3}, seed):
            off = np.asarray(getattr(np, operation)(*map(noisy, arguments))) / right - 1
            assert np.array_equal(np.asarray(noisy(x) * 2), 2 * x)
        if seed == 2:
            assert np.allclose(off, 1e-3 * x / 2, rtol=1e-6, atol=1e-12)
        else:
            assert np.allclose(np.abs(off), 1e-3, rtol=1e-6) and ((off > 0).all() == (seed == 1))

"""What lies outside the domain is not asked, and the report says so; the judge's own work has a limit."""

import numpy as np
import pytest

from refdgm.cases import draw
from refdgm.catalogue import CATALOGUE
from refdgm.check.report.edges import edges
from refdgm.declaration.domain import Array
from refdgm.declaration.supports import SUPPORTS
from refdgm.errors import RefdgmError

KL = """
import autograd.numpy as np
def gaussian_kl(mean, logvar):
    return np.sum(np.exp(logvar) + mean**2 - 1 - logvar, axis=1) / 2
"""


def test_an_edge_in_words():
    softmax = edges(CATALOGUE["gumbel_softmax"])
    assert "tau = 0 (tau is positive and finite)" in softmax
    assert "a row of logits of −∞ alone (logits has a finite entry in every row)" in softmax


@pytest.mark.parametrize("support", SUPPORTS.values(), ids=str)
def test_every_support_that_ends_has_words_for_its_edge(support):
    assert bool(support.beyond) == bool(support.outside)
    assert not support.rows or "{}" in support.rows.beyond


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_restricted_argument_has_its_edges(name):
    ref, told = CATALOGUE[name], " ".join(edges(CATALOGUE[name]))
    for argument, domain in ref.args.items():
        if isinstance(domain, Array) and (domain.support.outside or domain.finite):
            assert f"{argument} is" in told or f"{argument} has" in told
    assert "None" not in told and "{" not in told


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_is_said_to_be_outside_is_refused(name):
    """Every number that `argument = number` names."""
    ref = CATALOGUE[name]
    case = draw(ref, 1)
    numbers = {"0": 0, "1": 1, "−1": -1, "+∞": float("inf"), "NaN": float("nan"), "±∞": float("-inf")}
    for edge in edges(ref):
        argument, _, number = edge.partition(" (")[0].partition(" = ")
        if argument in ref.arrays and number in numbers:
            given = case.arguments()
            given[argument] = np.array(given[argument])
            given[argument].reshape(-1)[:1] = numbers[number]
            with pytest.raises(RefdgmError):
                ref.validate(*(given[n] for n in ref.arrays), **case.options)


def test_the_report_names_them_and_the_terminal_takes_a_line(refdgm_check):
    run = refdgm_check(KL)
    assert run.report["functions"][0]["outside"] == ["logvar = ±∞ (logvar is finite)"]
    lines = [line for line in run.text.splitlines() if line.startswith("not asked")]
    assert lines == ["not asked, outside the domain: logvar = ±∞ (logvar is finite)"]


def test_a_judge_that_takes_too_long_says_so(refdgm_check):
    """Its own work at sizes of the user's; the candidate's has the limit of a case."""
    run = refdgm_check("""
import numpy as np
def gaussian_kl(mean, logvar):
    return np.sum(np.expm1(logvar) + mean**2 - logvar, 1) / 2, lambda bar: {
        "mean": bar[:, None] * mean, "logvar": bar[:, None] * np.expm1(logvar) / 2}
""", "--shape", "B=20000,D=200", "--timeout", "1")
    assert run.code == 2 and "took refdgm itself longer than --timeout allows" in run.errors
    assert run.text == "" and run.errors.count("\n") == 1

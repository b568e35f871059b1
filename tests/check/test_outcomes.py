"""What a machine is told beside the exit code: an undeclared convention, gradients that nobody compared."""

import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from refdgm import RefdgmError
from refdgm.check.candidates.entry import CandidateError
from refdgm.check.report import exits
from refdgm.testing import check

pytestmark = pytest.mark.usefixtures("measured_together")

NAME = "logvar is log σ, not log σ²"
SIGMA = """
import autograd.numpy as np
def gaussian_kl(mean, logvar): return 0.5 * np.sum(mean**2 + np.exp(2 * logvar) - 1 - 2 * logvar, axis=1)
"""
ALONE = """
import numpy as np
def kl(mean, logvar): return 0.5 * np.sum(mean**2 + np.expm1(logvar) - logvar, axis=1)
CANDIDATES = {"gaussian_kl": {"function": kl, "gradients": []}}
"""


def test_an_undeclared_convention_passes_with_an_outcome_of_its_own(refdgm_check, tmp_path):
    run = refdgm_check(SIGMA, "--report", "report.xml")
    assert run.code == 0 and run.report["outcome"] == run.report["functions"][0]["outcome"] == "convention"
    assert f"not ours, and not declared: the convention of gaussian_kl (“{NAME}”); " in " ".join(run.text.split())
    suite = ElementTree.parse(tmp_path / "report.xml").getroot()[0]
    assert [(p.get("name"), p.get("value")) for p in suite.iter("property")] == [("convention", NAME)]
    assert suite.get("failures") == "0"


def test_strict_fails_it_by_the_same_outcome(refdgm_check, tmp_path):
    stable = SIGMA.replace("np.exp(2 * logvar) - 1 -", "np.expm1(2 * logvar) -")
    run = refdgm_check(stable, "--strict", "--dtype", "float32", "--report", "report.xml")
    suite = ElementTree.parse(tmp_path / "report.xml").getroot()[0]
    failed = [test.get("name") for test in suite.iter("testcase") if test.find("failure") is not None]
    assert run.code == 1 and "convention" in failed and int(suite.get("failures")) == len(failed)
    assert int(suite.get("tests")) == len(list(suite.iter("testcase")))


def test_declared_it_is_plain_agreement(refdgm_check):
    declared = SIGMA + f'CANDIDATES = {{"gaussian_kl": {{"function": gaussian_kl, "convention": "{NAME}"}}}}\n'
    run = refdgm_check(declared)
    assert run.code == 0 and run.report["outcome"] == "agrees" and "not declared" not in run.text


def test_outcomes():
    of = exits.outcome
    assert of(["agrees"]) == "agrees" and of(["agrees"], True) == of(["agrees"], True, True) == "convention"
    assert of(["differs", "agrees"], True) == "differs" and of(["loses digits"], True, True) == "differs"
    assert of(["agrees"], True, code=exits.INTERRUPTED) == "interrupted" and of(["agrees"], vectors=True) == "vectors"
    assert of(["error"]) == "raised" and of([]) == "usage" and set(exits.OUTCOMES) == set(exits.WORDS)


def test_gradients_that_were_not_compared_are_told(refdgm_check):
    run = refdgm_check(ALONE)
    assert run.code == 0 and 'no gradient was compared, for "gradients" is empty' in run.text
    assert ", 1 of them in value alone, no gradient compared; " in " ".join(run.text.split())
    assert any("no gradient was compared" in note for note in run.report["functions"][0]["notes"])


def test_what_is_declared_without_meaning_is_an_error_of_ours():
    assert issubclass(CandidateError, RefdgmError)
    with pytest.raises(RefdgmError, match="unknown key"):
        check(np.sum, "gaussian_kl", reductoin="mean")


def test_check_without_autograd_has_one_sentence():
    code = """
import sys
sys.modules["autograd"] = None
from refdgm.testing import check
try:
    check(print, "gaussian_kl")
except Exception as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "RefdgmError refdgm.testing.check needs autograd: pip install 'refdgm[check]'\n"


EXCHANGED = """
def contrastive_divergence_loss(energy_data, energy_model, regularization):
    return energy_model - energy_data + regularization * (energy_data**2 + energy_model**2)
"""


def test_a_mistake_that_no_number_tells_from_a_convention_is_told_beside_it(refdgm_check, tmp_path):
    """E⁻ − E⁺ is right of a network of −E, and of energies the model learns to avoid the data."""
    run = refdgm_check("import autograd.numpy as np" + EXCHANGED, "--report", "report.xml")
    function, text = run.report["functions"][0], " ".join(run.text.split())
    assert run.code == 0 and run.report["outcome"] == "convention" and not function["equals"]
    assert [each["mistake"] for each in function["alike"]] == ["contrastive_divergence_loss/exchanged"]
    assert "or it is the known mistake contrastive_divergence_loss/exchanged: E⁻ − E⁺" in text
    assert "(“a network of the negative energy” or the known mistake exchanged); right where that is meant" in text
    suite = ElementTree.parse(tmp_path / "report.xml").getroot()[0]
    assert {(p.get("name"), p.get("value")) for p in suite.iter("property")} == {
        ("convention", "a network of the negative energy"), ("mistake", "contrastive_divergence_loss/exchanged")}


def test_a_convention_that_no_mistake_equals_is_told_alone(refdgm_check):
    run = refdgm_check(SIGMA)
    assert run.report["functions"][0]["alike"] == [] and "known mistake" not in run.text

"""`refdgm.testing.check`, and what the engine is made of."""

import subprocess
import sys
from xml.etree import ElementTree

import autograd.numpy as anp
import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.noise import Noisy, noise, noisy
from refdgm.check.numbers import rounded
from refdgm.check.process import wire
from refdgm.check.process.session import plain
from refdgm.check.report import exits
from refdgm.testing import check, look, measuring_together

from ..turns import in_turn


def kl(mean, logvar):
    return anp.sum(mean**2 + anp.exp(logvar) - 1 - logvar, axis=1) / 2


def test_check_in_ones_own_tests():
    checked = check(kl, "gaussian_kl")
    assert checked.answered == checked.asked > 0
    with pytest.raises(AssertionError, match="differs"):
        check(lambda mean, logvar: 1.01 * kl(mean, logvar), "gaussian_kl", framework="autograd")
    with pytest.raises(AssertionError, match="loses digits"):
        check(kl, "gaussian_kl", strict=True)
    with pytest.raises(AssertionError, match="error"):
        check(lambda mean: mean, "gaussian_kl", framework="autograd")
    mean_kl = lambda v, m: anp.mean(kl(m, v))
    check(mean_kl, "gaussian_kl", arguments=["logvar", "mean"], reduction="mean", framework="autograd")
    check(kl, "gaussian_kl", sizes={"B": 3}, seed=1)


def test_many_functions_share_what_is_measured_and_have_the_verdicts_of_one_at_a_time(monkeypatch):
    measured, changes = [], Tolerance._changes
    monkeypatch.setattr(Tolerance, "_changes", lambda *args, **more: measured.append(1) or changes(*args, **more))

    def told():
        every = [look(fn, "gaussian_kl", framework="autograd") for fn in (kl, lambda *args: 1.5 * kl(*args))]
        return [(repr(it), it.score, it.equals, it.shared, [one.verdict for one in it.results]) for it in every]

    alone = told()
    with measuring_together():
        assert told() == alone
        first = len(measured)
        assert told() == alone
    assert 0 < len(measured) - first < first / 4 and alone[0][1] == 1 and alone[1][1] < 0.2


# Orthogonalisation keeps the digits of a matrix as a whole: in one case an element of 1e-4 beside a diagonal of 1 is
# off by 10.6 of the units of which 8 are allowed; where the inverse of a triangle has a zero there is 4e-33.
# So does a polar factor: where both batches nearly fit, an element of 2e-3 beside others of 1 is off by 3e-16.
# A gradient of a deep machine is a difference of two averages over states, of which three digits may go in one element.
# The biased discrepancy of two batches that nearly agree is three means of which the first digits cancel: 12 are left.
# Where one component is nearly all of a vector its normalised gradient is 1e-4 of what it is made of: 12 are left.
NORMWISE = ("gaussian_mixture_hessian", "log_abs_det", "frechet_inception_distance", "frechet_distance",
            "maximum_mean_discrepancy", "dbm_log_likelihood", "layer_norm", "adaln_modulation")


@pytest.mark.parametrize("name", in_turn(CATALOGUE))
def test_our_own_references_agree_and_lose_no_digits(name):
    ref = CATALOGUE[name]
    if not ref.differentiable:
        check(ref.body, name, framework="numpy", strict=name not in NORMWISE)
        return

    def body(*arrays, **options):
        fields = {n: ref.args[n].known[x.name] if ref.args[n].field else x for n, x in options.items()}
        value, pullback = ref.body(*arrays, **fields)
        return value, lambda *bars: {n: g for n, g in pullback(*bars).items() if n in ref.wrt}

    check(body, name, framework="numpy", arguments=list(ref.arrays), strict=name not in NORMWISE)


def test_exit_codes():
    of = exits.exit_code
    assert of(["agrees", "loses digits"]) == 0
    assert of(["agrees", "loses digits"], strict=True) == 1
    assert of(["agrees in float32"]) == 0 and of(["agrees in float32"], strict=True) == 1
    assert of(["agrees"], conventions=True) == 0 and of(["agrees"], conventions=True, strict=True) == 1
    assert of(["error", "differs", "timeout"], vectors=True) == 1
    assert of(["agrees", "error"]) == 3 and of(["error", "timeout"]) == 4 and of(["agrees"], vectors=True) == 5
    assert of(["missing"]) == of(["ill-conditioned here"]) == 1
    assert of([]) == 2 and of([], vectors=True) == 5


def test_messages_travel_and_damaged_ones_are_refused():
    arrays = {"a": np.arange(6.0).reshape(2, 3)[:, ::-1], "b": np.array(3), "c": np.zeros((0, 2))}
    head, found = wire.decode(wire.encode({"x": "é"}, arrays)[8:])
    assert head == {"x": "é"}
    assert all(np.array_equal(found[n], x) and found[n].shape == x.shape for n, x in arrays.items())
    whole = wire.encode({}, arrays)[8:]
    for damaged in (b"", whole[:-1], whole + b"0", whole[:3], whole.replace(b"float64", b"object_")):
        with pytest.raises(wire.WireError):
            wire.decode(damaged)
    with pytest.raises(wire.WireError):
        wire.length(b"\xff" * 8)


def test_nothing_but_text_is_echoed():
    assert plain("\x1b[31mred\x1b[0m \x07\x9b31m\x00\u202e::error::x") == "red 31m::error::x"
    assert plain("::error::x\n  ::warning::y\n##[z]").splitlines() == [" ::error::x", "   ::warning::y", " ##[z]"]


def test_random_rounding_is_of_the_size_asked_for_and_reproducible():
    x = noisy(np.full(1000, 3.0))
    with noise(1, 1e-6):
        first = x * 2.0
    with noise(1, 1e-6):
        again = x * 2.0
    assert isinstance(first, Noisy) and np.array_equal(first, again)
    assert 5e-7 < np.std(np.asarray(first) / 6 - 1) < 2e-6
    with noise(1, 1e-6):
        assert np.array_equal(-x, -np.asarray(x))
        assert isinstance(np.where(x > 0, x, 0.0), Noisy)


def test_rounding_to_low_dtypes():
    x = np.array([1 + 2**-8, 1 + 3 * 2**-8, 1e39, np.inf, -0.1])
    assert rounded(x, "bfloat16")[:2].tolist() == [1.0, 1 + 2**-6]
    assert np.array_equal(rounded(x[3:], "float32"), x[3:].astype(np.float32).astype(np.float64))
    assert np.array_equal(rounded(np.array([1, 2]), "float32"), [1, 2])


def test_list_and_junit(refdgm_check, tmp_path):
    listed = subprocess.run([sys.executable, "-m", "refdgm", "list"], capture_output=True, text=True, check=True).stdout
    assert all(name in listed for name in CATALOGUE)
    refdgm_check(None, "--select", "gaussian_kl,gumbel_max", "--report", "junit.xml")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert {suite.get("name") for suite in root} == {"gaussian_kl", "gumbel_max"}
    assert all(suite.get("failures") == "0" for suite in root)

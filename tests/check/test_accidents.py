"""Accidents that must not read as agreement."""

import numpy as np
import pytest

from refdgm import gaussian_kl as ours
from refdgm.check.candidates import CandidateError, adapted
from refdgm.testing import check


def kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1) / 2


def pullback(mean, logvar):
    return lambda bar: {"mean": bar[:, None] * mean, "logvar": bar[:, None] * np.expm1(logvar) / 2}


def test_the_pair_itself_agrees():
    check(lambda mean, logvar: (kl(mean, logvar), pullback(mean, logvar)), "gaussian_kl", framework="numpy")


def test_inputs_changed_in_place():
    def candidate(mean, logvar):
        value, back = kl(mean, logvar), pullback(mean.copy(), logvar.copy())
        mean[...] = 0
        return value, back

    with pytest.raises(AssertionError, match="in place"):
        check(candidate, "gaussian_kl", framework="numpy")


def test_cotangents_changed_in_place():
    def candidate(mean, logvar):
        def back(bar):
            grads = pullback(mean, logvar)(bar)
            bar *= 2
            return grads

        return kl(mean, logvar), back

    with pytest.raises(AssertionError, match="in place"):
        check(candidate, "gaussian_kl", framework="numpy")


def test_half_precision_by_accident():
    half = lambda mean, logvar: (kl(mean, logvar).astype(np.float16), pullback(mean, logvar))
    with pytest.raises(AssertionError, match="float16"):
        check(half, "gaussian_kl", framework="numpy")


def test_our_own_function_is_no_candidate():
    with pytest.raises(CandidateError, match="own"):
        adapted(ours, ours)


def test_nothing_to_compare():
    with pytest.raises(CandidateError, match="nothing would be compared"):
        adapted(ours, {"function": kl, "outputs": []})

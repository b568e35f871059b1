"""Agreement, at its edges."""

import numpy as np
import pytest
from flint import arb

from refdgm.certify.agreement import Wide, require_overlap, require_tight
from refdgm.certify.balls import precision
from refdgm.certify.enclose import Disagrees


def one(v):
    return np.array([v], dtype=object)


def test_a_truncated_series_is_allowed_for_and_no_more():
    with precision(192):
        three = arb(3)
        assert require_overlap("x", one(three + arb((1, -165))), one(three), 192, 40) > 40
        with pytest.raises(Disagrees):
            require_overlap("x", one(three + arb((1, -150))), one(three), 192, 40)
        with pytest.raises(Disagrees):
            require_overlap("x", one(arb((1, -150))), one(arb(0)), 192, 40)


def test_terms_counted_in_float64_end_at_its_least_number():
    with precision(3072):
        require_overlap("x", one(3 + arb((1, -1000))), one(arb(3)), 3072, 40)
        with pytest.raises(Disagrees):
            require_overlap("x", one(3 + arb((1, -900))), one(arb(3)), 3072, 40)


def test_tightness_is_relative_and_absolute_at_zero():
    with precision(192):
        require_tight("x", one(arb(1000, arb((1, -90)))), 192)
        require_tight("x", one(arb(0, arb((1, -97)))), 192)
        small, smaller = arb((1, -90)), arb((1, -97))
        for wide in (arb(1, small), arb((1, -60), smaller), arb(0, small), arb("nan"), arb("inf")):
            with pytest.raises(Wide):
                require_tight("x", one(wide), 192)

"""Faults that people make: the report names each."""

import numpy as np
import pytest

from refdgm.testing import check

from .faults import (
    FAULTS,
    density_of_a_variance_handed_over_as_deviation,
    draw_with_the_variance_for_its_deviation,
    strided,
)

pytestmark = pytest.mark.usefixtures("measured_together")


def said(fn, reference, wrong="differs", **entry):
    with pytest.raises(AssertionError, match=wrong) as raised:
        check(fn, reference, **entry)
    return " ".join(str(raised.value).split())


@pytest.mark.parametrize(("fn", "reference", "mistake", "entry"), FAULTS)
def test_the_report_names_it(fn, reference, mistake, entry):
    text = said(fn, reference, **entry)
    assert f"known mistake {reference}/{mistake}" in text, text


@pytest.mark.needs("torch")
@pytest.mark.parametrize(("fn", "reference"), [
    (density_of_a_variance_handed_over_as_deviation, "gaussian_log_density"),
    (draw_with_the_variance_for_its_deviation, "gaussian_reparameterization"),
])
def test_a_variance_for_the_deviation_throughout_is_the_convention_of_a_logarithm(fn, reference):
    """N(x; μ, e^λ) with λ = log σ is right: no number tells what the author meant, so that it is told, not blamed."""
    assert check(fn, reference, framework="torch").convention == "logvar is log σ, not log σ²"
    text = said(fn, reference, "convention", framework="torch", strict=True)
    assert "agrees under the convention “logvar is log σ, not log σ²”" in text, text


@pytest.mark.parametrize("spacing", ["leading", "linspace", "trailing"])
@pytest.mark.parametrize("off", [-1, 1])
def test_a_previous_product_off_by_one_under_one_spacing_alone(spacing, off):
    """It differs, and where; the other spacings are right."""

    def schedule(beta, *, steps, spacing: str):
        last = -1 if spacing != wrong or off < 0 else 0
        return strided(beta, steps, spacing,
                       lambda at: np.append(np.maximum(at[1:] + (off if spacing == wrong else 0), -1), last))

    wrong = spacing
    text = said(schedule, "strided_schedule", framework="numpy")
    assert f"spacing = {wrong}" in text.partition("differs only where ")[2].partition(" if that is meant")[0], text
    assert "only\": [\"beta\", \"alpha_prod_prev\"]" in text, text

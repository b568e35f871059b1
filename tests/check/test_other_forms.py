"""Other usual forms of the same numbers, which cancel where the definition does not: digits are lost, no formula."""

import pytest

from refdgm.candidates import textbook
from refdgm.testing import check

FORMS = [
    ("ancestral_step", textbook.ancestral_step_through_x0),
    ("variational_loss", textbook.variational_loss_of_means),
    ("variational_bound", textbook.variational_bound_of_means),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name, form", FORMS)
def test_no_form_is_called_wrong(name, form, dtype):
    assert check(form, name, framework="autograd", dtype=dtype).verdict in ("agrees", "loses digits")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.needs("torch")
def test_in_torch(refdgm_check, dtype):
    run = refdgm_check(None, "refdgm.candidates.torch_losses", "--select", "ancestral_step,variational_loss",
                       "--dtype", dtype)  # fmt: skip
    assert run.code == 0


@pytest.mark.parametrize("name, form", FORMS)
def test_what_they_lose_hides_no_mistake(name, form):
    """Not even a schedule that is off by a part in a hundred thousand."""
    off = lambda *args, **options: form(*args[:-1], args[-1] * (1 - 1e-5), **options)
    with pytest.raises(AssertionError, match=f"{name}: differs"):
        check(off, name, framework="autograd")

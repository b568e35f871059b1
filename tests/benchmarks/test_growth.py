"""How work grows is counted and memory is traced; what every reference may cost is declared, and held."""

import json

import pytest

from refdgm import CATALOGUE
from validation.make import growth

RECORD = json.loads((growth.REPORTS / "growth.json").read_text(encoding="utf-8"))


def test_every_reference_declares_its_growth():
    """A new one too: a line in `refdgm/evidence/<family>/growth.toml`."""
    assert growth.declared().keys() == CATALOGUE.keys()


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_is_declared_is_of_its_sizes(name):
    sizes = {*growth.sizes_of(CATALOGUE[name])}
    for what in ("work", "memory"):
        assert growth.declared()[name][what].keys() <= sizes


def test_the_record_is_of_all_and_nothing_is_beyond_theory():
    assert RECORD["rows"].keys() == CATALOGUE.keys()
    assert [one for name, row in RECORD["rows"].items() for one in growth.beyond(name, row)] == RECORD["beyond"] == []
    assert (growth.REPORTS / "growth.md").read_text(encoding="utf-8") == growth.table(RECORD)


@pytest.mark.parametrize("name", ["softmax", "log_abs_det", "info_nce", "mlp", "rbm_log_likelihood"])
def test_work_is_as_it_was_recorded(name):
    for size, one in RECORD["rows"][name].items():
        power = growth.degree(lambda n, size=size: growth.work(CATALOGUE[name], size, n))
        assert ("2^" if power == growth.STATES else power) == one["work"], size


@pytest.mark.parametrize("name", CATALOGUE)
def test_work_is_declared_as_it_is(name):
    """Neither beyond theory nor short of it, for that would be a theory of something else."""
    for size, one in RECORD["rows"][name].items():
        power = growth.STATES if one["work"] == "2^" else one["work"]
        assert growth.declared()[name]["work"].get(size, 0) == power, size


def test_a_degree_is_that_of_the_polynomial():
    assert [growth.degree(lambda n, p=p: n**p + 7) for p in range(4)] == [0, 1, 2, 3]
    assert growth.degree(lambda n: 3 * n + n % 3) == 1  # rounding of what is counted
    assert growth.degree(lambda n: 2**n * n if n < 16 else None) == growth.STATES
    assert growth.degree(lambda n: n * n if n < 16 else None) == 2


def test_an_exponent_is_of_increments():
    assert growth.exponent(100 + 10, 100 + 20, 100 + 40) == 1 and growth.exponent(5, 5, 5) == 0
    assert growth.exponent(100 + 1, 100 + 4, 100 + 16) == 2
    assert growth.exponent(10000 + 1, 10000 + 2, 10000 + 4) == 0  # hardly at all


def test_what_grows_beyond_theory_is_told():
    row = {size: {"work": 1.0, "memory": 1.0, "time": 1.0} for size in ("B", "K")}
    assert growth.beyond("softmax", row) == []
    row["K"] = {"work": 2.0, "memory": 1.9, "time": 1.0}
    assert growth.beyond("softmax", row) == ["softmax: work in K", "softmax: memory in K"]


def test_a_growth_is_written_in_factors():
    assert growth.exponents("B D^3 2^H ...") == {"B": 1, "D": 3, "H": growth.STATES, "...": 1}
    with pytest.raises(ValueError, match="no factor of a growth"):
        growth.exponents("B*D")

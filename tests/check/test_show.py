"""`refdgm show` and `refdgm list`: what they print."""

import json

import pytest

from refdgm import CATALOGUE, FAMILIES
from refdgm.check.report import exits
from refdgm.cli import main as cli
from refdgm.cli.show import show


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_page_is_whole_and_not_too_wide(name):
    ref = CATALOGUE[name]
    page = show(ref)
    assert page.count("Source:") == 1 and ref.source not in page
    assert max(map(len, page.splitlines())) <= 124
    for domain in (*ref.args.values(), *ref.result.values()):
        assert domain.meaning in page
    for option in ref.options:
        assert " | ".join(ref.args[option].words or ref.args[option].known) in page


def test_the_choices_of_a_field_do_not_push_the_meanings_away():
    lines = show(CATALOGUE["odeint"]).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  velocity"))
    assert lines[at] == "  velocity  field(z, t)                    f, with ż = f(z, t, θ)"
    assert lines[at + 1].strip() == "mlp_tanh | mlp_softplus | mlp_silu | linear | theta_sin, or a Field of one's own"


def test_a_mean_over_components_says_so():
    page = show(CATALOGUE["denoising_score_matching"])
    assert "without the factor ½: theirs = 2 value / (number of components)" in page and "/ ..." not in page


def test_a_family_can_be_listed_alone(capsys):
    assert cli.main(["list", "ode"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ode", *(ref.name for ref in FAMILIES["ode"])]
    assert cli.main(["list", "ode", "--json"]) == 0
    assert [*json.loads(capsys.readouterr().out)] == ["ode"]
    assert cli.main(["list", "--json"]) == 0
    assert [*json.loads(capsys.readouterr().out)] == [*FAMILIES]
    assert cli.main(["list", "odes"]) == exits.USAGE
    assert capsys.readouterr().err == f"refdgm: there is no family 'odes'; there are {', '.join(FAMILIES)}\n"

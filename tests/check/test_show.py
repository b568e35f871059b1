"""`refdgm show` and `refdgm list`: what they print."""

import json
from pathlib import Path

import pytest

from refdgm import CATALOGUE, FAMILIES
from refdgm.check.report import exits
from refdgm.cli import main as cli
from refdgm.cli.show import show
from refdgm.cli.similar import similar
from refdgm.cli.wide import fitted

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("name", CATALOGUE)
def test_a_page_is_whole_and_as_wide_as_the_terminal(name, columns):
    """But for paths, which are not torn."""
    ref = CATALOGUE[name]
    page = show(ref, columns)
    assert page.count("Source:") == 1 and ref.source not in page
    assert [line for line in page.splitlines() if len(line) > columns and str(ROOT) not in line] == []
    words = " ".join(page.split())
    for domain in (*ref.args.values(), *ref.result.values()):
        assert all(word in words for word in domain.meaning.split())
    for option in ref.options:
        assert " | ".join(ref.args[option].words or ref.args[option].known) in words
    bare = "".join(page.split())
    assert "".join((ref.body.__doc__ or "").split()) in bare


def test_the_number_of_an_equation_comes_nearer_and_an_equation_is_not_torn_from_it():
    text = "Of it:\n\n    y = a + b" + 70 * " " + "(1)\n    " + "z = " + "a + " * 30 + "b          (2)"
    first, *more = fitted(text, 60)[2:]
    assert first == "    y = a + b" + " " * 44 + "(1)" and more[-1].endswith("b" + more[-1].split("b")[1])
    assert len(more) == 3 and more[-1].endswith("(2)") and all(len(line) <= 60 for line in more)
    assert fitted(text, 200) == text.splitlines()


def test_a_page_ends_with_where_to_read_on():
    page = show(CATALOGUE["gaussian_kl_between"], 200)
    assert "\nPage        refdgm docs gaussian_kl_between\n" in page
    assert f"            {ROOT / 'docs' / 'derivations' / 'gaussian_kl.md'}\n" in page
    code = next(line for line in page.splitlines() if line.startswith("Code "))
    path, _, number = code.split()[1].rpartition(":")
    assert Path(path).read_text(encoding="utf-8").splitlines()[int(number) - 1] == "@reference("
    assert page.splitlines()[-1].startswith("Similar     gaussian_kl, ")


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_is_similar_is_another(name):
    found = similar(name)
    assert name not in found and len({*found}) == len(found) and {*found} <= {*CATALOGUE}
    assert 3 <= len(found) <= 6


def test_what_shares_a_page_is_similar_before_what_shares_a_word():
    assert similar("softplus")[0] == "log_sigmoid" and similar("planar_inverse")[:2] == ["planar_transform",
                                                                                          "planar_flow"]


def test_the_choices_of_a_field_do_not_push_the_meanings_away():
    lines = show(CATALOGUE["odeint"]).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  velocity"))
    assert lines[at] == "  velocity  field(z, t)                    f, with z_dot = f(z, t, θ)"
    assert lines[at + 1].strip() == "mlp_tanh | mlp_softplus | mlp_silu | linear | theta_sin, or a Field of one's own"


def test_a_mean_over_components_says_so():
    page = show(CATALOGUE["denoising_score_matching"])
    assert "without the factor ½: theirs = 2 value / (number of components)" in page and "/ ..." not in page


def test_a_family_can_be_listed_alone(capsys):
    assert cli.main(["list", "ode"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(9 * " ")] == [
        "ode", *(ref.name for ref in FAMILIES["ode"])]
    assert cli.main(["list", "ode", "--json"]) == 0
    assert [*json.loads(capsys.readouterr().out)] == ["ode"]
    assert cli.main(["list", "--json"]) == 0
    assert [*json.loads(capsys.readouterr().out)] == [*FAMILIES]
    assert cli.main(["list", "odes"]) == exits.USAGE
    assert capsys.readouterr().err == f"refdgm: there is no family 'odes'; there are {', '.join(FAMILIES)}\n"


@pytest.mark.parametrize("columns", [80, 100])
def test_the_list_is_as_wide_as_the_terminal(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert cli.main(["list"]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= columns
    assert "of the means and covariances of two batches, without a root of a matrix." in " ".join(told.split())
    assert not [line for line in told.splitlines() if line.endswith((":", ","))and line.count("  ") == 1]

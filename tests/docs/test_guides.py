"""The guides: every snippet is executed, every report shown is one, every figure is that of its record."""

import re
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cli.main import main
from refdgm.evidence import find

ROOT = Path(__file__).resolve().parents[2]
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "guides").glob("*.md")}
SNIPPETS = {name: text for page in PAGES.values()
            for name, text in re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```$", page, re.M | re.S)}
RIGHT = {"kl_torch.py": ["torch"], "kl_jax.py": ["jax"], "kl_autograd.py": [], "kl_numpy.py": []}
PRINTS = {"winner.py": ["torch"], "winner_float32.py": ["torch"], "two_precisions.py": [], "kl_by_vectors.py": []}


NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e[-+]\d+)?")


def shown(page):
    """The blocks that the page shows as said by a program."""
    return re.findall(r"(?:^    .*\n)+", re.sub(r"^```.*?^```$", "", PAGES[page], flags=re.M | re.S), re.M)


def needing(table):
    return [pytest.param(name, marks=[pytest.mark.needs(*libraries)] if libraries else [])
            for name, libraries in table.items()]


@pytest.fixture
def checked(tmp_path, monkeypatch, capsys):
    """What `refdgm check` says of a snippet, line by line, and its exit code."""

    def run(name, *options):
        (tmp_path / name).write_text(SNIPPETS[name], encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("COLUMNS", "200")
        code = main(["check", name, *options])
        return code, [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]

    return run


def test_no_snippet_is_left_out():
    told = {*RIGHT, *PRINTS, "kl_cupy.py", "kl_of_sigma.py", "kl_of_sigma_declared.py", "my_kl.py"}
    assert told == SNIPPETS.keys() and sum(page.count("```python") for page in PAGES.values()) == len(told)


@pytest.mark.parametrize("name", needing(RIGHT))
def test_what_is_called_right_passes(name, checked):
    code, lines = checked(name)
    assert code == 0 and any(line.startswith("1 of 1 functions agree") for line in lines)


def test_the_one_for_a_gpu_is_right_with_numpy_in_its_place(monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", np)
    known = {}
    exec(SNIPPETS["kl_cupy.py"], known)
    x = np.linspace(-2.0, 2.0, 6).reshape(2, 3)
    (value, pullback), (right, back) = known["gaussian_kl"](x, x), CATALOGUE["gaussian_kl"].vjp(x, x)
    bar = np.array([1.0, -0.5])
    assert np.allclose(value, right, rtol=1e-12)
    assert all(np.allclose(pullback(bar)[name], back(bar)[name], rtol=1e-12) for name in ("mean", "logvar"))


@pytest.mark.parametrize("name", needing(PRINTS))
def test_what_is_shown_is_printed(name, tmp_path, monkeypatch, capsys):
    (tmp_path / name).write_text(SNIPPETS[name], encoding="utf-8")
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(tmp_path / name))
    said = capsys.readouterr().out.strip()
    after = next(page for page in PAGES.values() if f"# {name}\n" in page).partition(f"# {name}\n")[2]
    told = re.search(r"^```\n+(?:It prints `(.*?)`|((?:    .*\n)+))", after, re.M)
    told = told[1] or told[2]
    assert NUMBER.sub("", said).split() == NUMBER.sub("", told).split(), said
    apart = 3 if name in ("two_precisions.py", "kl_by_vectors.py") else 1 + 1e-6  # roundings are those of a processor
    for found, number in zip(NUMBER.findall(said), NUMBER.findall(told), strict=True):
        assert float(found) == float(number) or 1 / apart < float(found) / float(number) < apart, (found, number)


def test_the_right_gradient_of_the_winner():
    """4.24835426e-18, from what cannot round: e⁻⁴⁰/(1 + e⁻⁴⁰)²."""
    small = np.exp(-40.0)
    y, pullback = CATALOGUE["softmax"].vjp(np.array([[40.0, 0.0]]))
    found = pullback(np.array([[1.0, 0.0]]))["logits"][0]
    assert np.allclose(found, [small / (1 + small) ** 2, -small / (1 + small) ** 2], rtol=1e-14)
    assert f"{found[0]:.8e}" == "4.24835426e-18" and y[0, 0] == 1


def test_a_convention_is_told_and_minded_by_strict(checked):
    code, lines = checked("kl_of_sigma.py")
    (line,) = [block.strip() for block in shown("bug-or-convention")]
    assert code == 0 and any(said.startswith(line) for said in lines)
    assert checked("kl_of_sigma.py", "--strict")[0] == 1
    code, lines = checked("kl_of_sigma_declared.py")
    assert code == 0 and not any("not declared" in line for line in lines)


def test_every_convention_that_is_named_is_known():
    named = set(re.findall("“([^”]+)”", PAGES["bug-or-convention"]))
    known = {word for ref in CATALOGUE.values() for word in (*ref.conventions, *ref.exchanges)}
    known |= {one.convention for name in CATALOGUE for one in find.variants(name)}
    assert len(named) > 8 and named <= known
    assert re.search(r"`exponential_taken_for_deviation`", PAGES["bug-or-convention"])


def test_the_report_that_is_read_is_the_one_of_today(checked):
    code, lines = checked("my_kl.py")
    told = re.search(r"^```text\n(.*?)^```$", PAGES["reading-a-report"], re.M | re.S)[1]
    assert code == 1
    # whatever the catalogue has by now, and the machine
    others = lambda line: re.sub(r"^\d+ others|(?<=own time: ).* in all", "…", line.strip())
    assert [others(line) for line in told.splitlines() if line.strip()] == [others(line) for line in lines]


def test_the_figures_are_those_of_the_records(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    from figures import figures, written

    page = " ".join(PAGES["how-we-know"].split())
    assert [sentence for sentence in figures() if sentence not in page] == [], "python docs/figures.py"
    stale = re.sub(r"\d+ certified", "7 certified", PAGES["how-we-know"])
    assert written(stale) == written(PAGES["how-we-know"]) == PAGES["how-we-know"]


def test_links_of_the_guides_lead_to_files():
    made = SimpleNamespace(pages={"references", "accuracy"})  # by the manual, when it is built
    for page in PAGES.values():
        for link in re.findall(r"\]\(([^)#]+)\)", page):
            there = ROOT / "docs" / "guides" / link
            assert there.exists() or there.resolve().parent.name in made.pages, link

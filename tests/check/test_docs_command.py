"""`refdgm docs NAME`: the page of a reference in the terminal, as it is written or where it lies."""

import importlib
import io
import re
import sys
from pathlib import Path

import pytest

from refdgm import CATALOGUE
from refdgm.check.report import exits
from refdgm.cli import docs
from refdgm.cli import main as cli
from refdgm.cli.reading import readable
from refdgm.evidence.pages import folder, pages, text

DERIVATIONS = Path(__file__).resolve().parents[2] / "docs" / "derivations"


def test_every_reference_has_its_page_and_every_page_is_of_one():
    assert pages().keys() == CATALOGUE.keys()
    assert {*pages().values()} == {path.stem for path in DERIVATIONS.glob("*.md")} - {"README"}


@pytest.mark.parametrize("page", sorted({*pages().values()}))
@pytest.mark.parametrize("columns", [80, 100])
def test_a_page_is_whole_in_the_width_of_a_terminal(page, columns):
    """Nothing is lost but the marks of fences and links of pictures; wider is only what has no gap to break at."""
    told, written = readable(text(page), columns), text(page)
    for line in told.splitlines():
        assert len(line) <= columns or len(line.removeprefix("    > ").split()) == 1, line
    bare = re.sub(r"\s|>|`", "", told)
    for line in written.splitlines():
        if not line.startswith(("```", "![", "<details>", "</details>")):
            assert re.sub(r"\s|>|`", "", re.sub("^# (?=[a-z])", "", line)).removeprefix("*") in bare, line
    marks = {"given": "given {}:", "definition": "[{}]", "✓": "[{}]", "⚠": "which makes of [{}]:"}
    for kind, name in re.findall(r"^<details><summary>(\S+) <code>(\S+)</code>", written, re.M):
        assert marks[kind].format(name) in told


def test_what_is_not_a_terminal_gets_it_all(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main(["docs", "gaussian_kl_between"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("# The Kullback–Leibler divergence of Gaussians\n")
    assert told.rstrip().endswith(str(DERIVATIONS / "gaussian_kl.md"))


def test_a_terminal_gets_a_pager(monkeypatch, tmp_path):
    """That of PAGER, as `man` and `git` do."""
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    importlib.reload(docs.pydoc)  # it keeps what it found when it was first asked
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("PAGER", f"cat > {tmp_path / 'paged'}")
    monkeypatch.setenv("TERM", "xterm")
    assert cli.main(["docs", "softplus"]) == 0
    assert "[" in (tmp_path / "paged").read_text(encoding="utf-8") and sys.stdout.getvalue() == ""


def test_the_place(capsys):
    assert cli.main(["docs", "gaussian_kl_between", "--path"]) == 0
    assert capsys.readouterr().out.strip() == str(DERIVATIONS / "gaussian_kl.md")
    assert cli.main(["docs", "gaussian_mixture", "--path"]) == 0, "a page by its own name"
    assert folder() == DERIVATIONS


def test_the_manual_where_it_is_built(capsys, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(docs.webbrowser, "open", opened.append)
    monkeypatch.setattr(docs, "__file__", str(tmp_path / "refdgm" / "cli" / "docs.py"))
    assert cli.main(["docs", "softplus", "--web"]) == exits.USAGE
    told = capsys.readouterr()
    assert told.out == "" and "python docs/build.py" in told.err and told.err.count("\n") == 1 and opened == []
    page = tmp_path / "docs" / "_site" / "derivations" / "softplus.html"
    page.parent.mkdir(parents=True)
    page.write_text("")
    assert cli.main(["docs", "log_sigmoid", "--web"]) == 0
    assert capsys.readouterr().out.strip() == page.as_uri() == opened[0]


def test_what_there_is_not_is_said_in_one_sentence(capsys):
    assert cli.main(["docs", "gausian_kl"]) == exits.USAGE
    assert capsys.readouterr().err == "refdgm: there is no reference 'gausian_kl'; is it gaussian_kl?\n"
    assert cli.main(["docs", "../README"]) == exits.USAGE

"""The pages as the host of a repository sets them: plain Markdown, formulas in fences, what is folded opens."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *(DOCS / "guides").glob("*.md"), *(DOCS / "derivations").glob("*.md"),
                *(DOCS / "gallery").glob("*.md")])
OURS = {"{toctree}", "{bibliography}", "{reference}"}  # of the manual's own front and lists, not of what is read
INSIDE = re.compile(r"\\[^A-Za-z0-9\s]|[*<]")  # what Markdown may take for its own


@pytest.mark.needs("markdown_it")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_is_markdown_of_the_common_kind(page):
    """Every step is a formula in a fence that is no part of what is folded, every expression is Python, and all that is
    open is closed."""
    markdown_it = pytest.importorskip("markdown_it")
    text = page.read_text(encoding="utf-8")
    fences, depth, outside = [], 0, []
    for token in markdown_it.MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "html_block":
            depth += token.content.count("<details>") - token.content.count("</details>")
            assert depth in (0, 1) and "```" not in token.content
        elif token.type == "fence":
            fences.append(token.info)
            outside += [token.info] if not depth else []
        elif token.type == "inline":
            plain = re.sub(r"\$?`[^`]*`\$?|\$\$.*?\$\$", "", token.content, flags=re.S)
            assert not [tex for tex in re.findall(r"\$([^$]+)\$", plain) if INSIDE.search(tex)], "write $`…`$"
    assert depth == 0
    assert not [info for info in fences if info.startswith("{") and info.split()[0] not in OURS]
    if page.parent.name == "derivations" and page.stem != "README":
        steps = len(re.findall(r"<summary>(?:✓|definition) <code>", text))
        assert outside == ["math"] * fences.count("math") and fences.count("math") == steps >= 2
        assert set(fences) == {"math", "python"}


def test_a_step_that_is_folded_away_would_be_seen():
    markdown_it = pytest.importorskip("markdown_it")
    tokens = markdown_it.MarkdownIt("commonmark").parse("<details><summary>x</summary>\n```math\nx\n```\n</details>\n")
    assert [token.type for token in tokens] == ["html_block"] and "```" in tokens[0].content

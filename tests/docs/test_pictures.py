"""Every picture has a program that draws it and a page that shows it, and every derivation has one."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
DRAWN = {path.stem for path in (DOCS / "pictures").glob("*.svg")}
PROGRAMS = {path.stem for path in (DOCS / "pictures").glob("*.py")} - {"__main__", "style"}
SHOWN = {
    path.stem: re.findall(r"!\[([^\]]+)\]\(\.\./pictures/(\w+)\.svg\)", path.read_text(encoding="utf-8"))
    for path in (DOCS / "derivations").glob("*.md")
}


def test_programs_and_pictures_belong_together():
    assert PROGRAMS == DRAWN
    assert {name for shown in SHOWN.values() for _, name in shown} == DRAWN
    for name in DRAWN:
        assert (DOCS / "pictures" / f"{name}.svg").stat().st_size < 200_000, name


def test_every_page_has_a_picture_with_words_for_it_and_what_is_seen_below():
    assert not [page for page, shown in SHOWN.items() if page != "README" and not shown]
    assert all(len(words.split()) >= 5 for shown in SHOWN.values() for words, _ in shown)
    for page, shown in SHOWN.items():
        text = (DOCS / "derivations" / f"{page}.md").read_text(encoding="utf-8")
        for _, name in shown:
            caption = text.split(f"](../pictures/{name}.svg)")[1].split("\n\n")[1]
            assert caption[0] != "#" and len(caption.split()) >= 10, (page, name)

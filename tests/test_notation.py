"""One notation: no letter bears two marks, and the cotangent of one that bears a mark is that of its Latin letter."""

import re
import unicodedata
from pathlib import Path

import pytest

from refdgm import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("refdgm", "docs", "tests", "validation")
TEXTS = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))
         if path.suffix in (".py", ".md", ".json")]
MARKS = re.compile("[^\\W\\d_][\u0300-\u036f]{2,}")  # of the decomposed text
TEX = re.compile(r"\\(?:bar|overline|dot|hat|tilde)\s*\{?\s*\\(?:bar|overline|dot|hat|tilde|widehat|widetilde)\b")
WORDS = re.compile("[\u0302\u0303\u0304][₀-₉_{}t0−1]*-bar|\\bof ᾱ[^ ]*:  ")  # a bar in words, where a letter belongs


def stacked(text):
    """The letters with two marks, in Unicode, TeX or words."""
    text = unicodedata.normalize("NFD", text)
    words = re.compile(unicodedata.normalize("NFD", WORDS.pattern))
    return [found.group() for pattern in (MARKS, TEX, words) for found in pattern.finditer(text)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_letter_bears_two_marks(folder):
    """Kills: a bar over a hat, a dot or a bar, however it is typed."""
    found = {str(path.relative_to(ROOT)): what for path in TEXTS if path.is_relative_to(ROOT / folder)
             and path != Path(__file__) and (what := stacked(path.read_text(encoding="utf-8")))}
    assert not found, f"two marks on one letter: {found}"


def test_two_marks_are_seen():
    for wrong in ("ε\u0302\u0304", "ᾱ\u0304", "ṡ\u0304", "ā\u0307", r"\bar{\dot f}", r"\bar\hat x", "ε\u0302_t-bar = 1",
                  "of ᾱ:  x", "of ᾱ_{t−1}:  x"):
        assert stacked(wrong), wrong
    assert not stacked("ē of ε̂, ā of ᾱ, m̄ of μ̃, ṡ and d̄, Σ ȳ xᵀ, naïve")


@pytest.mark.parametrize("name", CATALOGUE)
def test_docstrings_hold_to_it(name):
    assert not stacked(CATALOGUE[name].body.__doc__)

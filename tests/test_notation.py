"""One notation: marks are words, x_bar, but where formulas are typeset; no letter bears two of them."""

import re
import unicodedata
from pathlib import Path

import pytest

from refdgm import CATALOGUE
from refdgm.check.questions.spelling import spelled

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("", "refdgm", "docs", "tests", "validation")
KEPT = ROOT / "validation" / "vectors"  # indexes stay byte for byte as they were made
TEXTS = {folder: [path for path in sorted((ROOT / folder).glob("**/*" if folder else "*"))
                  if path.suffix in (".py", ".md", ".json", ".toml") and not path.is_relative_to(KEPT)
                  and not {"_site", "references"} & {*path.parts}]  # these are built
         for folder in FOLDERS}
WORD = "_(?:bar|hat|tilde|dot)"
MARKS = "\u0302\u0303\u0304\u0307"
NAMES = {"Itô", "Itô's"}  # of people: their letters are theirs
TWO = re.compile(rf"(?<![A-Za-z])[^\W\d_]{WORD}[₀-₉]?{WORD}(?![a-z])|ᾱ{WORD}(?![a-z])|\bof ᾱ[^ ]*:  ")
TEX = re.compile(r"\\(?:bar|overline|dot|hat|tilde)\s*\{?\s*\\(?:bar|overline|dot|hat|tilde|widehat|widetilde)\b")


def standing(text):
    """Marks as characters: by themselves, and in letters of Unicode that have one, but for ᾱ and names."""
    words = [word for word in re.findall(r"[^\s(),;:.\"]+", text) if not word.isascii() and word not in NAMES]
    return [word for word in words if any(
        unicodedata.combining(c) or (c != "ᾱ" and {*unicodedata.normalize("NFD", c)} & {*MARKS}) for c in word)]


def stacked(text, patterns=(TWO, TEX)):
    """The letters with two marks, in words or TeX."""
    return [found.group() for pattern in patterns for found in pattern.finditer(text)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder or "root")
def test_marks_are_words(folder):
    """Kills: a bar that tears from its letter in a terminal, however it is typed."""
    found = {str(path.relative_to(ROOT)): what[:5] for path in TEXTS[folder]
             if (what := standing(path.read_text(encoding="utf-8")))}
    assert not found, f"write x_bar, x_hat, x_tilde, x_dot (docs/notation.md, Marks): {found}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder or "root")
def test_no_letter_bears_two_marks(folder):
    """Kills: a bar over a hat, a dot or a bar. Names in code may have both, for there each is that of its letter."""
    found = {str(path.relative_to(ROOT)): what for path in TEXTS[folder]
             if path != Path(__file__) and (what := stacked(path.read_text(encoding="utf-8"), (TEX,)))}
    assert not found, f"two marks on one letter: {found}"


@pytest.mark.parametrize("name", CATALOGUE)
def test_docstrings_hold_to_it(name):
    assert not stacked(CATALOGUE[name].body.__doc__)


def test_marks_are_seen():
    for wrong in ("x\u0304", "\u0233 = 1", "of \u012b", "\u03b5\u0302_t", "It\u00f4x", "e\u0301"):
        assert standing(wrong), wrong
    assert not standing("e_bar of ε_hat, ᾱ, naïve, Fréchet, Schrödinger, Itô's, ≠, Σ y_bar xᵀ")


def test_two_marks_are_seen():
    for wrong in ("ε_hat_bar", "ᾱ_bar", "s_dot_bar = 1", r"\bar{\dot f}", r"\bar\hat x", "of ᾱ_{t−1}:  x"):
        assert stacked(wrong), wrong
    assert not stacked("e_bar of ε_hat, a_bar of ᾱ, m_bar of μ_tilde, s_dot and d_bar, y_bar_k")


def test_texts_of_older_indexes_are_spelled_so():
    assert spelled("σ² = β\u0303, \u0233 of ᾱ, \u0113_t of ε\u0302_t") == "σ² = β_tilde, y_bar of ᾱ, e_bar_t of ε_hat_t"
    assert spelled("Itô, Fréchet ≠ x") == "Itô, Fréchet ≠ x"

"""The page of notation: a row for every letter of every argument, no letter of two senses that does not say so."""

import inspect
import re
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.catalogue import FAMILIES
from refdgm.declaration.symbols import SYMBOLS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "notation.md"
HOW = "add a row to docs/notation.md, or the place to the row that has this sense"
MARK = "_(?:bar|hat|tilde|dot)(?![a-z])"
SUBSCRIPT = re.compile(rf"_\{{[^}}]*\}}|(?!{MARK})_[A-Za-z0-9]+")
LETTER = re.compile(rf"(?<![A-Za-zͰ-Ͽᾱ_′'`])([A-Za-zͰ-Ͽϵℓᾱ](?:{MARK})?)([₀₁]?)(?![A-Za-z_'’`])")
ARTICLE = re.compile(r"\ba (?=[a-zα-ω]{2})|\bI (?=[a-z])")
NUMBERED = "xtz"  # letters that mean something else with 0 or 1 below


def letters(text):
    """The letters of a text with their marks, without subscripts; x₀, x₁ and their like are letters of their own."""
    text = re.sub(rf"\b([{NUMBERED}])_0\b", r"\1₀", text)
    text = ARTICLE.sub("", SUBSCRIPT.sub("", text))
    return {m[1] + (m[2] if m[1] in NUMBERED else "") for m in LETTER.finditer(text)}


def table(heading):
    """The rows of the table below a heading, cell by cell."""
    part = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in part.splitlines()
            if line.startswith("| ")][1:]


def rows(heading):
    """(letter, form, sense, places) of each; "m, n" is two letters, and σ(·) a form of σ."""
    return [(base(form), form, sense, [place.strip() for place in where.split(",")])
            for forms, sense, where in table(heading) for form in forms.split(", ")]


def base(form):
    return form.removesuffix("(·)").removesuffix("_k")


ONE, SEVERAL = rows("Letters of one sense"), rows("Letters of more than one sense")
FAMILY = {ref.name: family for family, refs in FAMILIES.items() for ref in refs}


def named(places):
    """The references that a cell of places names outright."""
    return {name for name in CATALOGUE for place in places if place == FAMILY[name] or fnmatchcase(name, place)}


def covering(letter, name):
    """The rows of a letter that name a reference, or else those of everywhere and elsewhere, or else the axis."""
    of = [row for row in ONE + SEVERAL if row[0] == letter]
    outright = [row for row in of if name in named(row[3])]
    return outright or [row for row in of if {"everywhere", "elsewhere"} & {*row[3]}] or [
        [axis, axis, counts, ["elsewhere"]] for axis, counts in table("Axes") if axis == letter]


def meanings(ref):
    return " ; ".join(each.meaning or "" for part in (ref.args, ref.result) for each in part.values())


def used(name):
    """All letters of a reference: of meanings, of its docstring and of its shapes."""
    ref = CATALOGUE[name]
    shapes = {s for part in (ref.args, ref.result) for each in part.values()
              for width in getattr(each, "shape", ()) or () for s in re.findall(r"\w+", str(width))}
    return letters(meanings(ref) + "\n" + (inspect.getdoc(ref.body) or "")) | shapes


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_letter_of_an_argument_is_on_the_page(name):
    absent = [letter for letter in sorted(letters(meanings(CATALOGUE[name]))) if not covering(letter, name)]
    assert absent == [], f"no row says what {', '.join(absent)} means for {name}: {HOW}"


def test_no_letter_has_two_senses_without_saying_so():
    """One row a letter in the first table, two or more in the second, none in both."""
    one, several = [row[0] for row in ONE], [row[0] for row in SEVERAL]
    assert [letter for letter in one if one.count(letter) > 1] == []
    assert [letter for letter in several if several.count(letter) < 2] == []
    assert {*one} & {*several} == set()
    assert {row[0] for row in table("Axes")} & {*one} <= {"R"}  # of the same sense in both


@pytest.mark.parametrize("name", CATALOGUE)
def test_one_sense_a_reference(name):
    """Two rows for one reference are two forms, as σ and σ(·), or the page has not said which one holds."""
    for letter in letters(meanings(CATALOGUE[name])):
        found = covering(letter, name)
        senses = [row[2] for row in found]
        assert len(found) == len({row[1] for row in found}), f"{letter} has several senses for {name}: {senses}"


def test_every_place_uses_its_letter():
    """Kills: a row that outlived the argument that it told of, and a name that is none."""
    wrong = []
    for letter, _, sense, places in ONE + SEVERAL:
        for place in places:
            if place not in ("everywhere", "elsewhere") and not any(letter in used(name) for name in named([place])):
                wrong.append(f"{letter}, {sense}: {place}")
    assert wrong == []


def test_the_axes_are_those_of_the_package():
    assert dict(table("Axes")) == {symbol: row.meaning for symbol, row in SYMBOLS.items()}


def test_every_family_is_told_of():
    assert [row[0] for row in table("By family")] == [*FAMILIES]


def test_noise_has_one_letter():
    """Kills: a lunate ϵ for a prediction, beside the ε of the docstrings."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in (PAGE.parent / "derivations").glob("*.md")}
    assert [name for name, text in pages.items() if re.search(r"\\(hat|tilde)\s*\{?\\epsilon", text)] == []
    gallery = {path.name: path.read_text(encoding="utf-8") for path in (PAGE.parent / "gallery").glob("*.md")}
    assert [name for name, text in gallery.items() if r"\epsilon" in text] == []


def test_letters_are_seen():
    assert letters("λ = log σ², of a(t) x and a network; θ_t, x_0, x₁, W1, ᾱ, ℓ") == {*"λσatxθWℓ", "ᾱ", "x₀", "x₁"}
    assert letters("ε_hat_{t−1}, z_1 … z_T, x_bar_t") == {"ε_hat", "z", "x_bar"}
    assert letters("a point of the simplex") == set()


# --- what it says of sums and means ----------------------------------------------------------------------------------

SUMS = {"gaussian_kl": None, "gaussian_log_density": None, "bernoulli_log_likelihood": None,  # with factors of squares
        "flow_matching_loss": ("velocity", 1), "simple_loss": ("prediction", 1), "edm_loss": ("output", 1),
        "denoising_score_matching": ("score", 0.5), "fisher_divergence": ("score", 0.5)}
MEANS = ["contrastive_divergence",
         *(name for name in CATALOGUE if name.endswith(("discriminator_loss", "critic_loss")))]


def drawn(name):
    """Arguments of four components, or a batch of five."""
    draw = np.random.default_rng(3)
    return {key: draw.uniform(0.2, 0.8, tuple(5 if width in "BM" else 4 for width in arg.shape))
            for key, arg in CATALOGUE[name].args.items() if getattr(arg, "shape", None) is not None
            } | ({"target": "eps"} if name == "simple_loss" else {})


@pytest.mark.parametrize("name", SUMS)
def test_losses_are_sums_over_the_components(name):
    """Kills: a mean, which stays where the components are there twice; a factor at the square that is not told."""
    f, arrays = CATALOGUE[name], drawn(name)
    twice = {key: np.concatenate([each, each], axis=1) if np.ndim(each) == 2 else each for key, each in arrays.items()}
    np.testing.assert_allclose(f(**twice), 2 * np.asarray(f(**arrays)), rtol=1e-12)
    if SUMS[name]:
        argument, factor = SUMS[name]
        low, here, high = (np.asarray(f(**arrays | {argument: arrays[argument] + by})) for by in (-1, 0, 1))
        np.testing.assert_allclose(high - 2 * here + low, 2 * factor * 4, rtol=1e-9)


@pytest.mark.parametrize("name", MEANS)
def test_losses_of_two_batches_are_means_over_each(name):
    """Kills: a sum over the examples, which doubles where one batch is there twice."""
    f, arrays = CATALOGUE[name], drawn(name)
    batches = [key for key, arg in f.args.items() if getattr(arg, "shape", None) and arg.shape[0] in "BM"]
    twice = {key: np.concatenate([each, each]) if key == batches[0] else each for key, each in arrays.items()}
    assert len(batches) == 2
    np.testing.assert_allclose(f(**twice), f(**arrays), rtol=1e-12)

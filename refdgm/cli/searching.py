"""What is known of every reference by words, and which references a search means: best first, and why.

A field is a text in which a reference can be found. It counts the more the nearer it is to a name, and the more of it
is asked for: a word that is all of an alias finds it before one that is a part of a statement.
"""

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from refdgm.catalogue import CATALOGUE, FAMILIES
from refdgm.cli.listing import summary
from refdgm.cli.words import alike, asked, words
from refdgm.evidence.aliases import Alias, aliases
from refdgm.evidence.find import variants
from refdgm.reference import Reference

NAME, ALIAS, LIBRARY, CONVENTION, SUMMARY, SOURCE, FAMILY, STATEMENT, ARGUMENT = (
    "name", "alias", "library", "convention", "summary", "source", "family", "statement", "argument")
WEIGHTS = {NAME: 10.0, ALIAS: 9.0, LIBRARY: 9.0, CONVENTION: 5.0, SUMMARY: 5.0, SOURCE: 4.0, FAMILY: 4.0,
           STATEMENT: 2.0, ARGUMENT: 2.0}
FEW, NEAR, ALMOST = 8, 0.6, 0.9  # how many are told, how near the best they come, what counts as all of it


@dataclass(frozen=True)
class Field:
    """A text of a reference: what kind it is, what is searched, what is told of it."""

    kind: str
    text: str
    told: str
    alias: Alias | None = None


@dataclass(frozen=True)
class Found:
    """A reference that a search means, how nearly, and where it was found, the best first."""

    reference: Reference
    score: float
    fields: tuple[Field, ...]


def told(alias: Alias) -> str:
    """PyTorch: F.gumbel_softmax, of hard=False."""
    if not alias.library:
        return f"called: {alias.name}" + (f" ({alias.under})" if alias.under else "")
    return f"{alias.title}: {alias.short}" + (f", {alias.under}" if alias.under else "")


@cache
def fields(name: str) -> tuple[Field, ...]:
    """All that is known of a reference by words."""
    ref = CATALOGUE[name]
    text = inspect.getdoc(ref.body) or ""
    statement, _, source = text.partition("Source:")
    family = next(family for family, refs in FAMILIES.items() if ref in refs)
    made = [Field(NAME, name, "its name")]
    made += [Field(LIBRARY if one.library else ALIAS, one.name, told(one), one) for one in aliases(name)]
    made += [Field(CONVENTION, one, f"convention: {one}") for one in (*ref.conventions, *ref.exchanges)]
    made += [Field(CONVENTION, f"{one.convention} {one.what}", f"convention: {one.convention}")
             for one in variants(name)]
    made += [Field(SUMMARY, summary(ref), "what it is"), Field(FAMILY, family, f"family: {family}")]
    made += [Field(STATEMENT, line, f"stated: {' '.join(line.split())}") for line in _sentences(statement)]
    if source:
        brief = " ".join(source.split())
        made.append(Field(SOURCE, f"{brief} {ref.source}", f"source: {brief}"))
    made += [Field(ARGUMENT, f"{argument} {domain.meaning}", f"argument {argument}: {domain.meaning}")
             for argument, domain in ref.args.items()]
    return tuple(made)


def _sentences(text: str) -> list[str]:
    """Equations by line, paragraphs by sentence; without the first line, which is the summary."""
    made: list[str] = []
    for block in text.partition("\n")[2].split("\n\n"):
        if block.lstrip("\n").startswith(" "):
            made += block.splitlines()
        else:
            made += re.split(r"(?<=[.;:]) ", " ".join(block.split()))
    return [one for one in made if one.strip()]


def search(text: str) -> list[Found]:
    """Every reference in which all words of a search are found, best first; of equals, in the order of learning."""
    wanted = asked(text)
    near = [_places(word) for word in dict.fromkeys(wanted)]
    scores = _scores(wanted, near)
    of: dict[str, list[tuple[float, Field]]] = {}
    for place, score in scores.items():
        name, field = _index().places[place]
        of.setdefault(name, []).append((score, field))
    found = [one for name in CATALOGUE if wanted and (one := _found(name, of.get(name, []), near))]
    return sorted(found, key=lambda one: -one.score)


def few(found: list[Found]) -> list[Found]:
    """Those that come near the best."""
    return [one for one in found[:FEW] if one.score >= NEAR * found[0].score]


@dataclass(frozen=True)
class _Index:
    """Every field with its reference, and in which of them a word stands; `whole` has what finds one as a whole."""

    places: list[tuple[str, Field]]
    words: dict[str, list[int]]
    whole: dict[str, list[int]]
    joined: list[str]


@cache
def _index() -> _Index:
    made = _Index([(name, field) for name in CATALOGUE for field in fields(name)], {}, {}, [])
    for place, (_, field) in enumerate(made.places):
        here = words(field.text)
        made.joined.append("".join(here))
        for whole in _ends(field.text) if field.kind == LIBRARY else ("".join(here),):
            made.whole.setdefault(whole, []).append(place)
        for word in dict.fromkeys((*here, *(words(field.alias.title) if field.alias else ()))):
            made.words.setdefault(word, []).append(place)
    return made


def _places(word: str) -> dict[int, float]:
    """Where a word stands, with how nearly it is the one that is asked for."""
    found: dict[int, float] = {}
    for other, places in _index().words.items():
        if near := alike(word, other):
            for place in places:
                found[place] = max(found.get(place, 0.0), near)
    return found


def _scores(wanted: tuple[str, ...], near: list[dict[int, float]]) -> dict[int, float]:
    """Of every field that has all of the words; the more, the more of its text is asked for."""
    index, want = _index(), "".join(wanted)
    found = {}
    for place in set.intersection(*map(set, near)) if near else ():
        share = min(1.0, len(want) / max(len(index.joined[place]), 1))
        mean = sum(each[place] for each in near) / len(near)
        found[place] = ALMOST * mean * (0.4 + 0.6 * share)
    if len(want) >= 4:
        for place, (_, field) in enumerate(index.places):
            if field.kind in (NAME, ALIAS) and place not in found and want in index.joined[place]:
                found[place] = 0.5 * ALMOST
    found |= dict.fromkeys(index.whole.get(want, ()), 1.0)
    return {place: score * _weight(index.places[place][1]) for place, score in found.items()}


def _weight(field: Field) -> float:
    """A little less where a name is said with a condition: somebody may mean it, and all mean what has it without."""
    conditioned = field.kind == ALIAS and field.alias is not None and field.alias.under
    return WEIGHTS[field.kind] * (0.95 if conditioned else 1.0)


def _found(name: str, scored: list[tuple[float, Field]], near: list[dict[int, float]]) -> Found | None:
    """By its best field, and a little by the next one of another kind; else by a field for each of the words."""
    if not scored:
        return _scattered(name, near)
    scored.sort(key=lambda one: -one[0])
    best, first = scored[0]
    more = next((score for score, field in scored if field.kind != first.kind), 0.0)
    return Found(CATALOGUE[name], best + 0.1 * more, _reasons(field for _, field in scored))


def _scattered(name: str, near: list[dict[int, float]]) -> Found | None:
    mine, total, reasons = _own(name), 0.0, []
    for each in near:
        scored = [(each[place] * WEIGHTS[_index().places[place][1].kind], -place) for place in mine if place in each]
        if not scored:
            return None
        score, place = max(scored)
        total += score
        reasons.append(_index().places[-place][1])
    return Found(CATALOGUE[name], 0.2 * total / len(near), _reasons(reasons))


@cache
def _own(name: str) -> tuple[int, ...]:
    return tuple(place for place, (other, _) in enumerate(_index().places) if other == name)


def _reasons(of: Iterable[Field]) -> tuple[Field, ...]:
    """The best of each kind, and of each library."""
    best: dict[tuple[str, str], Field] = {}
    for field in of:
        best.setdefault((field.kind, field.alias.library if field.alias else ""), field)
    return tuple(best.values())


@cache
def _ends(function: str) -> frozenset[str]:
    """A path, and what is left of it where its front is left out: DDIMScheduler.step, step; F.softmax too."""
    parts = function.split(".")
    ends = {"".join(words(".".join(parts[n:]))) for n in range(len(parts))}
    return frozenset(ends | {end.replace("functional", "f", 1) for end in ends if end.startswith("functional")})


def nearest(text: str) -> list[str]:
    """Names and aliases that are written most like it."""
    known = {"".join(words(field.text)): field.text.rpartition(".")[2] for name in CATALOGUE for field in fields(name)
             if field.kind in (NAME, ALIAS, LIBRARY)}
    return list(dict.fromkeys(known[near] for near in get_close_matches("".join(asked(text)), known, 4)))

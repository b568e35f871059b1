"""A declared surrogate is tied to the value, and a wrong one is seen, though its slopes are right."""

from dataclasses import replace

import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw, options_grid
from refdgm.evidence.definitions import definition

from .surrogate import surrogates, unlike
from .test_judge import with_declared

HELD = [ref for ref in CATALOGUE.values() if any(True for _ in surrogates(ref, definition(ref.name)))]
REGIMES = ("unit", "mixed", "near")


def cases(ref):
    return [draw(ref, seed, regime, options=options) for options in options_grid(ref)
            for seed, regime in enumerate(REGIMES)]


@pytest.mark.parametrize("ref", HELD, ids=lambda ref: ref.name)
def test_a_surrogate_is_the_value_where_nothing_moves(ref):
    for case in cases(ref):
        assert list(unlike(ref, definition(ref.name), case)) == []


def moved(surrogate, output):
    """The surrogate with a constant added to one of its outputs, which no slope sees."""
    def wrong(*args, **options):
        outputs = surrogate(*args, **options)
        if type(outputs) is not tuple:
            return outputs + 1
        return tuple(y + 1 if i == output else y for i, y in enumerate(outputs))

    return wrong


@pytest.mark.parametrize("ref", HELD, ids=lambda ref: ref.name)
def test_a_wrong_one_is_seen(ref):
    case, text = cases(ref)[0], definition(ref.name)
    for output, name in enumerate(ref.result):
        if name not in ref.bars:
            continue
        told = f", with its own arguments held, is not the {name} of {ref.name}"
        wrong = replace(text, texts=text.texts | {"held": moved(text.texts["held"], output)})
        assert list(unlike(ref, wrong, case)) == [f"the definition's held{told}"]
        if ref.derivative_of and not hasattr(ref.derivative_of, "body"):
            declared = with_declared(ref, derivative_of=moved(ref.derivative_of, output))
            assert list(unlike(declared, text, case)) == [f"derivative_of{told}"]


def test_one_reference_holds_by_its_declaration_and_more_by_their_definitions():
    """Where none were found nothing would be tested."""
    assert len(HELD) >= 2 and any(not hasattr(ref.derivative_of, "body") for ref in HELD)

"""Every mistake differs from its reference in the roles that it says, and in no other."""

import inspect
from functools import cache

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import Case
from refdgm.evidence.declare import Mistake, mistake, roles
from refdgm.evidence.distance import Answer, answer, distance
from refdgm.evidence.find import mistakes, of_cases
from refdgm.evidence.latent.gumbel_softmax.cases import sharing
from refdgm.evidence.showing import killing_cases, rare_cases

from ..turns import in_turn

SHOWS, SHOWS_BLIND = 1e-6, 1e-11  # some of the blind ones compute in single precision inside
HIDDEN = 1e-12

IN_TURN = in_turn(mistakes(), lambda wrong: wrong.reference)


@cache
def killing(name: str) -> list[Case]:
    return killing_cases(CATALOGUE[name])


@cache
def all_cases(name: str) -> list[Case]:
    return [*killing(name), *rare_cases(CATALOGUE[name])]


@cache
def ours(name: str) -> list[Answer]:
    """What the reference says, case by case: asked once for all of its mistakes."""
    return [answer(CATALOGUE[name], CATALOGUE[name].body, case) for case in all_cases(name)]


@cache
def theirs(wrong: Mistake) -> list[Answer]:
    """What a mistake says, case by case; it may overflow where the reference does not."""
    with np.errstate(all="ignore"):
        return [answer(CATALOGUE[wrong.reference], wrong.body, case) for case in all_cases(wrong.reference)]


def farthest(these: list[Answer], those: list[Answer]) -> dict[str, float]:
    """By role, the distance on the case where it is largest."""
    return {role: max(distance(one[role], other[role]) for one, other in zip(these, those, strict=True))
            for role in those[0]}


@pytest.mark.parametrize("wrong", IN_TURN, ids=lambda wrong: wrong.name)
def test_reveals_itself_exactly_where_it_says(wrong: Mistake) -> None:
    """The blind ones on what is rare as well, the others on the killing cases alone."""
    many = len((all_cases if wrong.blind else killing)(wrong.reference))
    far = farthest(theirs(wrong)[:many], ours(wrong.reference)[:many])
    shows = SHOWS_BLIND if wrong.blind else SHOWS
    assert {role for role, apart in far.items() if apart > shows} == set(wrong.reveals)
    assert {role for role, apart in far.items() if apart <= HIDDEN} == set(wrong.hides)


def test_the_blind_mistakes_are_counted_apart() -> None:
    known = mistakes()
    assert known == [*mistakes(blind=False), *mistakes(blind=True)]
    assert len({wrong.name for wrong in known}) == len(known)
    assert all(len(mistakes(name, blind=True)) >= 2 for name in CATALOGUE)


@pytest.mark.parametrize("name", [name for name in in_turn(CATALOGUE) if of_cases(name, "RARE")])
def test_every_rare_case_is_needed(name: str) -> None:
    """Some blind mistake shows on it and on no killing case: otherwise it would not be there."""
    right, many = ours(name), len(killing(name))
    for i, case in enumerate(all_cases(name)[many:], many):
        assert any(
            max(farthest(theirs(wrong)[i:i + 1], right[i:i + 1]).values()) > SHOWS_BLIND
            >= max(farthest(theirs(wrong)[:many], right[:many]).values())
            for wrong in mistakes(name)
        ), case.id


@pytest.mark.parametrize("wrong", IN_TURN, ids=lambda wrong: wrong.name)
def test_is_declared(wrong: Mistake) -> None:
    ref = CATALOGUE[wrong.reference]
    assert wrong.name.startswith(f"{ref.name}/")
    assert inspect.signature(wrong.body).parameters.keys() == inspect.signature(ref.body).parameters.keys()
    assert [p.kind for p in inspect.signature(wrong.body).parameters.values()] == [
        p.kind for p in inspect.signature(ref.body).parameters.values()
    ]
    assert sorted((*wrong.reveals, *wrong.hides)) == sorted(roles(ref)) and wrong.reveals
    assert wrong.what.endswith(".") and len(wrong.what) > 10
    assert all("/" in place and "#" in place for place in wrong.seen.split("; ") if wrong.seen)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_reference_has_enough_of_every_kind(name: str) -> None:
    ref, found = CATALOGUE[name], mistakes(name)
    assert len(found) >= 5
    if not ref.differentiable:
        return  # one role, the value: nothing else can stay right
    assert any(set(ref.result) <= set(wrong.hides) for wrong in found), "none leaves every output as it is"
    assert any(set(ref.result) & set(wrong.reveals) for wrong in found), "none changes an output"
    for argument in ref.wrt:
        role = f"gradient.{argument}"
        assert any(role in wrong.hides for wrong in found), f"none leaves {role} as it is"
        assert any(role in wrong.reveals for wrong in found), f"none changes {role}"


@pytest.mark.parametrize("name", in_turn(CATALOGUE))
def test_no_two_mistakes_are_one(name: str) -> None:
    """Otherwise a diagnosis could not name what it found."""
    found = mistakes(name)
    for i, one in enumerate(found):
        for other in found[i + 1:]:
            least = SHOWS_BLIND if one.blind or other.blind else SHOWS
            assert apart(theirs(other), theirs(one), least), f"{one.name} and {other.name} answer alike"


def apart(these: list[Answer], those: list[Answer], least: float) -> bool:
    """Whether they are so far from one another in a role of a case; no further ones are looked at then."""
    return any(distance(one[role], other[role]) > least
               for one, other in zip(these, those, strict=True) for role in other)


def test_the_reference_is_no_distance_from_itself() -> None:
    """And says the same when it is asked again."""
    for name, ref in CATALOGUE.items():
        again = [answer(ref, ref.body, case) for case in all_cases(name)]
        assert set(farthest(again, ours(name)).values()) == {0.0}


def test_inputs_are_left_as_they_are() -> None:
    for wrong in mistakes():
        case = killing(wrong.reference)[0]
        before = {name: x.copy() for name, x in case.arrays.items()}
        with np.errstate(all="ignore"):
            answer(CATALOGUE[wrong.reference], wrong.body, case)
        for name, x in case.arrays.items():
            np.testing.assert_array_equal(x, before[name])


def test_tied_has_ties() -> None:
    case = next(case for case in killing("gumbel_max") if "tie" in case.flags)
    total = case.arrays["input.logits"] + case.arrays["input.gumbel"]
    assert np.all(np.sum(total == total.max(axis=-1, keepdims=True), axis=-1) == 2)
    assert sharing(case).id == "gumbel_max/tied"


def test_distance_sees_what_is_not_a_number_or_has_another_shape() -> None:
    assert distance(np.array([np.nan, 1.0]), np.array([1.0, 1.0])) == np.inf
    assert distance(np.ones((2, 1)), np.ones(2)) == np.inf
    assert distance({"a": np.array([1.0])}, {"a": np.array([2.0])}) == 0.5


def test_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"gaussian_kl has the roles value, .*, not gradient\.gumbel"):
        mistake(CATALOGUE["gaussian_kl"], "gradient.gumbel")

"""Every mistake differs from its reference in the roles that it says, and in no other."""

import inspect

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.evidence.declare import Mistake, mistake, roles
from refdgm.evidence.distance import answer, distance, distances
from refdgm.evidence.find import mistakes, of_cases
from refdgm.evidence.latent.gumbel_softmax.cases import sharing
from refdgm.evidence.showing import killing_cases, rare_cases

SHOWS, SHOWS_BLIND = 1e-6, 1e-11  # some of the blind ones compute in single precision inside
HIDDEN = 1e-12

CASES = {name: killing_cases(ref) for name, ref in CATALOGUE.items()}
ALL_CASES = {name: [*cases, *rare_cases(CATALOGUE[name])] for name, cases in CASES.items()}


@pytest.mark.parametrize("wrong", mistakes(), ids=lambda wrong: wrong.name)
def test_reveals_itself_exactly_where_it_says(wrong: Mistake) -> None:
    """The blind ones on what is rare as well, the others on the killing cases alone."""
    with np.errstate(all="ignore"):  # a mistake may overflow where the reference does not
        far = distances(CATALOGUE[wrong.reference], wrong.body, (ALL_CASES if wrong.blind else CASES)[wrong.reference])
    shows = SHOWS_BLIND if wrong.blind else SHOWS
    assert {role for role, apart in far.items() if apart > shows} == set(wrong.reveals)
    assert {role for role, apart in far.items() if apart <= HIDDEN} == set(wrong.hides)


def test_the_blind_mistakes_are_counted_apart() -> None:
    known = mistakes()
    assert known == [*mistakes(blind=False), *mistakes(blind=True)]
    assert len({wrong.name for wrong in known}) == len(known)
    assert all(len(mistakes(name, blind=True)) >= 2 for name in CATALOGUE)


@pytest.mark.parametrize("name", [name for name in CATALOGUE if of_cases(name, "RARE")])
def test_every_rare_case_is_needed(name: str) -> None:
    """Some blind mistake shows on it and on no killing case: otherwise it would not be there."""
    ref = CATALOGUE[name]
    with np.errstate(all="ignore"):
        usual = {wrong.name: distances(ref, wrong.body, CASES[name]) for wrong in mistakes(name)}
        for case in rare_cases(ref):
            far = {wrong.name: distances(ref, wrong.body, [case]) for wrong in mistakes(name)}
            assert any(max(far[one].values()) > SHOWS_BLIND >= max(usual[one].values()) for one in far), case.id


@pytest.mark.parametrize("wrong", mistakes(), ids=lambda wrong: wrong.name)
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


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_two_mistakes_are_one(name: str) -> None:
    """Otherwise a diagnosis could not name what it found."""
    ref, found = CATALOGUE[name], mistakes(name)
    with np.errstate(all="ignore"):
        answers = {wrong.name: [answer(ref, wrong.body, case) for case in ALL_CASES[name]] for wrong in found}
    names, blind = list(answers), {wrong.name for wrong in found if wrong.blind}
    for i, one in enumerate(names):
        for other in names[i + 1:]:
            apart = max(
                distance(theirs[role], ours[role])
                for ours, theirs in zip(answers[one], answers[other], strict=True)
                for role in ours
            )
            assert apart > (SHOWS_BLIND if {one, other} & blind else SHOWS), f"{one} and {other} answer alike"


def test_the_reference_is_no_distance_from_itself() -> None:
    for name, ref in CATALOGUE.items():
        assert set(distances(ref, ref.body, ALL_CASES[name]).values()) == {0.0}


def test_inputs_are_left_as_they_are() -> None:
    for wrong in mistakes():
        case = CASES[wrong.reference][0]
        before = {name: x.copy() for name, x in case.arrays.items()}
        with np.errstate(all="ignore"):
            answer(CATALOGUE[wrong.reference], wrong.body, case)
        for name, x in case.arrays.items():
            np.testing.assert_array_equal(x, before[name])


def test_tied_has_ties() -> None:
    case = next(case for case in CASES["gumbel_max"] if "tie" in case.flags)
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

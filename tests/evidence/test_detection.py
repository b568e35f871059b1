"""The benchmark of detectors: the package's own question finds every mistake and blames no correct code."""

import importlib
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw
from refdgm.evidence import find
from refdgm.evidence.distance import distances
from refdgm.evidence.showing import killing_cases

from ..turns import in_turn

KNOWN = {wrong.name: wrong for wrong in find.mistakes()}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def detection():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        yield importlib.import_module("validation.make.detection")


@pytest.fixture(scope="module")
def questions(detection):
    return {name: detection.judged(ref, killing_cases(ref)) for name, ref in CATALOGUE.items()}


@pytest.fixture(scope="module")
def ask(detection, questions):
    @cache
    def found(entry, detector):
        eps = getattr(entry, "eps", detection.DOUBLE)
        return detection.comparing(entry.body, questions[entry.reference], eps, [detector])[detector]

    return found


def test_every_mistake_is_found(ask) -> None:
    assert [wrong.name for wrong in find.mistakes(blind=False) if not ask(wrong, "reference")] == []


def test_no_correct_rewrite_is_blamed(ask, detection) -> None:
    rewrites = in_turn(find.rewrites(), lambda one: one.reference)
    assert [right.name for right in rewrites if ask(right, "reference")] == []


def test_the_check_command_finds_all_but_a_tie(ask, detection) -> None:
    """`refdgm check` compares by another tolerance. Which of equal entries wins is decided by a rounding as soon
    as their sum is formed otherwise, so it blames nobody for that."""
    mistakes = in_turn(find.mistakes(blind=False), lambda one: one.reference)
    missed = [wrong.name for wrong in mistakes if not ask(wrong, "check")]
    assert missed == [name for name in ["gumbel_max/last_of_equals"] if name in {one.name for one in mistakes}]
    rewrites = in_turn(find.rewrites(), lambda one: one.reference)
    assert [right.name for right in rewrites if ask(right, "check")] == []


def test_the_certified_cases_find_the_later_mistakes(detection, kept) -> None:
    """All but what shows only at exact ties, at a kink, or where the definition in balls has no value."""
    blind = in_turn(find.mistakes(blind=True), lambda one: one.reference)
    found = detection.by_certified_cases(blind)
    assert [name for name, row in found.items() if not row["now"]] == [name for name in (
        "log_sum_exp/ties_counted_once", "mlp/slope_one_at_the_kink", "gumbel_softmax/masked_categories_spoil_tau",
        "straight_through_gumbel_softmax/every_largest_share_wins", "vector_quantization/last_of_equally_near",
        "vq_vae_elbo/last_of_equally_near", "guidance_rescale/constant_brought_to_nothing",
    ) if name in found]
    assert list(found) == [wrong.name for wrong in blind]
    assert {name: row["frozen"] for name, row in found.items()} == {
        name: row["frozen"] for record in kept.values() for name, row in record["certified"].items() if name in found}


def test_there_are_rewrites_of_every_reference(detection) -> None:
    of = [entry.reference for entry in find.rewrites()]
    assert all(of.count(name) >= (2 if ref.differentiable else 1) for name, ref in CATALOGUE.items())
    assert all(entry.what for entry in find.rewrites())


def test_rewrites_in_float32_are_in_float32(detection) -> None:
    """Those in float32 really are: their digits differ, so that the derived tolerance has something to allow.
    The frozen numbers are so short that guidance is exact on them, hence the other regime, and cotangents of all bits:
    where rows are copied nothing but a sum of these rounds."""
    low = [entry for entry in find.rewrites() if entry.eps > detection.DOUBLE]
    assert [entry.reference for entry in low] == [n for n, ref in CATALOGUE.items() if ref.differentiable]
    for entry in low:
        ref = CATALOGUE[entry.reference]
        case = draw(ref, 1, "mixed")
        full = {role: x / 3 if role.startswith("cotangent.") else x for role, x in case.arrays.items()}
        apart = distances(ref, entry.body, [replace(case, arrays=full)])
        assert 1e-12 < max(apart.values()) < 1e-3


def test_rewrites_are_asked_on_the_shipped_cases(detection) -> None:
    """With their own pullback and with that of autograd, where it can follow: the textbook's divergence and
    log(1 + eˣ), whose logarithm is of one alone far below zero, lose digits and are no other functions."""
    asked = [*find.rewrites("gaussian_kl"), *find.rewrites("softplus")]
    blamed = detection.rewriting.in_the_shipped_cases(asked)
    assert list(blamed) == [right.name for right in asked]
    assert not any(ways["own"] or ways["autograd"] for ways in blamed.values())
    assert {name for name, ways in blamed.items() if ways["autograd"] is None} == {
        "gaussian_kl/natively_in_float32", "softplus/natively_in_float32"}
    assert detection.rewriting.told(blamed) == [
        f"{len(asked)} rewrites, {len(asked) - 2} of which autograd follows; blamed with their own pullback: "
        "0 (0 where there are digits), with autograd's: 0 (0 where there are digits)"]


# Forms that overflow, or divide 0 by 0, somewhere in the shipped cases: they have no value there, and no digit.
WITHOUT_A_VALUE = {
    "own": ["softmax/odds_against_each", "gumbel_max/exponential_race", "gumbel_softmax/through_log_sum_exp",
            "gumbel_softmax/shifted_logits", "diffusion_posterior/by_precisions"],
    "autograd": ["softmax/by_the_matrix", "softmax/odds_against_each", "log_sigmoid/log_of_sigmoid",
                 "gumbel_softmax/through_log_sum_exp", "diffusion_posterior/by_precisions"],
}


@pytest.mark.long
def test_no_rewrite_is_blamed_where_it_has_digits(detection) -> None:
    """In any shipped case of any reference, by the whole check; nor for losing all of them, unless it is listed."""
    blamed = detection.rewriting.in_the_shipped_cases(find.rewrites())
    for way, known in WITHOUT_A_VALUE.items():
        assert [name for name, ways in blamed.items() if ways[way]] == known
        assert all(detection.rewriting.broken(outcome) for name in known for _, outcome in blamed[name][way])


def test_relu_by_the_size_of_its_argument_is_no_other_function(detection) -> None:
    """(a + |a|)/2 differentiated by autograd leaves a rounding where the slope is zero."""
    right = next(one for one in find.rewrites("mlp") if one.name == "mlp/relu_as_half_of_a_plus_its_size")
    assert detection.rewriting.in_the_shipped_cases([right]) == {right.name: {"own": [], "autograd": []}}


def test_autograd_differentiates_the_value_and_not_the_pullback(detection) -> None:
    """A pullback that is wrong on purpose is not asked."""
    right = next(iter(find.rewrites("softplus")))
    wrong = replace(right, body=lambda x: (right.body(x)[0], lambda bar: {"x": 2 * bar}))
    blamed = detection.rewriting.in_the_shipped_cases([wrong])[right.name]
    assert {outcome.role for _, outcome in blamed["own"]} == {"gradient.x"} and not blamed["autograd"]


@pytest.mark.parametrize(("name", "detector"), [
    ("vector_quantization/losses_after_straight_through", "value_1e-6"),
    ("vector_quantization/stop_gradients_exchanged", "value_1e-6"),
    ("vector_quantization/beta_on_codebook_loss", "golden_sum"),
    ("vector_quantization/beta_gradient_of_the_codebook_loss", "ones"),
    ("gumbel_softmax/tau_squared", "value_1e-6"),
    ("gumbel_softmax/tau_gradient_without_noise", "ones"),
    ("gumbel_max/last_of_equals", "check"),
    ("gumbel_softmax/minus_noise", "golden_sum"),
    ("gumbel_softmax/minus_noise", "ones"),
    ("gaussian_kl/constant_dropped", "gradient"),
    ("gaussian_kl/cotangent_ignored", "ones"),
    ("odeint_adjoint/adjoint_sign", "value_1e-2"),
])
def test_blind_spots(ask, name: str, detector: str) -> None:
    """Why the package asks for value and gradient at random cotangents, and not for less."""
    assert not ask(KNOWN[name], detector) and ask(KNOWN[name], "reference")


@pytest.mark.parametrize("broken", ["zeros", "not a number", "another shape"])
def test_nothing_passes_by_being_empty(detection, questions, broken: str) -> None:
    def spoilt(x):
        if isinstance(x, dict):
            return {name: spoilt(entry) for name, entry in x.items()}
        x = np.asarray(x, dtype=np.float64)
        return {"zeros": 0 * x, "not a number": np.nan * x, "another shape": x[None]}[broken]

    for name in in_turn(CATALOGUE):
        ref = CATALOGUE[name]

        def body(*arrays, ref=ref, **options):
            found = ref.body(*arrays, **options)
            if not ref.differentiable:
                return tuple(map(spoilt, found)) if len(ref.result) > 1 else spoilt(found)
            value, right = found
            values = tuple(map(spoilt, value)) if len(ref.result) > 1 else spoilt(value)
            return values, lambda *bars: spoilt(right(*bars))

        found = detection.comparing(body, questions[name])
        assert found["reference"] and found["check"] and found["value_1e-6"]
        assert found["gradient"] or not ref.differentiable


REJECTED = {  # by gradcheck
    "straight_through_gumbel_softmax", "vector_quantization", "odeint_adjoint", "cnf_log_density_adjoint",
    "predictor_corrector",  # drawn steps are long, and its differences of first order are blind there
    *(name for name, ref in CATALOGUE.items() if not ref.differentiable),
}


@pytest.mark.needs("torch")
def test_gradcheck(detection) -> None:
    """It sees a gradient that does not belong to the value, and no equation that is wrong in both."""
    names = ("gaussian_kl/missing_half", "gaussian_kl/logvar_gradient_sign",
             "vector_quantization/losses_after_straight_through")
    found = detection.matrix([KNOWN[name] for name in names])
    assert [found[name]["gradcheck"] for name in names] == [False, True, None]
    some = in_turn(CATALOGUE)
    assert {name for name in some if not detection.accepts_the_reference(name)} == REJECTED & {*some}


@pytest.mark.long
@pytest.mark.needs("torch")
def test_gradcheck_of_every_reference(detection) -> None:
    assert {name for name in CATALOGUE if not detection.accepts_the_reference(name)} == REJECTED


def test_report(detection) -> None:
    mistakes = detection.matrix([KNOWN["gumbel_max/last_of_equals"]], with_gradcheck=False)
    right = [right for right in find.rewrites("gumbel_max") if right.name == "gumbel_max/by_sorting"]
    rewrites = detection.matrix(right, with_gradcheck=False)
    later = detection.matrix([KNOWN["softmax/masked_taken_for_zero"]], with_gradcheck=False)
    certified = {"softmax/masked_taken_for_zero": {"frozen": False, "now": True}}
    text = detection.report(mistakes, rewrites, later, certified, "A day.")
    assert "in those that were not added for one of them it finds 0 of 1; with these, 1 of 1." in text
    assert "A day." in text and "| `reference` | 1 of 1 | 0 of 1 |" in text
    assert "| `gumbel_max/last_of_equals` | found | · | — | — | found | found | found | — | value |" in text
    assert "| `gumbel_max/by_sorting` | · | · | — | — | · | · | · | — |" in text


@pytest.fixture(scope="module")
def kept(detection):
    return detection.records.read(detection.KIND)


def test_the_records_are_of_these_mistakes(detection, kept) -> None:
    """Made again after a change: python validation/make/detection.py --only NAME"""
    assert list(kept) == list(CATALOGUE)
    for name, record in kept.items():
        again = f"python validation/make/detection.py --only {name}"
        assert list(record["mistakes"]) == [wrong.name for wrong in find.mistakes(name, blind=False)], again
        assert list(record["rewrites"]) == [right.name for right in find.rewrites(name)], again
        blind = [wrong.name for wrong in find.mistakes(name, blind=True)]
        assert list(record["later"]) == list(record["certified"]) == blind, again
        assert record["detectors"] == detection.WHAT, again
        assert all(row["reference"] for row in record["mistakes"].values())
        assert not any(row["reference"] for row in record["rewrites"].values())


def test_the_table_is_made_of_the_records(detection, kept) -> None:
    text = (detection.records.REPORTS / "detection.md").read_text(encoding="utf-8")
    assert text == detection.markdown(kept), "python validation/make/detection.py --table"


@pytest.mark.parametrize("with_torch", [pytest.param(True, marks=pytest.mark.needs("torch")), False])
def test_one_record_is_replaced_alone(detection, kept, tmp_path, monkeypatch, with_torch) -> None:
    """Without torch what its gradcheck said stays, and nothing is said of what it was never asked."""
    shutil.copytree(detection.records.REPORTS, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(detection.records, "REPORTS", tmp_path)
    old = {entry: {"gradcheck": True} for entry in kept["softplus"]["mistakes"]}
    new = old.popitem()[0]
    detection.records.write(detection.KIND, "softplus", {"mistakes": old})
    if not with_torch:
        monkeypatch.setattr(detection.util, "find_spec", lambda package: None)
    assert detection.main(["--only", "softplus", "--date", "a day"]) == 0
    again = detection.records.read(detection.KIND)
    assert {name for name in kept if again[name] != kept[name]} == {"softplus"}
    made = again["softplus"]
    assert made["date"] == "a day" and ("torch" in made["versions"]) == with_torch
    assert made["later"].keys() == kept["softplus"]["later"].keys()
    if with_torch:
        assert made["mistakes"] == kept["softplus"]["mistakes"]
    else:
        assert all(made["mistakes"][entry]["gradcheck"] is True for entry in old)
        assert made["mistakes"][new]["gradcheck"] is None
    assert "`softplus`: a day" in (tmp_path / "detection.md").read_text(encoding="utf-8")

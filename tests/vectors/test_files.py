"""The shipped vectors: complete, as announced, proved again, and strong enough to reveal every known mistake."""

import hashlib
import json
import sys
from functools import cache
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import safetensors.numpy

from refdgm import CATALOGUE
from refdgm.certify.enclose import Disagrees
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions import vectors
from refdgm.check.questions.question import Question, Terms
from refdgm.evidence.definitions import definition
from refdgm.evidence.find import asks, mistakes
from refdgm.reference import Reference

from ..turns import in_turn

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))  # validation/ is no package of the wheel

from validation.make import vectors as make  # noqa: E402
from validation.make.certified import answered  # noqa: E402
from validation.make.reveals import answer, differs, kills  # noqa: E402

FOLDER = ROOT / "validation" / "vectors"
# How far the float64 bodies may be off: by so many units of 2^−52 of the largest number of the array plus what
# relative changes of all inputs by 2^−52 make of it. With NumPy on x86-64 1.8 are needed (gaussian_mixture_denoiser).
ROUNDING = 8
PRIMES = {2, 3, 5, 7, 11, 13, 17, 19, 23}
# Flags of cases about differences that float32 does not hold.
FINE = {"near", "close_race", "close_call", "full"}

shipped = cache(vectors.shipped)
references = pytest.mark.parametrize("name", CATALOGUE)


@pytest.fixture(scope="module")
def schema():
    found = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


@references
def test_index_conforms_to_the_schema(schema, name):
    schema.validate(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def test_the_schema_refuses_what_it_does_not_name(schema):
    index = json.loads((FOLDER / "softplus.json").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError, match="more"):
        schema.validate(index | {"more": 1})


@references
def test_files_are_those_of_the_index_and_of_the_safetensors_library(name):
    payload = (FOLDER / f"{name}.safetensors").read_bytes()
    assert hashlib.sha256(payload).hexdigest() == shipped(name).index["sha256"]
    theirs = safetensors.numpy.load(payload)
    mine = {f"{case.id[-3:]}/{what}": x for case in shipped(name).cases for what, x in case.arrays.items()}
    assert theirs.keys() == mine.keys()
    assert all(theirs[what].dtype == x.dtype and theirs[what].shape == x.shape and theirs[what].tobytes() == x.tobytes()
               for what, x in mine.items())


@references
def test_every_role_is_there(name):
    ref = CATALOGUE[name]
    for case in shipped(name).cases:
        roles = {role: case.role(role) for role in ("input", "output", "cotangent", "gradient")}
        assert list(roles["input"]) == list(ref.arrays) and list(roles["output"]) == list(ref.result)
        assert tuple(roles["cotangent"]) == ref.bars and set(roles["gradient"]) == set(ref.wrt)
        assert case.options.keys() == set(ref.options) and case.reference == name
        for what, x in roles["gradient"].items():
            assert not isinstance(x, dict) or x.keys() == roles["input"][what].keys()


@references
def test_the_reference_accepts_every_case(name):
    """Values outside a support, sizes that do not fit and cotangents of another shape would be refused."""
    ref = CATALOGUE[name]
    for case in shipped(name).cases:
        ref.validate(*case.arguments().values(), **case.options)
        if ref.differentiable:
            ref.vjp(*case.arguments().values(), **case.options)[1](*case.cotangents())


@references
def test_cases_are_many_and_varied(name):
    found, ref = shipped(name), CATALOGUE[name]
    assert len(found.cases) >= 20 and len({case.comment for case in found.cases}) == len(found.cases)
    used = {flag for case in found.cases for flag in case.flags}
    axes = {symbol for n in ref.arrays for symbol in getattr(ref.args[n], "shape", ("hidden", "..."))}
    assert used == found.notes.keys() and (len(axes) < 2 or {"primes", "square"} <= used)
    for option, domain in ref.args.items():
        if option in ref.options and (domain.words or domain.known):
            assert {case.options[option] for case in found.cases} == set(domain.words or domain.known)
    for case in found.cases:
        told = {symbol: size if isinstance(size, list) else [size] for symbol, size in case.about["sizes"].items()}
        sizes = [n for symbol, size in told.items() for n in size if symbol not in ref.options]  # chosen, not drawn
        if "primes" in case.flags and name != "classifier_free_guidance":
            arrays = [sizes]
            if ref.derived:  # seven axes of images and kernels: they are all different within an array
                arrays = [[told[symbol][0] for symbol in ref.args[n].shape] for n in ref.arrays]
            assert all(len(set(each)) == len(each) for each in arrays) and set(sizes) <= PRIMES, case.id
        if "square" in case.flags:
            assert len({n for size in told.values() for n in size}) < sum(map(len, told.values())), case.id
    primes, wide = (sum(flag in case.flags for case in found.cases) for flag in ("primes", "long_axis"))
    assert 2 * primes > len(found.cases) - wide or name in ("classifier_free_guidance",) or len(axes) < 2
    alone = "B" in axes and ("B" not in ref.bounds or ref.bounds["B"].holds(1))
    assert ("single_example" in used) == (alone or "hidden" in axes)
    assert sum("single_axis" in case.flags for case in found.cases) <= 1


@references
def test_inputs_are_finite_and_cotangents_are_no_constants(name):
    for case in shipped(name).cases:
        for what, x in case.arrays.items():
            if what.startswith("cotangent."):
                assert x.size == 1 or len(np.unique(x)) > 1, (case.id, what)
                assert np.all(np.isfinite(x)) and np.all(x != 1) | (x.size > 1)
            if what.startswith("input."):
                assert np.all(np.isfinite(x)) or {"masked", "masked_logit"} & set(case.flags), (case.id, what)
                assert np.array_equal(x, x.astype(np.float32)) or FINE & set(case.flags), (case.id, what)
            if what.startswith(("output.", "gradient.")):
                assert np.all(np.isfinite(x)) and not np.any(np.signbit(x) & (x == 0)), (case.id, what)


@references
def test_the_proof_is_as_good_as_promised(name):
    for case in shipped(name).cases:
        if name == "gumbel_max":
            assert case.about["bits"] == 0
        else:
            assert case.about["digits"] >= 40 and float(case.about["radius"]) <= 1e-28, case.id


@references
def test_float64_agrees(name):
    ref = CATALOGUE[name]
    assert len(shipped(name).cases) == len(asks(name))
    for case in shipped(name).cases:
        tolerance = Tolerance(Question(ref, case, Terms(tuple(ref.result), ref.wrt)))
        for what, x in answer(ref, ref.body, case).items():
            stored = case.arrays[what]
            assert x.shape == stored.shape and x.dtype == stored.dtype, (case.id, what)
            if stored.dtype.kind == "i":
                assert np.array_equal(x, stored), (case.id, what)
            elif stored.size:
                error, unit = np.max(np.abs(x - stored)), 2.0**-52 * np.max(np.abs(stored))
                if not error <= ROUNDING * unit:
                    unit += 2 * np.max(tolerance.conditioning[what])
                    assert error <= ROUNDING * unit, (case.id, what)


@pytest.mark.parametrize("name", in_turn(CATALOGUE))
def test_proved_again(name):
    """Three cases from nothing: drawn, edited, proved, compared with the mistakes; the same bytes as shipped.

    (Not `about`: a reworded definition may reach the same rounded numbers with other bits and radii.)
    """
    ref, listed = CATALOGUE[name], asks(name)
    found = shipped(name)
    assert len(listed) == len(found.cases)
    cheap = sorted(range(len(listed)), key=lambda i: sum(x.size for x in found.cases[i].arrays.values()))
    for i in {0, cheap[0], cheap[1]}:
        again, stored = make.finished(ref, listed[i], i + 1), found.cases[i]
        assert list(again.arrays) == list(stored.arrays)
        for what, x in again.arrays.items():
            assert x.dtype == stored.arrays[what].dtype and x.tobytes() == stored.arrays[what].tobytes(), what
        assert (again.kills, again.flags, again.comment, again.options, again.seed, again.regime) == (
            stored.kills, stored.flags, stored.comment, stored.options, stored.seed, stored.regime)
        assert again.about["sizes"] == stored.about["sizes"]


@pytest.mark.parametrize("mistake", in_turn(mistakes(blind=False), lambda one: one.reference),
                         ids=lambda mistake: mistake.name)
def test_the_proof_refuses_every_mistake(mistake):
    """Had the reference this mistake, its vectors could not have been made. The blind ones were not written for balls:
    some compute in single precision, sort, or clip."""
    ref = CATALOGUE[mistake.reference]
    wrong = object.__new__(Reference)
    wrong.__dict__.update(ref.__dict__ | {"body": mistake.body})
    revealing = [case for case in shipped(ref.name).cases if mistake.name in case.kills]
    number = int(min(revealing, key=lambda case: sum(x.size for x in case.arrays.values())).id[-3:])
    with pytest.raises(Disagrees):
        answered(wrong, make.asked(ref, asks(ref.name)[number - 1], number))


def test_command_compares_byte_for_byte(tmp_path, monkeypatch, capsys):
    ask = ["--only", "gumbel_max", "--only", "softplus"]
    monkeypatch.setattr(make, "FOLDER", tmp_path)
    assert make.main(ask) == 0 and make.main([*ask, "--check"]) == 0
    assert (tmp_path / "gumbel_max.safetensors").read_bytes() == (FOLDER / "gumbel_max.safetensors").read_bytes()
    payload = bytearray((tmp_path / "softplus.safetensors").read_bytes())
    payload[-1] ^= 1
    (tmp_path / "softplus.safetensors").write_bytes(payload)
    assert make.main([*ask, "--check"]) == 1
    assert "softplus: 21 cases" in (told := capsys.readouterr().out) and told.count("DIFFERENT") == 1
    assert not list(tmp_path.glob("*.draft"))


def test_a_case_that_reveals_nothing_is_not_made(monkeypatch):
    monkeypatch.setattr(make, "kills", lambda ref, case: ())
    with pytest.raises(SystemExit, match="gumbel_max/001"):
        make.made("gumbel_max")


@references
def test_index_tells_what_the_declaration_says(name):
    found = shipped(name).index
    expected = make.head(CATALOGUE[name])
    assert {key: found[key] for key in expected} == make.as_there(expected, found), "run validation/make/vectors.py"


def test_a_text_stays_as_it_is_there_unless_it_says_something_else():
    """Kills: indexes whose bytes move with the spelling of a mark or with a gap, and words that never reach them."""
    there = {"statement": "z\u0304 = \u0233 / τ     (4)", "notes": {"a": "β\u0303"}, "version": "1.3.0"}
    same = {"statement": "z_bar = y_bar / τ  (4)", "notes": {"a": "β_tilde"}, "version": "1.3.0"}
    assert make.as_there(same, there) == there
    other = {"statement": "z_bar = y_bar τ  (4)", "notes": {"a": "β_tilde", "b": "new"}, "version": "1.4.0"}
    assert make.as_there(other, there) == other | {"notes": {"a": "β\u0303", "b": "new"}}


def test_every_known_mistake_is_revealed_and_no_other_is_named():
    revealed = {entry for name in CATALOGUE for case in shipped(name).cases for entry in case.kills}
    known = {wrong.name for wrong in mistakes()}
    assert revealed <= known
    assert known - revealed == {  # exact ties, a kink, what balls have no value for; differences below MARGIN
        "log_sum_exp/ties_counted_once", "straight_through_gumbel_softmax/every_largest_share_wins",
        "vector_quantization/last_of_equally_near", "vq_vae_elbo/last_of_equally_near", "mlp/slope_one_at_the_kink",
        "gumbel_softmax/masked_categories_spoil_tau", "guidance_rescale/constant_brought_to_nothing",
        "eps_from_score/deviation_in_single_precision", "odeint/clock_in_single_precision",
    }
    assert all(case.kills for name in CATALOGUE for case in shipped(name).cases)


@pytest.mark.parametrize("name", in_turn(CATALOGUE))
def test_kills_are_those_of_today(name):
    for case in shipped(name).cases:
        assert kills(CATALOGUE[name], case) == case.kills, f"{case.id}: run validation/make/vectors.py"


def test_a_clear_margin_is_asked_for():
    stored, ours = np.array([1.0, 1e-9]), np.array([1.0, 1e-9 * (1 + 1e-12)])
    assert not differs(ours, ours, stored)
    assert not differs(stored * (1 + 5e-7), ours, stored) and differs(stored * (1 + 2e-6), stored, stored)
    assert not differs(np.array([1.0, 1e-9 + 5e-13]), stored, stored)  # below 1e-12 of the largest
    assert differs(np.array([1.0, 2e-9]), stored, stored) and not differs(np.array([1.0, 2e-9]), ours + 1e-11, stored)
    assert differs(np.array([1.0, np.nan]), ours, stored) and differs(None, ours, stored)
    assert differs(np.array([1.0]), ours, stored) and differs(np.array([1, 3]), np.array([1, 2]), np.array([1, 2]))


@pytest.mark.parametrize("velocity", ["mlp_tanh", "mlp_softplus", "mlp_silu", "linear", "theta_sin"])
def test_the_definition_of_the_adjoint_tends_to_the_derivative_of_the_flow(velocity):
    """What it is held against is right itself: with many steps, central differences of the solution."""
    ask = next(a for a in asks("odeint_adjoint")
               if a.options["velocity"] == velocity and a.options["method"] == "rk4")
    case = make.asked(CATALOGUE["odeint_adjoint"], ask, 1)
    inputs, (bar,) = case.arguments(), case.cotangents()
    options = {"velocity": velocity, "method": "rk4", "steps": 64}

    def objective(moved):
        return np.sum(bar * definition("odeint").value(np, **moved, **options))

    found = flat(definition("odeint_adjoint").pullback(np, None, bar, **inputs, **options))  # differentiates nothing
    rng = np.random.Generator(np.random.Philox(key=1))
    direction = {what: rng.normal(size=x.shape) for what, x in flat(inputs).items()}
    ahead, behind = (objective(nested(flat(inputs), direction, by)) for by in (1e-5, -1e-5))
    along = sum(np.sum(found[what] * d) for what, d in direction.items())
    assert found.keys() == direction.keys()
    assert abs((ahead - behind) / 2e-5 - along) < 1e-5 * max(1, abs(along))


def flat(inputs):
    return {k: v for k, v in inputs.items() if k != "theta"} | {f"theta.{k}": v for k, v in inputs["theta"].items()}


def nested(inputs, direction, by):
    moved = {what: x + by * direction[what] for what, x in inputs.items()}
    theta = {what.removeprefix("theta."): x for what, x in moved.items() if what.startswith("theta.")}
    return {what: x for what, x in moved.items() if not what.startswith("theta.")} | {"theta": theta}

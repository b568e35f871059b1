"""A file of answers, whatever wrote it: judged like a candidate, and what is wrong with the file is one sentence."""

import json

import numpy as np
import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check.export.arrays import exported
from refdgm.check.questions import safetensors_file, vectors
from refdgm.check.report import exits
from refdgm.cli.main import main
from refdgm.evidence import find

NAME, OTHER = "classifier_free_guidance", "gumbel_max"
pytestmark = pytest.mark.usefixtures("measured_together")


def answers(name=NAME, body=None, prefix="", change=lambda number, role, x: x):
    """Those of a body to every shipped case; what `change` makes None is left out."""
    found = {}
    for case in vectors.shipped(name).cases:
        number = case.id[-3:]
        for role, x in CATALOGUE[name].answers(case, body or CATALOGUE[name].body).items():
            if (y := change(number, role, np.asarray(x))) is not None:
                found[f"{prefix}{number}/{role}"] = y
    return found


@pytest.fixture
def judged(tmp_path, monkeypatch, capsys):
    """The command on these arrays, or on these bytes."""

    def run(given, *words, file="mine.safetensors", select=("--select", NAME)):
        monkeypatch.chdir(tmp_path)
        (tmp_path / file).write_bytes(given if isinstance(given, bytes) else safetensors_file.encode(given))
        code = main(["check", "--answers", file, *select, *words])
        out, err = capsys.readouterr()
        return code, " ".join(out.split()), " ".join(err.split())

    return run


def test_right_answers_agree_in_every_case(judged):
    code, text, errors = judged(answers())
    many = len(vectors.shipped(NAME).cases)
    assert (code, errors) == (exits.AGREES, "") and f"{many} of {many} cases answered (certified)" in text


def test_what_is_shipped_is_an_answer(judged):
    """Its inputs stand beside, and are those that were asked."""
    assert judged(vectors.shipped_part(f"{NAME}.safetensors"))[0] == exits.AGREES


def test_questions_in_float32_may_stand_beside_their_answers(judged):
    asked = exported(CATALOGUE[NAME], "float32", tolerances=False).questions
    given = answers(change=lambda n, r, x: x.astype(np.float32))
    assert judged(given | asked)[0] == exits.AGREES


def test_a_file_says_its_reference_by_its_name_or_in_it(judged):
    assert judged(answers(), file=f"{NAME}.safetensors", select=())[0] == exits.AGREES
    both = answers(prefix=f"{NAME}/") | answers(OTHER, prefix=f"{OTHER}/")
    code, text, _ = judged(both, select=())
    assert code == exits.AGREES and "2 of 2 functions agree" in text
    code, _, errors = judged(answers(), select=())
    assert code == exits.VECTORS and "does not say of which reference its answers are; name one with --select" in errors
    code, _, errors = judged(answers(), select=("--select", f"{NAME},{OTHER}"))
    assert code == exits.VECTORS and "does not say of which reference" in errors
    code, _, errors = judged(answers() | answers(prefix=f"{NAME}/"))
    assert code == exits.VECTORS and "twice, with and without the reference's name; choose" in errors
    code, _, errors = judged({"softmacks/001/output.value": np.zeros(3)})
    assert code == exits.VECTORS and "is it softmax?" in errors


def test_a_known_mistake_is_named(judged):
    body = find.mistakes(NAME)[0].body
    code, text, _ = judged(answers(body=body))
    assert code == exits.DIFFERS and f"the known mistake {find.mistakes(NAME)[0].name}" in text


def test_a_wrong_index_differs(judged):
    code, text, _ = judged(answers(OTHER, change=lambda n, r, x: x + 1), select=("--select", OTHER))
    assert code == exits.DIFFERS and "indices" in text


def test_float32_is_asked_in_float32(judged, capsys):
    code, text, _ = judged(answers(change=lambda n, r, x: x.astype(np.float32)))
    assert code == exits.AGREES and "file float32" in text and "agrees in float32" not in text
    rough = answers(change=lambda n, r, x: x.astype(np.float32).astype(np.float64))
    assert judged(rough)[0] == exits.DIFFERS
    mixed = answers(change=lambda n, r, x: x.astype(np.float32) if r == "output.value" else x)
    code, text, _ = judged(mixed)
    assert code == exits.AGREES and "in float32" in text


def test_what_is_missing_is_told(judged):
    code, text, _ = judged(answers(change=lambda n, r, x: None if n in ("002", "003") else x))
    assert code == exits.DIFFERS and f"{NAME}: no answer to 2 of 26 cases, 002, 003" in text
    assert "24 of 26 cases answered" in text
    code, text, _ = judged(answers(change=lambda n, r, x: None if r == "gradient.eps_cond" and n == "005" else x))
    assert code == exits.DIFFERS and "no gradient.eps_cond in 1 of the 26 cases answered, 005" in text
    code, text, _ = judged(answers(change=lambda n, r, x: None if r == "gradient.gamma" else x))
    assert code == exits.AGREES  # of a hyper-parameter
    typo = {key.replace(".value", ".values"): x for key, x in answers().items()}
    code, text, _ = judged(typo)
    assert code == exits.DIFFERS and "no output.value in 26 of the 26 cases" in text


def test_nan_is_never_silent(judged):
    code, text, _ = judged(answers(change=lambda n, r, x: np.full_like(x, np.nan)))
    assert code == exits.DIFFERS and "nothing but NaN in 104 arrays, " in text and "were they never filled?" in text

    def one(number, role, x):
        x = x.copy()
        x.flat[0] = np.nan if (number, role) == ("004", "output.value") else x.flat[0]
        return x

    code, text, _ = judged(answers(change=one))
    assert code == exits.DIFFERS and "is nan, right is" in text


def test_other_shapes_differ(judged):
    code, text, _ = judged(answers(change=lambda n, r, x: x.ravel() if r == "output.value" else x))
    assert code == exits.DIFFERS and "right is (" in text


@pytest.mark.parametrize("given, told", [
    (b"", "mine.safetensors: the file has 0 bytes"),
    (b"\xff" * 100, "mine.safetensors: the header claims"),
    (safetensors_file.encode({}), "mine.safetensors holds no array"),
    ({"loss": np.zeros(3)}, "has an array loss, which names no answer; answers are called 001/output.value"),
    ({"1/output.value": np.zeros(3)}, "has an array 1/output.value, which names no answer"),
    ({"099/output.value": np.zeros(3)}, f"the file answers {NAME}/099, and {NAME} has 26 cases"),
    ({"001/input.eps_cond": np.zeros(3), "001/output.value": np.zeros(3)}, "its answers would be to another question"),
    ({"001/input.more": np.zeros(3), "001/output.value": np.zeros(3)}, "its answers would be to another question"),
])  # fmt: skip
def test_a_file_that_is_none(judged, given, told):
    code, text, errors = judged(given)
    assert (code, text) == (exits.VECTORS, "") and told in errors and errors.startswith("refdgm: ")


def test_a_file_without_answers(judged):
    asked = {key: x for key, x in safetensors_file.decode(vectors.shipped_part(f"{NAME}.safetensors"))[0].items()
             if "/input." in key}
    code, _, errors = judged(asked)
    assert code == exits.VECTORS and "and no answer; write output.… and gradient.… beside them" in errors


def test_a_damaged_file(judged):
    whole = safetensors_file.encode(answers())
    for data in (whole[:-8], whole + b"\0", whole[:100]):
        code, text, errors = judged(data)
        assert (code, text) == (exits.VECTORS, "") and "it is no whole safetensors file, write it anew" in errors


@pytest.mark.parametrize("words, told", [
    (["--seed", "3"], "--seed asks anew"),
    (["--dtype", "float32"], "--dtype asks anew"),
    (["--untrusted"], "--untrusted asks anew"),
    (["--device", "cuda"], "--device asks anew"),
    (["--command", "sh"], "--command and --answers are two that would answer: choose"),
    (["--definitions"], "--definitions are ours, and --answers is yours: choose"),
])  # fmt: skip
def test_a_command_without_meaning(judged, words, told):
    code, text, errors = judged(answers(), *words)
    assert (code, text) == (exits.USAGE, "") and told in errors


def test_other_files(judged, tmp_path, capsys):
    code, _, errors = judged(b"PK", file="mine.npz")
    assert code == exits.VECTORS and "--answers must be a .safetensors file, got mine.npz" in errors
    assert main(["check", "--answers", "absent.safetensors"]) == exits.USAGE
    assert "there is no file absent.safetensors" in capsys.readouterr().err


def test_the_report_is_that_of_any_candidate(judged, tmp_path):
    assert judged(answers(), "--report", "r.json")[0] == exits.AGREES
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["candidate"] == "mine.safetensors" and report["answered"] == report["asked"] == 26

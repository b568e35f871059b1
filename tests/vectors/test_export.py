"""What is exported: the same arrays in every format, bit for bit, never over anything, with the judge's own bounds."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check import verdicts
from refdgm.check.export.arrays import exported
from refdgm.check.judging.compare import compare
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.questions import safetensors_file, vectors
from refdgm.check.questions.question import Question, Terms
from refdgm.check.report import exits
from refdgm.cli.main import main
from refdgm.evidence import find

NAME, OTHER = "gaussian_kl", "gumbel_max"
PARTS = ("questions", "right")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("export") / "q"
    assert main(["vectors", "export", NAME, OTHER, str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def by_dtype():
    return {dtype: exported(CATALOGUE[NAME], dtype) for dtype in ("float64", "float32", "float16")}


def read(folder, part, name=NAME):
    return safetensors_file.decode((folder / f"{name}.float64.{part}.safetensors").read_bytes())[0]


def same(a, b):
    return a.dtype.kind == b.dtype.kind and a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.mark.parametrize("part", PARTS)
def test_npz_holds_the_same_bits(folder, part):
    found = np.load(folder / f"{NAME}.float64.{part}.npz", allow_pickle=False)
    arrays = read(folder, part)
    assert set(found.files) == arrays.keys() and all(same(found[name], x) for name, x in arrays.items())


def test_questions_and_right_answers_are_what_is_shipped(folder):
    for name in (NAME, OTHER):
        shipped = safetensors_file.decode(vectors.shipped_part(f"{name}.safetensors"))[0]
        found = read(folder, "questions", name) | read(folder, "right", name)
        assert all(same(found[key], x) for key, x in shipped.items())
        assert found.keys() - shipped.keys() == {
            key.replace("/", f"/{kind}.") for key in read(folder, "right", name).keys() & shipped.keys()
            for kind in ("strict", "loose")}


def test_the_index_tells_what_each_case_is(folder):
    index = json.loads((folder / f"{NAME}.float64.json").read_text(encoding="utf-8"))
    cases = vectors.shipped(NAME).cases
    assert [case["case"] for case in index["cases"]] == [case.id[-3:] for case in cases]
    assert [case["comment"] for case in index["cases"]] == [case.comment for case in cases]
    assert index["dtype"] == "float64" and index["not_asked"] == [] and all(c["certified"] for c in index["cases"])


PROGRAM = """
#include <stdio.h>
#include <string.h>
#include <stdint.h>
#include "HEADER"
#include "HEADER"
int main(void) {
    static double numbers[WORD_elements + 1];
    FILE *file = fopen("BIN", "rb");
    size_t i, k;
    int r;
    if (fread(numbers, 8, WORD_elements + 1, file) != WORD_elements) return 1;
    for (i = 0; i < WORD_count; ++i) {
        const struct refdgm_array *a = &WORD_arrays[i];
        printf("%s %c", a->name, a->kind);
        for (r = 0; r < a->rank; ++r) printf(" %lu", (unsigned long)a->shape[r]);
        printf(" :");
        for (k = 0; k < a->count; ++k) {
            uint64_t bits;
            memcpy(&bits, numbers + a->offset + k, 8);
            printf(" %016llx", (unsigned long long)bits);
        }
        printf("\\n");
    }
    for (i = 0; WORD_options[i].name; ++i)
        printf("%s=%s\\n", WORD_options[i].name, WORD_options[i].value);
    return 0;
}
"""


@pytest.mark.needs("C++")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", (NAME, OTHER))
def test_a_program_in_c_reads_the_same_bits(folder, tmp_path, name, part):
    word, file = f"{name}_float64_{part}", f"{name}.float64.{part}"
    text = PROGRAM.replace("HEADER", f"{file}.h").replace("BIN", str(folder / f"{file}.bin")).replace("WORD", word)
    (tmp_path / "read.c").write_text(text)
    compiler = shutil.which("gcc") or shutil.which("clang")
    subprocess.run([compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{folder}", tmp_path / "read.c", "-o",
                    tmp_path / "read"], check=True, timeout=120)
    said = subprocess.run([tmp_path / "read"], check=True, capture_output=True, text=True, timeout=60).stdout
    bits = lambda x: " ".join(f"{n:016x}" for n in np.asarray(x, order="C").ravel().view(np.uint64).tolist())
    assert set(said.splitlines()) == {
        f"{key} {x.dtype.kind} {' '.join(map(str, x.shape))}".rstrip() + f" : {bits(x)}"
        for key, x in read(folder, part, name).items()}


def test_options_stand_in_the_header(tmp_path):
    chosen = next(name for name, ref in CATALOGUE.items() if any(ref.args[option].words for option in ref.options))
    assert main(["vectors", "export", chosen, str(tmp_path / "q"), "--questions-only", "--format", "flat"]) == 0
    header = (tmp_path / "q" / f"{chosen}.float64.questions.h").read_text()
    case = vectors.shipped(chosen).cases[0]
    for option, word in case.options.items():
        assert f'{{"{case.id[-3:]}", "{option}", "{word}"}}' in header
    assert sorted(path.suffix for path in (tmp_path / "q").iterdir()) == [".bin", ".h", ".json"]


# --- the bounds ----------------------------------------------------------------------------------------------


def verdict(right, answers, key):
    """The rule of the index, of one array."""
    number, role = key.split("/")
    with np.errstate(invalid="ignore", over="ignore"):
        error, equal = np.abs(answers - right[key]), answers == right[key]
        if (equal | (error <= right[f"{number}/strict.{role}"])).all():
            return verdicts.AGREES
        return verdicts.LOSES if (equal | (error <= right[f"{number}/loose.{role}"])).all() else verdicts.DIFFERS


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_they_are_the_judges(by_dtype, dtype):
    """Every known mistake and the reference itself, computed in float64 and rounded to the dtype, are found to be what
    the judge finds; where all digits are lost it says so in another word."""
    ref, right, seen = CATALOGUE[NAME], by_dtype[dtype].right, set()
    kind = np.dtype(dtype)
    for case in vectors.shipped(NAME).cases:
        number, question = case.id[-3:], Question(ref, case, Terms(tuple(ref.result), ref.wrt), dtype)
        if question.meaningless:
            assert not any(key.startswith(number) for key in right)
            continue
        tolerance = Tolerance(question, dtype)
        for body in (ref.body, *(mistake.body for mistake in find.mistakes(NAME))):
            with np.errstate(all="ignore"):
                answers = {role: x.astype(kind).astype(np.float64)
                           for role, x in question.by(body, question.inputs, question.bars).items()}
            for outcome in compare(tolerance, answers, []):
                if outcome.verdict != verdicts.ILL and not np.isnan(answers[outcome.role]).any():
                    found = verdict(right, answers[outcome.role], f"{number}/{outcome.role}")
                    boundless = np.isinf(right[f"{number}/loose.{outcome.role}"]).any()
                    assert found == outcome.verdict or (boundless and found == verdicts.LOSES)
                    assert not boundless or dtype != "float64"  # where the textbook's form overflows
                    seen.add(outcome.verdict)
    assert {verdicts.AGREES, verdicts.DIFFERS} <= seen


def test_another_dtype_has_other_questions_and_wider_bounds(by_dtype):
    for key in (key for key in by_dtype["float32"].right if "strict" in key):
        assert (by_dtype["float32"].right[key] >= by_dtype["float64"].right[key]).all()
        assert (by_dtype["float32"].right[key] <= by_dtype["float32"].right[key.replace("strict", "loose")]).all()
    assert all((x == x.astype(np.float16)).all() for x in by_dtype["float16"].questions.values())


def test_what_a_dtype_cannot_hold_is_not_asked():
    index = exported(CATALOGUE["sinusoidal_embedding"], "float16", tolerances=False).index
    assert "beyond the range of float16" in index["not_asked"][0]["why"]
    assert index["not_asked"][0]["id"][-3:] not in {case["case"] for case in index["cases"]}


def test_what_float16_cannot_hold_is_infinite_there(by_dtype):
    assert all((np.abs(x[np.isfinite(x)]) <= 65536).all() for key, x in by_dtype["float16"].right.items()
               if "/strict" not in key and "/loose" not in key)


# --- nothing of the user's is ever overwritten ---------------------------------------------------------------


def test_nothing_is_overwritten(tmp_path, capsys):
    target = tmp_path / "q"
    words = ["vectors", "export", OTHER, str(target), "--questions-only", "--format", "npz"]
    assert main(words) == 0 and f"{OTHER} in float64: " in capsys.readouterr().out
    before = {path: path.read_bytes() for path in target.iterdir()}
    assert main(words) == exits.USAGE
    assert "is there already, and 1 more, and nothing is overwritten; name another DIR" in capsys.readouterr().err
    (target / f"{OTHER}.float64.json").unlink()
    assert main(words) == exits.USAGE and before.keys() - {*target.iterdir()}
    (target / f"{OTHER}.float64.questions.npz").unlink()
    (target / f"{OTHER}.float64.questions.npz").symlink_to(tmp_path / "elsewhere")
    assert main(words) == exits.USAGE and not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("words, told", [
    (["softmacks", "q"], "is it softmax?"),
    ([OTHER, "softmax"], "DIR, the folder for the files, comes last, and softmax is a reference"),
    ([OTHER, "a/b"], "DIR must be a folder, or a new one in a folder that there is, got a/b"),
    ([OTHER, "file"], "DIR must be a folder, or a new one in a folder that there is, got file"),
])  # fmt: skip
def test_a_command_without_meaning(tmp_path, monkeypatch, capsys, words, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert main(["vectors", "export", *words]) == exits.USAGE
    out, err = capsys.readouterr()
    assert out == "" and told in err and err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]

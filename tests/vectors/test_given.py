"""`--vectors` believes nothing: what a file would need to have a wrong function passed is refused, or told."""

import contextlib
import gc
import json
import shutil
import time
import tracemalloc
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from refdgm import CATALOGUE, VectorFileError
from refdgm.check.judging.answered import question, wrong
from refdgm.check.questions import given as questions
from refdgm.check.questions import safetensors_file, vectors
from refdgm.cli import check as cli
from refdgm.cli import given as files
from refdgm.cli.own_time import Overdue, limited
from refdgm.cli.refused import Refused
from tests.check.conftest import refdgm_check as refdgm_check
from tests.vectors.mutations import announced, save, whole

SHIPPED = Path(__file__).resolve().parents[2] / "validation" / "vectors"
NAME = "gaussian_kl"
WRONG = """
import autograd.numpy as np
def gaussian_kl(mean, logvar): return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1)
"""  # a half is missing


def saved(folder, change, name=NAME, cases=2):
    """The index of a file in which `change` was made to index or arrays."""
    index, arrays = whole(name, cases)
    index, arrays = json.loads(json.dumps(index)), dict(arrays)
    index = change(index, arrays) or index
    index = announced(index, arrays)
    return save(folder, index, safetensors_file.encode(arrays, {"format": vectors.FORMAT}))


def everywhere(role, by):
    """Every array of a role made another."""
    def change(index, arrays):
        for key in [key for key in arrays if key[4:].startswith(role)]:
            x = by(arrays.pop(key))
            arrays |= {} if x is None else {key: x}

    return change


def emptied(index, arrays):
    for key, x in arrays.items():
        arrays[key] = x[:0]


def without_components(index, arrays):
    for key, x in arrays.items():
        arrays[key] = x[:, :0] if x.ndim == 2 else x * 0


def doubled(index, arrays):
    """As the wrong function would have it."""
    everywhere("output.", lambda x: 2 * x)(index, arrays)
    everywhere("gradient.", lambda x: 2 * x)(index, arrays)


@pytest.mark.parametrize("change, told", [
    (doubled, r"gaussian_kl/001: output.value\[.*\] is .*, right is .*; give right answers"),
    (everywhere("output.", lambda x: x + 1e-9), r"output.value.* is .*, right is"),
    (everywhere("gradient.logvar", lambda x: -x), r"gradient.logvar.* is .*, right is"),
    (everywhere("gradient.logvar", lambda x: None), "lacks gradient.logvar"),
    (everywhere("gradient.", lambda x: None), "lacks gradient.mean"),
    (everywhere("cotangent.", lambda x: None), "lacks cotangent.value"),
    (emptied, "has no element in input.mean"),
    (without_components, "has no element in input.mean"),
    (everywhere("cotangent.", lambda x: x * 0), "nothing but zeros"),
    (everywhere("cotangent.", lambda x: x + np.inf), "infinity in cotangent.value"),
    (everywhere("output.", lambda x: np.round(x).astype(np.int64)), "has output.value in int64; it must be float64"),
    (everywhere("gradient.", lambda x: np.zeros(x.shape, bool)), "has gradient.mean in bool"),
    (everywhere("input.", lambda x: np.round(x).astype(np.int64)), "must be one of float32, float64"),
    (everywhere("output.", lambda x: x[:, None]), "cotangent.value of another shape"),
    (lambda index, arrays: arrays.update({"001/output.more": np.ones(2)}), "output.more, which is not declared"),
    (lambda index, arrays: arrays.update({"001/output.value.x": np.ones(2)}), "has no use for output.value.x"),
    (lambda index, arrays: arrays.update({"001/input.mean.x": np.ones(2)}), "has no use for input.mean.x"),
    (lambda index, arrays: arrays.clear() or {**index, "cases": []}, "has no case; leave --vectors out"),
    (lambda index, arrays: index["cases"][0]["options"].update(steps=3), "needs the options none, got steps"),
    (lambda index, arrays: index["arguments"].update(more={}), "has other arguments than gaussian_kl, which has"),
    (lambda index, arrays: index["outputs"].update(more={}), "has other outputs than gaussian_kl"),
])  # fmt: skip
def test_a_file_that_would_have_a_wrong_function_passed(tmp_path, change, told):
    path = saved(tmp_path, change)
    with pytest.raises(VectorFileError, match=told):
        files.read([path], 10)


@pytest.mark.parametrize("steps, told", [
    (0, "steps must be a whole number of at least 1, got 0"),
    ("three", "steps must be a whole number of at least 1, got 'three'"),
    (2**40, "has steps = 1099511627776, limit 10000; ask for fewer"),
    (9_999, "took refdgm itself longer than --timeout allows, 0.5 s; choose smaller sizes"),
])  # fmt: skip
def test_counts_have_bounds(tmp_path, steps, told):
    path = saved(tmp_path, lambda index, arrays: index["cases"][0]["options"].update(steps=steps), "odeint")
    started = time.process_time()
    gc.disable()  # a test library measures collections in a callback, where no exception gets out
    try:
        with pytest.raises(VectorFileError, match=told):
            files.read([path], 0.5)
    finally:
        gc.enable()
    assert time.process_time() - started < 2


@pytest.mark.parametrize("options, told", [
    ({"method": "leapfrog"}, "method must be one of euler"),
    ({"method": 4}, "method must be one of euler"),
    ({"velocity": "mlp_sine"}, "velocity must be a Field"),
    ({"velocity": 3}, "velocity must be a Field"),
])  # fmt: skip
def test_words_are_those_of_the_declaration(tmp_path, options, told):
    path = saved(tmp_path, lambda index, arrays: index["cases"][0]["options"].update(options), "odeint")
    with pytest.raises(VectorFileError, match=f"odeint/001 asks what odeint refuses: {told}"):
        files.read([path], 10)


def test_an_option_that_is_missing(tmp_path):
    path = saved(tmp_path, lambda index, arrays: index["cases"][0]["options"].pop("method") and None, "odeint")
    with pytest.raises(VectorFileError, match=r"needs the options .*method"):
        files.read([path], 10)


def test_work_is_estimated_before_it_is_done(tmp_path):
    def large(index, arrays):
        for key in [key for key in arrays if key.startswith("001/")]:
            arrays[key] = np.zeros((900, *arrays[key].shape[1:])) if arrays[key].ndim else arrays[key]
        codes = np.zeros((30_000, arrays["001/input.z"].shape[1]))
        arrays["001/input.codebook"] = arrays["001/gradient.codebook"] = codes
        arrays["001/cotangent.quantized"] += 1
        arrays["001/output.code"] = arrays["001/output.code"].astype(np.int64)

    with pytest.raises(VectorFileError, match="bytes to answer, limit 67108864"):
        files.read([saved(tmp_path, large, "vector_quantization")], 10)


def many_steps(index, arrays):
    index["cases"][0]["options"].update(steps=10_000)


def many_rows(index, arrays):
    for role in ("input.z0", "output.z1", "output.value", "cotangent.z1", "cotangent.value", "gradient.z0"):
        if (x := arrays.get(f"001/{role}")) is not None:
            arrays[f"001/{role}"] = np.ones((300_000, *x.shape[1:]))


def many_weights(index, arrays):
    for role in ("input.theta.W2", "gradient.theta.W2"):
        if f"001/{role}" in arrays:
            arrays[f"001/{role}"] = np.ones((2_000, 2_000))


@pytest.mark.parametrize("change", [many_steps, many_rows, many_weights], ids=lambda change: change.__name__)
def test_memory_is_bounded(tmp_path, change):
    """However much a file asks for: by twice what the largest payload that is read may hold."""
    path = saved(tmp_path, change, "odeint")
    tracemalloc.start()
    gc.disable()  # as above
    try:
        with contextlib.suppress(VectorFileError):
            files.read([path], 1)
        assert tracemalloc.get_traced_memory()[1] < 2 * safetensors_file.PAYLOAD
    finally:
        gc.enable()
        tracemalloc.stop()


def test_a_shape_lies_by_no_axis(tmp_path):
    """That is, a nought in front makes the others no smaller a claim."""
    for shape in ([0, 2**47, 2**47], [2**47, 0, 2**47], [2**47, 2**47, 0]):
        text = json.dumps({"x": {"dtype": "F64", "shape": shape, "data_offsets": [0, 0]}}).encode()
        with pytest.raises(VectorFileError, match="array x claims more than"):
            safetensors_file.decode(len(text).to_bytes(8, "little") + text)


def test_what_is_right_is_asked_and_never_certified(refdgm_check, tmp_path):
    for name in (f"{NAME}.json", f"{NAME}.safetensors"):
        shutil.copy(SHIPPED / name, tmp_path)
    run = refdgm_check(None, "--vectors", f"{NAME}.json")
    assert run.code == 0 and "(certified)" in run.text and run.report["functions"][0]["certified"] is True
    (tmp_path / f"{NAME}.json").write_bytes((SHIPPED / f"{NAME}.json").read_bytes() + b"\n")
    run = refdgm_check(None, "--vectors", f"{NAME}.json")
    assert run.code == 0 and "(not certified: your vectors and the float64 reference judges)" in run.text
    assert run.report["functions"][0]["certified"] is False and run.report["functions"][0]["asked"] > 1
    assert refdgm_check(WRONG, "--vectors", f"{NAME}.json").code == 1


def test_float32_is_a_dtype_of_the_format(refdgm_check, tmp_path):
    single = lambda x: x.astype(np.float32)
    saved(tmp_path, everywhere("", single))
    run = refdgm_check(None, "--vectors", "given.json")
    assert run.code == 0 and "2 of 2 cases answered (not certified: your vectors" in run.text
    assert refdgm_check(WRONG, "--vectors", "given.json").code == 1
    saved(tmp_path, everywhere("gradient.mean", lambda x: single(x * 1.00001)))
    with pytest.raises(VectorFileError, match=r"gradient.mean.* is .*, right is"):
        files.read([str(tmp_path / "given.json")], 10)


def test_a_blind_case_is_told(refdgm_check, tmp_path):
    """At mean 0 and log-variance 0 a half more or less is the same."""
    def blind(index, arrays):
        for key in arrays:
            if not key[4:].startswith("cotangent"):
                arrays[key] = np.zeros_like(arrays[key])

    saved(tmp_path, blind)
    run = refdgm_check(WRONG, "--vectors", "given.json")
    assert run.code == 0 and "(not certified: your vectors" in run.text
    assert "gaussian_kl: your vectors would let pass gaussian_kl/" in run.text and "which the shipped ones" in run.text


def test_one_exit_code_and_one_sentence(refdgm_check, tmp_path):
    saved(tmp_path, doubled)
    run = refdgm_check(WRONG, "--vectors", "given.json")
    assert (run.code, run.text) == (5, "") and len(run.errors.splitlines()) == 1 and "right is" in run.errors
    saved(tmp_path, everywhere("none", abs))
    run = refdgm_check(None, "--vectors", "given.json", "--vectors", "given.json")
    assert run.code == 2 and "--vectors must give each reference once, got gaussian_kl in two files" in run.errors
    run = refdgm_check(None, "--vectors", "given.json", "--select", "softmax")
    assert run.code == 2 and "--select names softmax, of which --vectors has no case" in run.errors


def test_to_judge_has_the_limit_too(tmp_path, monkeypatch):
    def busy(*_):
        while True:
            pass

    given = files.read([saved(tmp_path, everywhere("none", abs))], 10)
    nothing = dict.fromkeys(each.name for each in fields(cli.Plan))
    plan = cli.Plan(**nothing | {"given": given, "timeout": 0.1, "device": "cpu"})
    monkeypatch.setattr(cli.engine, "check", busy)
    with pytest.raises(Refused, match=r"to judge 2 cases of yours took .* --timeout allows, 0\.2 s") as told:
        cli._check(plan, SimpleNamespace(found={NAME: None}), NAME, cli.Findings(), None)
    assert told.value.code == 5


def test_the_limit_is_of_work_and_ends_with_it():
    with limited(0.2):
        time.sleep(0.4)  # to wait is no work
    with pytest.raises(Overdue), limited(0.05):
        while True:
            with contextlib.suppress(Exception):
                sum(range(1000))
    sum(range(10**6))


def test_no_reference_of_this_name(tmp_path):
    index, _ = whole(NAME, 1)
    index = {**index, "reference": "thing", "file": "thing.safetensors", "cases": []}
    path = save(tmp_path, index, safetensors_file.encode({}, {"format": vectors.FORMAT}))
    with pytest.raises(VectorFileError, match="there is no reference 'thing'"):
        questions.given(path)


def test_an_infinity_is_one_or_is_not(tmp_path):
    """Where the right number is infinite no finite one is near, nor is a NaN."""
    def infinite(index, arrays):
        arrays["001/input.mean"] = np.full_like(arrays["001/input.mean"], 1e300)

    with pytest.raises(VectorFileError, match=r"output.value.* right is inf"):
        files.read([saved(tmp_path, infinite)], 10)
    (one,) = files.read([saved(tmp_path, everywhere("none", abs))], 10).values()
    case = one.cases[0]
    case.arrays["input.mean"] = np.full_like(case.arrays["input.mean"], 1e300)
    asked = question(CATALOGUE[NAME], case)
    for got in (np.nan, 1.0, -np.inf):
        answers = {role: np.full_like(x, got) if role == "output.value" else x for role, x in asked.base.items()}
        assert "right is inf" in wrong(asked, answers) and wrong(asked, asked.base) == ""

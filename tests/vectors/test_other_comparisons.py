"""Answers compared in other languages with the exported bounds: the same verdict, array by array, as by the rule."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check.export.arrays import exported
from refdgm.check.questions import safetensors_file, vectors
from refdgm.evidence import find

READERS = Path(__file__).resolve().parents[2] / "validation" / "readers"
REFERENCES, DTYPES = ("gaussian_kl", "gumbel_max"), ("float64", "float32")


def computed(name, dtype, body, change=None):
    """The answers of a body to the exported questions, stored in the dtype."""
    found = {}
    for case in vectors.shipped(name).cases:
        with np.errstate(all="ignore"):
            answers = CATALOGUE[name].answers(case, body)
        for role, x in answers.items():
            x = np.asarray(x)
            with np.errstate(over="ignore"):
                found[f"{case.id[-3:]}/{role}"] = x.astype(dtype) if x.dtype.kind == "f" else x
    return change(found) if change else found


def ruled(right, mine):
    """The verdict on every array by the rule of the index, without the place."""
    found = {}
    for key in (key for key in right if key.split("/")[1].startswith(("output.", "gradient."))):
        if key not in mine or mine[key].shape != right[key].shape:
            found[key] = "wrong" if key in mine else "missing"
            continue
        number, role = key.split("/")
        with np.errstate(invalid="ignore", over="ignore"):
            got = mine[key].astype(np.float64)
            within = {kind: ((got == right[key]) | (np.abs(got - right[key]) <= right[f"{number}/{kind}.{role}"])).all()
                      for kind in ("strict", "loose")}
        found[key] = "right" if within["strict"] else "loses" if within["loose"] else "wrong"
    return found


def spoilt(found):
    """NaN in one array, an infinity in another, another shape, one that is not there, one that is not asked for."""
    keys = sorted(key for key in found if "output" in key)
    for key, x in zip(keys, (np.nan, np.inf, -np.inf), strict=False):
        found[key] = np.full(found[key].shape, x)
    found[keys[3]] = found[keys[3]].ravel()[:1]
    del found[keys[4]]
    return found | {"999/output.value": np.zeros(3)}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Right answers in both dtypes, and answers of every kind to each."""
    folder, cases = tmp_path_factory.mktemp("compare"), {}
    for name in REFERENCES:
        for dtype in DTYPES[: 1 if name == "gumbel_max" else 2]:
            right = exported(CATALOGUE[name], dtype).right
            bodies = {"own": (CATALOGUE[name].body, None), "spoilt": (CATALOGUE[name].body, spoilt)}
            bodies |= {f"mistake{n}": (mistake.body, None) for n, mistake in enumerate(find.mistakes(name)[:2])}
            stem = folder / f"{name}.{dtype}"
            (right_file := Path(f"{stem}.right")).write_bytes(safetensors_file.encode(right))
            for kind, (body, change) in bodies.items():
                mine = computed(name, dtype, body, change)
                (file := Path(f"{stem}.{kind}")).write_bytes(safetensors_file.encode(mine))
                cases[kind, name, dtype] = right_file, file, ruled(right, mine)
    return cases


@pytest.fixture(scope="module")
def by_cpp(tmp_path_factory):
    program = tmp_path_factory.mktemp("readers") / "compare"
    subprocess.run([shutil.which("g++") or shutil.which("clang++"), "-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror",
                    READERS / "compare.cpp", "-o", program], check=True, timeout=120)
    return [program]


@pytest.fixture(scope="module")
def by_node():
    return ["node", READERS / "compare.mjs"]


@pytest.fixture(scope="module")
def by_rust(tmp_path_factory):
    program = tmp_path_factory.mktemp("readers") / "compare"
    subprocess.run(["rustc", "--edition", "2021", "-O", "-D", "warnings", READERS / "compare.rs", "-o", program],
                   check=True, timeout=120)
    return [program]


def agree(command, files):
    seen = set()
    for (kind, name, _), (right, mine, expected) in files.items():
        ran = subprocess.run([*command, right, mine], capture_output=True, text=True, timeout=60, check=False)
        found = {line.split(" ")[0]: line.split(" ")[1] for line in ran.stdout.splitlines()}
        assert found == expected, (kind, name)
        assert ran.returncode == int(bool({"wrong", "missing"} & set(expected.values()))), ran.stderr
        assert kind != "own" or ran.returncode == 0
        assert kind != "spoilt" or ran.returncode == 1
        seen |= set(expected.values())
    assert seen == {"right", "loses", "wrong", "missing"}


@pytest.mark.needs("C++")
def test_cpp_says_what_the_rule_says(files, by_cpp):
    agree(by_cpp, files)


@pytest.mark.needs("Node")
def test_node_says_what_the_rule_says(files, by_node):
    agree(by_node, files)


@pytest.mark.needs("Rust")
def test_rust_says_what_the_rule_says(files, by_rust):
    agree(by_rust, files)


@pytest.mark.parametrize("reader", [pytest.param("by_cpp", marks=pytest.mark.needs("C++")),
                                    pytest.param("by_node", marks=pytest.mark.needs("Node")),
                                    pytest.param("by_rust", marks=pytest.mark.needs("Rust"))])
def test_files_of_the_official_library_are_read(files, reader, tmp_path, request):
    """Which lays out its header otherwise."""
    numpy = pytest.importorskip("safetensors.numpy")
    right, mine, expected = files["own", "gaussian_kl", "float64"]
    arrays = safetensors_file.decode(mine.read_bytes())[0]
    numpy.save_file({key: np.ascontiguousarray(x) for key, x in arrays.items()}, tmp_path / "mine")
    words = [*request.getfixturevalue(reader), right, tmp_path / "mine"]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0 and len(ran.stdout.splitlines()) == len(expected), ran.stdout + ran.stderr

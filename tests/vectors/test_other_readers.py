"""The shipped vectors, read in other languages: the same bits."""

import shutil
import struct
import subprocess
from functools import cache
from pathlib import Path

import pytest

from refdgm import CATALOGUE
from refdgm.check.questions import vectors

VALIDATION = Path(__file__).resolve().parents[2] / "validation"
FOLDER, READERS = VALIDATION / "vectors", VALIDATION / "readers"

shipped = cache(vectors.shipped)
references = pytest.mark.parametrize("name", CATALOGUE)


def lines(name, real):
    """What a reader has to print, as a set of lines; `real` spells a float64."""
    return {
        " ".join([f"{case.id[-3:]}/{what}", {"f": "F64", "i": "I64"}[x.dtype.kind],
                  f"[{','.join(map(str, x.shape))}]",
                  *(real(v) if x.dtype.kind == "f" else str(v) for v in x.ravel().tolist())])
        for case in shipped(name).cases for what, x in case.arrays.items()
    }


def printed(*command):
    """What a reader, started once for all files, prints of each: its lines by reference."""
    ran = subprocess.run([*command, *(FOLDER / f"{name}.json" for name in CATALOGUE)],
                         check=True, capture_output=True, text=True, timeout=60)
    found = {}
    for line in ran.stdout.splitlines():
        if line.endswith(".json"):
            found[Path(line).stem] = lines_of_it = set()
        else:
            lines_of_it.add(line)
    return found


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    program = tmp_path_factory.mktemp("readers") / "read_vectors"
    subprocess.run([shutil.which("g++") or shutil.which("clang++"), "-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror",
                    READERS / "read_vectors.cpp", "-o", program], check=True, timeout=120)
    return program


@pytest.fixture(scope="module")
def by_cpp(compiled):
    return printed(compiled)


@pytest.fixture(scope="module")
def by_node():
    return printed("node", READERS / "read_vectors.mjs")


@pytest.mark.needs("C++")
@references
def test_cpp_reads_the_same_bits(by_cpp, name):
    found = set()
    for line in by_cpp[name]:
        what, dtype, shape, *numbers = line.split(" ")
        found.add(" ".join([what, dtype, shape,
                            *(float.fromhex(n).hex() if dtype == "F64" else n for n in numbers)]))
    assert found == lines(name, float.hex)


@pytest.mark.needs("C++")
def test_cpp_says_what_is_missing(compiled, tmp_path):
    refused = subprocess.run([compiled, tmp_path / "none.json"], capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1 and "cannot read" in refused.stderr


@pytest.mark.needs("Node")
@references
def test_node_reads_the_same_bits(by_node, name):
    assert by_node[name] == lines(name, lambda v: struct.pack(">d", v).hex())

"""The programs of the page, as they stand there: right ones agree, the slip is named, files are judged."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refdgm.check.candidates import lines

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "any-language.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```\w+\n(?://|#) ([\w.]+)\n(.*?)^```$", PAGE, re.M | re.S))
SHELL = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)
AGREES = re.compile(r"1 of 1 functions agree[;,].*30 of 30 cases answered \(certified\).*exit code 0"
                    .replace(" ", r"\s+"), re.S)
NODE, CPP = pytest.mark.needs("Node"), pytest.mark.needs("C++")


def lay(folder, *names):
    for name in names:
        (folder / name).write_text(FILES[name], encoding="utf-8")


def run(folder, block):
    """A block of the page, by the command as it is installed beside this Python."""
    script = block.replace("refdgm ", f'"{sys.executable}" -m refdgm ')
    return subprocess.run(["sh", "-ec", script], cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def block(word):
    return next(text for text in SHELL if word in text)


def test_the_page_has_its_files():
    assert {"mine.mjs", "mine.cpp", "answers.py", "softmax.c", "wrapped.py"} == FILES.keys() and len(SHELL) == 5


def test_the_page_has_every_key_of_an_entry():
    assert [key for key in lines.KEYS if f"`{key}`" not in PAGE] == []


@NODE
def test_the_program_for_node_agrees_after_a_dry_run(tmp_path):
    lay(tmp_path, "mine.mjs")
    done = run(tmp_path, block("--dry"))
    assert done.returncode == 0 and done.stderr == "", done.stdout + done.stderr
    assert "The form is right; the numbers were not judged" in done.stdout and AGREES.search(done.stdout)


@NODE
def test_the_slip_is_named(tmp_path):
    lay(tmp_path, "mine.mjs")
    right = "so_far + p * h[i]"
    assert FILES["mine.mjs"].count(right) == 1
    (tmp_path / "wrong.mjs").write_text(FILES["mine.mjs"].replace(right, right.replace("h[i]", "bars[i]")))
    done = run(tmp_path, 'refdgm check --command "node wrong.mjs"')
    told = re.search(r"^    (gradient.logits equals the known mistake \S+)$", PAGE, re.M)[1]
    assert done.returncode == 1 and told in done.stdout, done.stdout


@CPP
def test_the_program_in_cpp_agrees(tmp_path):
    lay(tmp_path, "mine.cpp")
    done = run(tmp_path, block("g++").replace("g++", f"{shutil.which('g++') or 'clang++'} -Wall -Wextra -Werror"))
    assert done.returncode == 0 and AGREES.search(done.stdout), done.stdout + done.stderr


def test_the_file_of_answers_agrees(tmp_path):
    lay(tmp_path, "answers.py")
    export, judge = block("vectors export").splitlines(keepends=True)
    for step in (export, f'"{sys.executable}" answers.py', judge):
        done = run(tmp_path, step)
        assert done.returncode == 0, done.stdout + done.stderr
    assert AGREES.search(done.stdout)


@CPP
def test_the_shared_library_agrees(tmp_path):
    lay(tmp_path, "softmax.c", "wrapped.py")
    done = run(tmp_path, block("gcc").replace("gcc", shutil.which("gcc") or "clang"))
    assert done.returncode == 0 and AGREES.search(done.stdout), done.stdout + done.stderr


def test_problems_for_benchmarks_are_exported(tmp_path):
    done = run(tmp_path, block("--format sol"))
    assert done.returncode == 0 and "gaussian_kl in float32: 1 problems, 21 workloads, 2 left out" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"problems", "traces"}
    assert (tmp_path / "problems" / "refdgm_gaussian_kl_float32" / "reference.py").is_file()
    assert {path.name for path in (tmp_path / "traces").iterdir()} == {
        "definitions", "workloads", "blob", "refdgm.gaussian_kl.float32.json"}

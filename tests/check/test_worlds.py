"""Kernels in their own worlds, by the doors that their authors have: what is right passes, a planted slip is named.

A Triton kernel runs in Triton's interpreter, a C++ program answers lines, an ONNX model is run by ONNX's evaluator.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

WORLDS = Path(__file__).with_name("worlds")
SLIPS = {  # by file: a right piece of text, a wrong one, and the known mistake that it is
    "triton_layer_norm.py": ("(h - tl.sum(h, 0) / columns - n * along)", "(h - n * along)", "mean_held"),
    "onnx_layer_norm.py": ("rest = Sub (less, taken)", "rest = Identity (less)", "deviation_held"),
    "rms_norm.cpp": (" - n * along / width", "", "root_held"),
}


def text(name, wrong):
    """The file as it stands, or with its slip."""
    found = (WORLDS / name).read_text(encoding="utf-8")
    right, slip, _ = SLIPS[name]
    assert found.count(right) == 1
    return found.replace(right, slip) if wrong else found


def called(name, verdict, run, wrong):
    """Whether the run says what is to be said."""
    if not wrong:
        assert run.code == 0 and verdict in ("agrees", "loses digits"), run.text
        return
    assert run.code == 1 and verdict == "differs", run.text
    assert f"/{SLIPS[name][2]}" in run.text


@pytest.mark.parametrize("wrong", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.needs("torch", "triton")
def test_a_triton_kernel_in_its_interpreter(refdgm_check, wrong):
    """A block and two more columns, three blocks of columns."""
    name = "triton_layer_norm.py"
    run = refdgm_check(text(name, wrong), "--shape", "B=2,N=3,D=130")
    called(name, run.verdict("layer_norm"), run, wrong)


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.needs("onnx")
def test_an_onnx_model_in_its_evaluator(refdgm_check, wrong):
    name = "onnx_layer_norm.py"
    run = refdgm_check(text(name, wrong))
    called(name, run.verdict("layer_norm"), run, wrong)


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.needs("C++")
def test_a_program_in_cpp(refdgm_check, tmp_path, wrong):
    name = "rms_norm.cpp"
    (tmp_path / name).write_text(text(name, wrong), encoding="utf-8")
    compiler = next(filter(shutil.which, ("g++", "clang++")))
    subprocess.run([compiler, "-std=c++17", "-O1", "-Wall", "-Werror", "-o", tmp_path / "rms_norm", tmp_path / name],
                   check=True)
    run = refdgm_check(None, "--command", str(tmp_path / "rms_norm"))
    called(name, run.verdict("rms_norm"), run, wrong)

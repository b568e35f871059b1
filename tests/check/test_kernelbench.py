"""A file in KernelBench's form: told which line it lacks, and with that line checked as any module is."""

import contextlib
import io

import pytest

from refdgm.check.report import exits
from refdgm.cli.main import main
from refdgm.cli.near import mapped

from .test_plugin import tests  # noqa: F401, a fixture

MODEL = """
import torch

class ModelNew(torch.nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        return torch.softmax(x, dim=self.dim)

def get_inputs():
    return [torch.rand(4, 8)]

def get_init_inputs():
    return [1]
"""
LINE = 'CANDIDATES = {"<name>": ModelNew(*get_init_inputs())}'


@pytest.mark.needs("torch")
def test_without_the_line_it_is_told(refdgm_check):
    run = refdgm_check(MODEL)
    assert (run.code, run.text) == (2, "") and LINE in run.errors


@pytest.mark.needs("torch")
def test_the_line_that_is_told_is_right(refdgm_check):
    run = refdgm_check(MODEL + LINE.replace("<name>", "softmax"))
    assert run.code == 0 and "softmax  loses digits, 36 cases" in run.text


@pytest.mark.needs("torch")
def test_a_wrong_one_is_named(refdgm_check):
    run = refdgm_check(MODEL.replace("return [1]", "return [0]") + LINE.replace("<name>", "softmax"))
    assert run.code == 1 and "softmax/over_batch" in run.text


@pytest.mark.needs("torch")
def test_with_select_the_line_has_the_name(refdgm_check):
    run = refdgm_check(MODEL, "--select", "softmax")
    assert run.code == 1 and "softmax  missing" in run.text
    assert LINE.replace("<name>", "softmax") + " says what ModelNew computes" in " ".join(run.text.split())
    run = refdgm_check("def sofmax(logits): return logits\n", "--select", "softmax")
    assert "has no softmax; sofmax looks like softmax; CANDIDATES" in " ".join(run.text.split())
    assert "maps others" not in refdgm_check("def loss(x): return x\n", "--select", "softmax").text


@pytest.mark.needs("torch")
def test_in_a_folder_it_is_told_beside_others(tmp_path):
    (folder := tmp_path / "kernels").mkdir()
    (folder / "a.py").write_text(MODEL)
    (folder / "b.py").write_text(MODEL + LINE.replace("<name>", "softmax"))
    (folder / "c.py").write_text("class Model:\n    pass\n")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = main(["check", str(folder)])
    told = " ".join(out.getvalue().split())
    assert code == exits.USAGE and "a.py has no function with the name of a reference" in told
    assert f"and {LINE} says what ModelNew computes" in told and "b.py: softmax" in told and "c.py" not in told


@pytest.mark.needs("torch")
def test_under_pytest_too(tests):  # noqa: F811
    done = tests("--refdgm", "mine.py", mine=MODEL)
    assert done.returncode == 2 and LINE in done.stdout and "mine.py has no function with the name of a" in done.stdout


def test_other_files_are_told_as_before():
    assert mapped(("loss",)) == "CANDIDATES = {…} maps others"
    assert "ModelNew()}" in mapped(("ModelNew",))

"""A file in KernelBench's form: told which line it lacks, and with that line checked as any module is."""

import pytest

from refdgm.cli.near import mapped

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


def test_other_files_are_told_as_before():
    assert mapped(("loss",)) == "CANDIDATES = {…} maps others"
    assert "ModelNew()}" in mapped(("ModelNew",))

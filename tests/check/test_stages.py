"""Stages: the last is the certified value, right ports agree, and of a wrong one the first that departs is named."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from refdgm.check import stages
from refdgm.check.questions import safetensors_file, vectors
from refdgm.cli.main import main
from refdgm.errors import RefdgmError
from refdgm.evidence import find
from refdgm.evidence.stages import staged, text

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "stages.md").read_text(encoding="utf-8")
STAGED = pytest.mark.parametrize("name", staged())


def of(name):
    return vectors.shipped(name).cases


def ported(case, dtype):
    """The stages as they come in this dtype: somebody's."""
    arguments = {name: x.astype(dtype) for name, x in case.arguments().items()}
    with np.errstate(all="ignore"):
        return {name: np.asarray(x, dtype) for name, _, x in text(case.reference)(np, **arguments, **case.options)}


@STAGED
def test_the_last_stage_is_the_certified_value(name):
    for case in of(name):
        found = stages.stages(case)
        assert found[-1].name == "value" and np.array_equal(found[-1].right, case.arrays["output.value"]), case.id
        names = [one.name for one in found]
        assert len({*names}) == len(names) > 2 and all(0 < len(one.says) <= 90 for one in found)


@STAGED
def test_nothing_of_them_knows_the_body(name):
    """Nor anything but definitions and their words."""
    path = Path(find.module(find.concept(name), "stages").__file__)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert re.fullmatch(r"refdgm\.evidence\..*(components|definition)", node.module), node.module
        assert not isinstance(node, ast.Import)


@STAGED
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_right_port_agrees(name, dtype):
    for case in of(name):
        seen = stages.compared(case, ported(case, dtype))
        assert [one.wrong for one in seen] == [""] * len(seen), (case.id, seen)


@STAGED
@pytest.mark.parametrize("dtype, by", [("float64", 1e-9), ("float32", 1e-3)])
def test_of_a_wrong_port_the_stage_is_named(name, dtype, by):
    """Each stage by itself is moved in one element: that one departs, and no other."""
    case = of(name)[0]
    mine = ported(case, dtype)
    for stage in mine:
        moved = mine[stage].copy()
        moved.reshape(-1)[-1] *= 1 + by
        departs = [one for one in stages.compared(case, mine | {stage: moved}) if one.wrong]
        assert [one.name for one in departs] == [stage] and departs[0].share > 1
        place = ", ".join(str(n - 1) for n in moved.shape)
        assert departs[0].wrong.startswith(f"[{place}] is")


def test_shapes_and_names():
    case = of("ddim_step")[0]
    mine = ported(case, "float64")
    flat = {"sigma": mine["sigma"].reshape(-1)}
    assert [one.wrong for one in stages.compared(case, flat)] == [""]
    assert "shape (2,)" in stages.compared(case, {"sigma": np.zeros(2)})[0].wrong
    assert "float16" in stages.compared(case, {"sigma": mine["sigma"].astype("float16")})[0].wrong
    assert stages.compared(case, {"sigma": np.nan * mine["sigma"]})[0].wrong
    with pytest.raises(RefdgmError, match="no stage 'x1'; there are alpha_prod, x0"):
        stages.compared(case, {"x1": mine["x0"]})


def test_without_balls_they_are_numpys(monkeypatch, capsys):
    case = of("edm_heun_step")[0]
    right = stages.stages(case)
    monkeypatch.setattr(stages, "proven", lambda: False)
    plain = stages.stages(case)
    for one, ours in zip(plain, right, strict=True):
        assert one.name == ours.name and np.allclose(one.right, ours.right, rtol=1e-12, atol=0)
    assert main(["stages", case.id]) == 0 and "python-flint" in capsys.readouterr().out


def test_the_page_of_a_case(capsys):
    assert main(["stages"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == staged()
    assert main(["stages", "ddim_step/1"]) == 0
    told = capsys.readouterr().out
    assert all(f"  {one.name} " in told and one.says in told for one in stages.stages(of("ddim_step")[0]))


REFUSED = {
    "softmax": "softmax has no stages; those that have: ancestral_step",
    "ddim_stp/001": "is it ddim_step",
    "ddim_step/900": "ddim_step has the cases ddim_step/001 to",
    "ddim_step": "which case? ddim_step/001 to",
    "ddim_step --mine absent.safetensors": "absent.safetensors cannot be read",
    "ddim_step --write stages.json": "must name a .safetensors file, got stages.json",
    "ddim_step --write there.safetensors": "there.safetensors is there already, and nothing is overwritten",
    "ddim_step --write link.safetensors": "link.safetensors is there already, and nothing is overwritten",
    "ddim_step --write none/new.safetensors": "none/new.safetensors could not be written",
    "ddim_step --mine pipe.safetensors": "pipe.safetensors is not a regular file",
    "ddim_step --mine there.safetensors": "the file has 0 bytes",
    "ddim_step --mine other.safetensors": "an array is called 001/stage.NAME",
    "ddim_step --mine none.safetensors": "none.safetensors has no stage of ddim_step/001",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_has_no_meaning_is_refused(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("there.safetensors").write_bytes(b"")
    Path("link.safetensors").symlink_to("nowhere.safetensors")
    os.mkfifo("pipe.safetensors")
    for file, name in (("other", "x0"), ("none", "999/stage.x0")):
        Path(f"{file}.safetensors").write_bytes(safetensors_file.encode({name: np.zeros(3)}))
    assert main(["stages", *words.split()]) == 2
    assert REFUSED[words] in capsys.readouterr().err
    assert not Path("nowhere.safetensors").exists()


@pytest.mark.needs("safetensors")
def test_the_port_of_the_page(tmp_path, monkeypatch, capsys):
    """It is written by --write, and departs where the page says; without its slip it does not."""
    monkeypatch.chdir(tmp_path)
    port = re.search(r"^```python\n# port.py\n(.*?)^```$", PAGE, re.M | re.S)[1]
    shown = re.search(r"^```text\n(.*?)\n```$", PAGE, re.M | re.S)[1]
    assert main(["stages", "ddim_step", "--write", "ddim.safetensors"]) == 0
    for slip, code in ((port, 1), (port.replace("np.sqrt(1 - product)\n", "np.sqrt(1 - product / before)\n"), 0)):
        Path("port.py").write_text(slip, encoding="utf-8")
        subprocess.run([sys.executable, "-W", "ignore", "port.py"], check=True)
        capsys.readouterr()
        assert main(["stages", "ddim_step", "--mine", "mine.safetensors"]) == code
        told = capsys.readouterr().out
        assert (shown in told) == bool(code) and ("departs" in told) == bool(code)


def test_the_page_has_every_stage():
    for name in staged():
        names = ", ".join(one.name for one in stages.stages(of(name)[0]))
        assert f"| `{name}` | {names} |" in PAGE


def test_there_are_enough():
    assert {"ddim_step", "ancestral_step", "classifier_free_guidance", "edm_heun_step"} <= {*staged()}
    assert sum(len(of(name)) for name in staged()) > 100

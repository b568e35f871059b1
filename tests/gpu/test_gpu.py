"""The script for a GPU, on stand-ins: what a device refuses is refused, and a replay is of what was captured."""

import inspect
import json

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.namespace import namespace
from validation.gpu import graphs, libraries, record, stand_in_cupy
from validation.gpu.__main__ import PARTS, main

from ..turns import in_turn

LIBRARIES = ["stand-in cupy", pytest.param("stand-in torch", marks=pytest.mark.needs("torch"))]
FEW = ["softmax", "gaussian_log_density", "odeint", "strided_schedule", "boltzmann_gibbs_chain"]


@pytest.fixture(params=LIBRARIES)
def library(request):
    return libraries.opened(request.param)


@pytest.mark.parametrize("name", sorted({*FEW, *in_turn(CATALOGUE)}))
def test_a_replay_with_other_numbers_is_the_plain_call(library, name):
    row = graphs.looked(name, library)
    assert graphs.right(row) and row["from NumPy"] < 1e-12


def replayed(library, f):
    """What a graph of f makes, captured at [1, 2], of [−3, 4]."""
    x = library.there(np.asarray([1.0, 2.0]))
    captured = library.captured(lambda: f(namespace(x), x))
    library.put(x, np.asarray([-3.0, 4.0]))
    captured.replay()
    return library.back(captured.made)


def changed(xp, x):
    y = x * 2
    y += 1
    y[0] = y[1]
    return y


def test_a_replay_follows_what_is_in_place_and_what_is_a_view(library):
    assert np.array_equal(replayed(library, lambda xp, x: xp.flip(x, axis=0)[None, :][0] * x), [-12.0, -12.0])
    assert np.array_equal(replayed(library, changed), [9.0, 9.0])


def test_what_was_decided_on_the_host_is_seen(library):
    """A body that takes its numbers from the host while it is captured answers for these. Kills: a replay that calls
    the body again."""
    seen = []
    assert np.array_equal(replayed(library, lambda xp, x: x * (seen.append(1) or len(seen))), [-6.0, 8.0])
    assert len(seen) == 2  # before the capture, and in it


@pytest.mark.parametrize("f", [
    lambda xp, x: x * float(x[0]),
    lambda xp, x: x if x[0] > 0 else -x,
    lambda xp, x: x * xp.asarray(2.0, dtype=x.dtype, device=x.device),
], ids=["a number", "a branch", "a copy"])
def test_what_a_capture_does_not_allow_is_refused(library, f):
    with pytest.raises(stand_in_cupy.Refused):
        replayed(library, f)
    assert np.array_equal(replayed(library, lambda xp, x: x + 1), [-2.0, 5.0])  # the next one is not harmed


def test_an_array_of_the_host_is_refused():
    x = stand_in_cupy.asarray(np.ones(2))
    with pytest.raises(stand_in_cupy.Refused, match="of the host"):
        x + np.ones(2)
    with pytest.raises(stand_in_cupy.Refused, match="read on the host"):
        bool(x[0] > 0)


@pytest.mark.needs("cupy")
def test_the_stand_in_has_names_that_cupy_has():
    import cupy

    for name in ("asarray", "asnumpy", "ndarray"):
        assert hasattr(cupy, name)
    ours = vars(stand_in_cupy.cuda)
    assert ours.keys() == {name for name in ours if hasattr(cupy.cuda, name)}
    for name in ("begin_capture", "end_capture", "synchronize"):
        assert callable(getattr(cupy.cuda.Stream, name)) and hasattr(stand_in_cupy.Stream(), name)
    assert callable(cupy.cuda.Graph.launch)
    inspect.signature(cupy.cuda.using_allocator).bind(None)


@pytest.mark.needs("torch")
def test_the_command_writes_what_it_saw(tmp_path, capsys):
    folder = tmp_path / "record"
    code = main(["--date", "2026-11-30", "--stand-in", "--only", "softmax", "--output", str(folder),
                 "--without", "speed", "--without", "suite", "--without", "check"])
    found = json.loads((folder / "gpu.json").read_text(encoding="utf-8"))
    said = (folder / "README.md").read_text(encoding="utf-8")
    assert code == 0 and record.markdown(found) == said and "A stand-in, no device" in said
    assert [row["name"] for rows in found["graphs"].values() for row in rows] == ["softmax", "softmax"]
    assert "1 of 1 right" in capsys.readouterr().out


def test_a_reference_that_is_not_right_is_told_by_name():
    bad = {"name": "softmax", "captured": False, "why": "an element is read"}
    good = {"name": "mlp", "captured": True, "from plain": 0.0, "from NumPy": 1e-16}
    found = {"date": "2026-11-30", "command": "", "stand-in": False, "machine": "", "references": 2, "parts": [],
             "graphs": {"cupy": [bad, good]}, "speed": {"cupy": [
                 {"workload": "gumbel", "size": "large", "dtype": "float32", "seconds": {"plain": 1.0, "graph": 0.5},
                  "of bandwidth": 0.75, "of product": 0.0}]}}
    assert record.goals(found) == [("references under a CUDA graph, cupy", "2", "1"),
                                   ("of bandwidth, gumbel, cupy", "≥ 0.7", "0.75")]
    assert "softmax on cupy (an element is read)" in record.markdown(found)


def test_the_parts_ask_what_is_there():
    (file,) = {words[3] for name, (_, words) in PARTS.items() if name != "suite"}
    assert (graphs.ROOT / file).exists()
    assert sum(limit for limit, _ in PARTS.values()) + 2 * (90 + 100) <= 900 and set(FEW) <= CATALOGUE.keys()

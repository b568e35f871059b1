"""The reader returns what was written, bit for bit, or raises VectorFileError; nothing else, whatever the bytes."""

import contextlib
import json
import os
import threading

import numpy as np
import pytest
import safetensors.numpy as safetensors
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as shapes

from refdgm import VectorFileError
from refdgm.check.questions import safetensors_file, vectors
from tests.vectors.damage import HEAD, files, header, joined, read, small
from tests.vectors.mutations import places, replaced

INDEX, PAYLOAD = files()
HEADER, BODY = header(PAYLOAD)


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def test_what_is_written_is_read(tmp_path):
    vectors.write(tmp_path, HEAD, [small()])
    found = vectors.read(tmp_path / "thing.json")
    (case,) = found.cases
    assert found.reference == "thing" and found.version == "1.0.0" and found.notes == HEAD["notes"]
    assert list(case.arrays) == list(small().arrays)
    assert all(same(case.arrays[name], x) for name, x in small().arrays.items())
    assert (case.id, case.options, case.flags, case.kills, case.about, case.comment, case.regime, case.seed) == (
        small().id, small().options, small().flags, small().kills, small().about, small().comment, "unit", 1)
    assert found.case("thing/001") is case


def test_writing_is_deterministic():
    assert vectors.encode(HEAD, [small()]) == vectors.encode(HEAD, [small()])
    turned = {name: small().arrays[name] for name in reversed(small().arrays)}
    assert safetensors_file.encode(turned) == safetensors_file.encode(small().arrays)


ARRAYS = st.dictionaries(
    st.from_regex(r"[a-z0-9_./-]{1,12}", fullmatch=True),
    st.sampled_from(["<f8", "<f4", "<i8", "|b1"]).flatmap(
        lambda dtype: shapes.arrays(dtype, shapes.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))),
    max_size=5,
)


@given(ARRAYS)
@settings(max_examples=60, deadline=None)
def test_round_trip_of_any_arrays_here_and_in_the_safetensors_library(arrays):
    data = safetensors_file.encode(arrays, {"format": "x"})
    mine, metadata = safetensors_file.decode(data)
    theirs = safetensors.load(data)
    assert metadata == {"format": "x"} and mine.keys() == theirs.keys() == arrays.keys()
    for name, x in arrays.items():
        x = np.where(np.isnan(x), np.asarray(np.nan, x.dtype), x) if x.dtype.kind == "f" else x  # one NaN for all
        assert same(mine[name], x) and same(theirs[name], x)


@given(ARRAYS)
@settings(max_examples=30, deadline=None)
def test_what_the_safetensors_library_writes_is_read(arrays):
    mine, _ = safetensors_file.decode(safetensors.save({name: np.ascontiguousarray(x).reshape(x.shape)
                                                  for name, x in arrays.items()}))
    assert mine.keys() == arrays.keys()
    assert all(np.array_equal(mine[name], x, equal_nan=x.dtype.kind == "f") for name, x in arrays.items())


def test_what_cannot_be_written_is_refused():
    for wrong in (np.zeros(2, np.complex128), np.array(["x"]), np.zeros(2, np.int32), np.array([None])):
        with pytest.raises(VectorFileError, match="dtype"):
            safetensors_file.encode({"x": wrong})
    with pytest.raises(VectorFileError, match="name"):
        safetensors_file.encode({"../../x y": np.zeros(2)})


# --- fuzzing -------------------------------------------------------------------------------------------------


@given(st.integers(0, len(PAYLOAD) - 1), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_any_flipped_byte_is_refused_or_changes_a_number(at, by):
    damaged = bytearray(PAYLOAD)
    damaged[at] ^= by
    size = 8 + int.from_bytes(PAYLOAD[:8], "little")
    try:
        found = read(INDEX, bytes(damaged)).cases[0].arrays
    except VectorFileError:
        return
    intact = all(same(found[name], x) for name, x in small().arrays.items())
    assert found.keys() == small().arrays.keys() and intact == (at < size)  # in the header only white space is free


@given(st.integers(0, len(json.dumps(INDEX)) - 1), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_any_flipped_byte_of_an_index_is_refused_or_only_changes_words(at, by):
    damaged = bytearray(json.dumps(INDEX | {"sha256": files()[0]["sha256"]}).encode())
    damaged[at] ^= by
    try:
        found = vectors.parse(bytes(damaged), lambda _: PAYLOAD)
    except VectorFileError:
        return
    assert all(same(found.cases[0].arrays[name], x) for name, x in small().arrays.items())


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_refused_or_are_a_file(data):
    for given_bytes in (data, len(data).to_bytes(8, "little") + data):
        with contextlib.suppress(VectorFileError):
            assert type(safetensors_file.decode(given_bytes)) is tuple
        with pytest.raises(VectorFileError):
            vectors.parse(given_bytes, lambda _: PAYLOAD)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6,
)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_other_value_anywhere_raises_one_exception_alone(data):
    at, by = data.draw(st.sampled_from(places(INDEX))), data.draw(ANY_JSON)
    try:
        found = read(json.dumps(replaced(INDEX, at, by)).encode(), PAYLOAD)
    except VectorFileError:
        return
    assert found.cases == [] or same(found.cases[0].arrays["input.x"], small().arrays["input.x"])


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_other_value_in_a_header_raises_one_exception_alone(data):
    at, by = data.draw(st.sampled_from(places(HEADER))), data.draw(ANY_JSON)
    try:
        found = read(INDEX, joined(replaced(HEADER, at, by), BODY))
    except VectorFileError:
        return
    assert found.cases[0].arrays.keys() == small().arrays.keys()


# --- files ---------------------------------------------------------------------------------------------------


def test_only_regular_files_of_bounded_size_are_opened(tmp_path, monkeypatch):
    vectors.write(tmp_path, HEAD, [small()])
    assert vectors.read(str(tmp_path / "thing.json")).reference == "thing"
    for wrong in (tmp_path, tmp_path / "none.json", tmp_path / "nul\0.json"):
        with pytest.raises(VectorFileError):
            vectors.read(wrong)
    (tmp_path / "thing.safetensors").unlink()
    with pytest.raises(VectorFileError, match="cannot be read"):
        vectors.read(tmp_path / "thing.json")
    monkeypatch.setattr(vectors, "INDEX", 100)
    with pytest.raises(VectorFileError, match="limit"):
        vectors.read(tmp_path / "thing.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    refused: list[bool] = []

    def attempt() -> None:
        try:
            vectors.read(tmp_path / "pipe.json")
        except VectorFileError:
            refused.append(True)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(10)
    assert refused == [True]


@pytest.mark.parametrize("name", ["", "none_such", "../vectors/mlp", "schema", "mlp.json", "Mlp", "mlp\n"])
def test_only_references_are_shipped(name):
    with pytest.raises(VectorFileError):
        vectors.shipped(name)

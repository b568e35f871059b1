"""Whatever is changed in a file of cases: it is refused with one exception, or our own body answers it rightly."""

import time
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refdgm import CATALOGUE, VectorFileError
from refdgm.check import run as engine
from refdgm.check.candidates.entry import adapted
from refdgm.cli import given as files
from refdgm.testing.engine import Here
from tests.vectors.mutations import mutated, save

CASES = 3  # of a file
SECONDS = 2.0  # that a file may take us, of which the limit on a case is a half
# An index, an option, parameters, steps, several outputs and a body that is no derivative of its value.
SOME = ("gaussian_kl", "softmax", "vector_quantization", "strided_schedule", "mlp", "odeint")
# The end of a time that falls into a callback of the garbage collector is lost there, and comes again.
LOST = pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")


def judged(folder, file):
    started = time.process_time()
    try:
        with warnings.catch_warnings(action="error"):
            found = files.read([save(folder, file.index, file.payload)], SECONDS / 2)
            files.remarks(found, SECONDS / 2)
    except VectorFileError as error:
        assert len(str(error).splitlines()) == 1, "one sentence"
        assert time.process_time() - started < SECONDS
        return
    assert time.process_time() - started < SECONDS
    (one,) = found.values()
    assert not one.certified and one.cases and not any(r.startswith("output") for c in one.cases for r in c.arrays)
    ref = CATALOGUE[one.reference]
    for case, answers in zip(one.cases, one.answers, strict=True):
        with np.errstate(all="ignore"):
            for role, y in ref.answers(case).items():
                size = np.max(np.abs(y), initial=0) if np.isfinite(y).all() else 1.0
                same = np.isclose(answers[role], y, rtol=1e-3, atol=1e-3 * size)
                assert (same | (np.float32(y) == answers[role])).all(), role
    checked = engine.check(Here(own(ref)), ref, one.cases[:1], None, "cpu", lambda *_: None)
    assert checked.verdict in ("agrees", "loses digits", "ill-conditioned here") and not checked.certified


def own(ref):
    """Our body as a candidate."""
    def body(*arrays, **options):
        fields = {n: ref.args[n].known[x.name] if ref.args[n].field else x for n, x in options.items()}
        made = ref.body(*arrays, **fields)
        return (made[0], lambda *bars: {n: g for n, g in made[1](*bars).items() if n in ref.wrt}) if ref.bars else made

    return adapted(ref, {"function": body, "framework": "numpy", "arguments": list(ref.arrays)})


@LOST
@pytest.mark.parametrize("name", SOME)
@given(data=st.data())
@settings(max_examples=25)
def test_a_changed_file_is_refused_or_right(name, tmp_path_factory, data):
    judged(tmp_path_factory.mktemp("given"), data.draw(mutated(name, CASES)))


@LOST
@pytest.mark.long
@pytest.mark.parametrize("name", CATALOGUE)
@given(data=st.data())
@settings(max_examples=300)
def test_many_changed_files_are_refused_or_right(name, tmp_path_factory, data):
    judged(tmp_path_factory.mktemp("given"), data.draw(mutated(name, CASES)))

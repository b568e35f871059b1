"""The laws of processes at the ends of time."""

import numpy as np

from refdgm import ArgumentError

from ..refusal import refused
from .rows import answers, drawn, finite, row


@row("SDE marginals", "times from 1e-30 to 1, ends that agree to 15 digits, β of 1e±8; time 0 is refused",
     ("perturbation_kernel",), "it has no law of a process at one time")
def ends_of_a_law(ref):
    for process in ref.args["process"].words:
        arguments, options, bars = drawn(ref, options={"process": process})
        for t in (1e-30, 1e-5, 0.5, 1.0):
            for low, high in ((1.0, 1 + 1e-15), (0.1, 20.0), (1e-8, 1e8), (1e-30, 1e30)):
                at = {"t": np.full(5, t), "low": np.asarray(low), "high": np.asarray(high)}
                got = answers(ref, at, options, bars)
                finite(got)
                assert np.all(got["output.std"] > 0) and np.all(got["output.scale"] <= 1)
        for t in (0.0, -0.5, 1.5):
            refused(ref, ArgumentError, "t must be above 0 and at most 1", *(arguments | {"t": np.full(5, t)}).values(),
                    **options)
    early, low = np.full(5, 1e-30), np.asarray(0.1)
    for process, want in (("vp", np.sqrt(1e-31)), ("sub_vp", 1e-31), ("ve", 0.1 * np.sqrt(2e-30 * np.log(200)))):
        np.testing.assert_allclose(ref(early, low, np.asarray(20.0), process=process).std, want, rtol=1e-12)
    level = ref(np.full(5, 0.5), np.asarray(1.0), np.asarray(1 + 2.0**-50), process="ve").std
    np.testing.assert_allclose(level, 2.0**-25, rtol=1e-12)
    for process in ("vp", "sub_vp"):  # nothing is left, and nothing moves
        value, pullback = ref.vjp(np.ones(5), np.asarray(1.0), np.asarray(1e4), process=process)
        np.testing.assert_array_equal(value.std, np.ones(5))
        assert not value.scale.any() and not any(np.any(x) for x in pullback(np.ones(5), np.ones(5)).values())

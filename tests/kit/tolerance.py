"""How near is near enough: per element, from the condition of the question.

    |got − want| ≤ C (ε |want| + change + tiny) + noise

`change` is the largest change of the textbook answer when all inputs and cotangents are multiplied by 1 + ε n, n
normal numbers: what rounding the inputs alone could do. It is taken at ε itself, in extended precision: where a long
chain is chaos, the change at 16 ε is no 16 times as large, for by then the answer has no digit left (Langevin steps of
158 in single precision: a sixteenth of it is 10 times too small, and blamed them with 71). `noise` is what the
textbook formula loses in double precision, that is its distance to its extended-precision self, `want`, the largest at
a few points that are further apart (by 2⁻⁸), for rounding is no smooth function. Nothing is normalised by the largest
element, so a small element must be right in its own digits; where the textbook formula has none, or overflows, the
certification in balls is the judge.

A continuous adjoint solves there and back, which amplifies roundings that no change of the inputs shows; its `noise` is
therefore scaled to the precision that is judged (in single precision it needed 35 once, and 151, without), and taken
`THERE_AND_BACK` times, for the largest of four samples is no bound: among a thousand examples one was off by 3.4 of it.
So are `DIFFERENCES`.

Nothing is measured that no answer needs: `change` and `noise` only grow with each sample, so an answer that is near
enough after the first few is near enough after all of them, and one that is too far off was held against all of them.

C = 64 is the one constant. In some thousand cases of every regime and option correct bodies needed 1.3 in double
and 8 in single precision. A wrong formula misses by 1/ε.
"""

import numpy as np
from hypothesis import assume

from refdgm.cases import grids
from refdgm.declaration.domain import Limit

from .asking import nested
from .telling import told
from .textbook import WIDE, answers

C = 64
DRAWS, NOISE_DRAWS = 5, 3
THERE_AND_BACK = 8
# Of references by their whole names: a gradient is a difference of two averages, and where units of weak and of strong
# weights meet in one machine neither a common middle nor the chances to be off leave all digits to the weak ones.
# The biased discrepancy of batches that nearly agree is three means of kernels of which the first digits cancel.
DIFFERENCES = ("rbm_log_likelihood", "dbm_log_likelihood", "maximum_mean_discrepancy")


class Judge:
    """What every answer to `case` must be, and how near, for an evaluation in `dtype`."""

    def __init__(self, ref, definition, case, dtype="float64"):
        self.ref, self.definition, self.case, self.precision = ref, definition, case, np.finfo(dtype)
        self.want = {name: np.asarray(x, WIDE) for name, x in self.asked(case.arguments(), case.cotangents()).items()}
        self.change, self.noise = ({name: np.zeros_like(x) for name, x in self.want.items()} for _ in range(2))
        self.coarse = grids(ref)
        self.samples = self.measured()

    def asked(self, arguments, bars, dtype=WIDE):
        return answers(self.ref, self.definition, self.case.options, arguments, bars, dtype)

    def measured(self):
        """Enlarge `change` and `noise` by one sample at a time."""
        rng = np.random.Generator(np.random.Philox(key=self.case.seed + 1))
        arguments, bars = self.case.arguments(), self.case.cotangents()

        def moved(by, dtype):
            """The case with every number multiplied by 1 + by · n."""
            f = lambda x: np.asarray(x, dtype) * (1 + by * dtype(rng.normal(size=np.shape(x))))
            g = lambda x: f(x) if x.dtype.kind == "f" else x
            return {name: nested(g, x) for name, x in arguments.items()}, [f(bar) for bar in bars]

        for _ in range(DRAWS):
            near = self.asked(*moved(WIDE(self.precision.eps), WIDE))
            for name, x in self.want.items():
                self.change[name] = np.maximum(self.change[name], np.abs(near[name] - x))
            yield
        lossy = isinstance(self.ref.derivative_of, Limit) or self.ref.name in DIFFERENCES
        scale = THERE_AND_BACK * self.precision.eps / np.finfo(np.float64).eps if lossy else 1
        for by in (0, *(2.0**-8,) * NOISE_DRAWS):
            place = moved(by, np.float64) if by else (arguments, bars)
            plain, wide = self.asked(*place, dtype=np.float64), self.asked(*place) if by else self.want
            for name in self.want:
                self.noise[name] = np.maximum(self.noise[name], scale * _loss(plain[name], wide[name]))
            yield

    def excess(self, name, got) -> np.ndarray:
        """The C that each element of an answer needs, as far as is measured; infinite for NaN and infinities."""
        want, change, noise = self.want[name], self.change[name], self.noise[name]
        if got.shape != want.shape:
            return np.full(1, np.inf)
        each = self.precision.eps * np.abs(want) + change + WIDE(self.precision.tiny)
        if name.removeprefix("gradient.") in self.coarse and want.size:
            each, noise = np.max(each), np.max(noise)
        ratio = np.maximum(np.abs(got.astype(WIDE) - want) - noise, 0) / each
        return np.where(np.isfinite(ratio), ratio, np.inf)

    @np.errstate(all="ignore")
    def compare(self, got) -> None:
        """Fail with the name of the first answer that is too far off."""
        got = {name: np.asarray(x) for name, x in got.items()}
        for name in self.want:
            while np.any(self.excess(name, got[name]) > C):
                if next(self.samples, self) is self:
                    far = self.excess(name, got[name])
                    raise AssertionError(told(self.ref, self.case, name, got, self.want, far, C))

    def decided(self) -> "Judge":
        """For drawn cases: another one, where the textbook formula overflows even in extended precision, or an answer
        lies beyond what the precision holds, or so near its end that C roundings could carry it there (a divergence of
        4e43 in single precision: infinity, with a warning, is right). Ask the reference after this.
        """
        most = self.precision.max * (1 - C * self.precision.eps)
        assume(all(np.all(np.abs(want) <= most) for want in self.want.values()))
        return self


def _loss(plain, wide):
    lost = np.abs(np.asarray(plain, WIDE) - wide)
    return np.where(np.isfinite(lost), lost, 0)  # an overflow in double precision says nothing about the wide one

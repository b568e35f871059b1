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

C = 64 is the one constant. In some thousand cases of every regime and option correct bodies needed 1.3 in double
and 8 in single precision. A wrong formula misses by 1/ε.
"""

from dataclasses import dataclass

import numpy as np
from hypothesis import assume

from refdgm.cases import grids
from refdgm.declaration.domain import Limit

from .asking import nested
from .textbook import WIDE, answers

C = 64
DRAWS, NOISE_DRAWS = 5, 3
THERE_AND_BACK = 8


@dataclass(frozen=True)
class Judgement:
    want: np.ndarray
    unit: np.ndarray  # what C multiplies
    noise: np.ndarray

    def excess(self, got) -> float:
        """The largest C that the answer needs; NaN and infinities count as infinite."""
        got = np.asarray(got)
        if got.shape != self.want.shape:
            return np.inf
        with np.errstate(all="ignore"):
            ratio = np.maximum(np.abs(got.astype(WIDE) - self.want) - self.noise, 0) / self.unit
        return float(np.max(np.where(np.isfinite(ratio), ratio, np.inf), initial=0.0))


@np.errstate(all="ignore")
def judge(ref, oracle, case, dtype="float64") -> dict[str, Judgement]:
    """What every answer to `case` must be, and how near, for an evaluation in `dtype`."""
    unit = np.finfo(dtype)
    rng = np.random.Generator(np.random.Philox(key=case.seed + 1))
    arguments, bars = case.arguments(), case.cotangents()

    def moved(by, dtype=np.float64):
        """The case with every number multiplied by 1 + by · n."""
        f = lambda x: np.asarray(x, dtype) * (1 + by * dtype(rng.normal(size=np.shape(x))))
        return {name: nested(f, x) for name, x in arguments.items()}, [f(bar) for bar in bars]

    want = answers(ref, oracle, case.options, arguments, bars)
    change = {name: np.zeros_like(np.asarray(x, WIDE)) for name, x in want.items()}
    for _ in range(DRAWS):
        near = answers(ref, oracle, case.options, *moved(WIDE(unit.eps), WIDE))
        for name, x in want.items():
            change[name] = np.maximum(change[name], np.abs(near[name] - x))
    noise = {name: np.zeros_like(x) for name, x in change.items()}
    scale = THERE_AND_BACK * unit.eps / np.finfo(np.float64).eps if isinstance(ref.derivative_of, Limit) else 1
    for by in (0, *(2.0**-8,) * NOISE_DRAWS):
        place = moved(by)
        plain = answers(ref, oracle, case.options, *place, dtype=np.float64)
        wide = answers(ref, oracle, case.options, *place)
        for name in want:
            noise[name] = np.maximum(noise[name], scale * _loss(plain[name], wide[name]))
    judged = {}
    for name, x in want.items():
        x = np.asarray(x, WIDE)
        each = unit.eps * np.abs(x) + change[name] + WIDE(unit.tiny)
        if name.removeprefix("gradient.") in grids(ref) and x.size:
            each, noise[name] = np.full_like(each, np.max(each)), np.full_like(noise[name], np.max(noise[name]))
        judged[name] = Judgement(x, each, noise[name])
    return judged


def _loss(plain, wide):
    with np.errstate(all="ignore"):
        lost = np.abs(np.asarray(plain, WIDE) - wide)
    return np.where(np.isfinite(lost), lost, 0)  # an overflow in double precision says nothing about the wide one


def decided(judged, dtype="float64") -> dict[str, Judgement]:
    """For drawn cases: another one, where the textbook formula overflows even in extended precision, or an answer
    lies beyond what `dtype` holds, or so near its end that C roundings could carry it there (a divergence of 4e43 in
    single precision: infinity, with a warning, is right). Ask the reference after this.
    """
    most = np.finfo(dtype).max * (1 - C * np.finfo(dtype).eps)
    assume(all(np.all(np.abs(judgement.want) <= most) for judgement in judged.values()))
    return judged


def compare(judged, got, roles=("output", "gradient")) -> None:
    """Fail with the name of the first answer that is too far off."""
    for name, judgement in judged.items():
        if name.split(".")[0] in roles:
            excess = judgement.excess(got[name])
            assert excess <= C, (
                f"{name} is off by {excess:.3g}, allowed {C}\n"
                f"got  {np.asarray(got[name])!r}\nwant {judgement.want.astype(np.float64)!r}"
            )

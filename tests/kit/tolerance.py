"""How near is near enough: per element, from the condition of the question.

    |got − want| ≤ C (ε |want| + change + tiny) + noise

`change` is the largest change of the textbook answer when all inputs and cotangents are multiplied by 1 + ε n,
n normal numbers: what rounding the inputs alone could do. `noise` is what the textbook formula loses in
double precision at the same points, that is the distance to its extended-precision self, `want`. Nothing is
normalised by the largest element, so a small element must be right in its own digits; where the textbook
formula has none (1 − y of a winner's y) the certification in balls is the judge.

C = 64 is the one constant. Correct bodies were seen to need up to about 15 (a network's sums of ten
roundings, hit by normal draws that happened to be small); a wrong formula misses by 1/ε.
"""

from dataclasses import dataclass

import numpy as np

from .asking import nested
from .textbook import WIDE, answers

C = 64
DRAWS = 5


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


def judge(ref, oracle, case, dtype="float64") -> dict[str, Judgement]:
    """What every answer to `case` must be, and how near, for an evaluation in `dtype`."""
    unit = np.finfo(dtype)
    rng = np.random.Generator(np.random.Philox(key=case.seed + 1))
    arguments, bars = case.arguments(), case.cotangents()

    def moved(x):
        x = np.asarray(x, np.float64)
        return x * (1 + 16 * float(unit.eps) * rng.normal(size=x.shape))

    want = answers(ref, oracle, case.options, arguments, bars)
    plain = answers(ref, oracle, case.options, arguments, bars, np.float64)
    change = {name: np.zeros_like(np.asarray(x, WIDE)) for name, x in want.items()}
    noise = {name: _loss(plain[name], x) for name, x in want.items()}
    for _ in range(DRAWS):
        near = {name: nested(moved, x) for name, x in arguments.items()}
        near_bars = [moved(bar) for bar in bars]
        wide = answers(ref, oracle, case.options, near, near_bars)
        plain = answers(ref, oracle, case.options, near, near_bars, np.float64)
        for name, x in want.items():
            change[name] = np.maximum(change[name], np.abs(wide[name] - x))
            noise[name] = np.maximum(noise[name], _loss(plain[name], wide[name]))
    judged = {}
    for name, x in want.items():
        x = np.asarray(x, WIDE)
        judged[name] = Judgement(x, unit.eps * np.abs(x) + change[name] / 16 + WIDE(unit.tiny), noise[name])
    return judged


def _loss(plain, wide):
    with np.errstate(all="ignore"):
        lost = np.abs(np.asarray(plain, WIDE) - wide)
    return np.where(np.isfinite(lost), lost, 0)  # an overflow in double precision says nothing about the wide one


def compare(judged, got, roles=("output", "gradient")) -> None:
    """Fail with the name of the first answer that is too far off."""
    for name, judgement in judged.items():
        if name.split(".")[0] in roles:
            excess = judgement.excess(got[name])
            assert excess <= C, (
                f"{name} is off by {excess:.3g}, allowed {C}\n"
                f"got  {np.asarray(got[name])!r}\nwant {judgement.want.astype(np.float64)!r}"
            )

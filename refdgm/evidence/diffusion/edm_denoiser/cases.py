"""Cases of the EDM denoiser: levels from far below the data to far above, examples of every rank."""

from refdgm.evidence.ask import Ask
from refdgm.evidence.diffusion.noised import LIST, NOTES, VECTOR, levels

__all__ = ["CASES", "NOTES"]

MORE = [
    Ask("equal levels, as a sampler has them", ("primes", "usual"), sizes=VECTOR,
        change=levels(*[1.25] * 5, data=0.5)),
]
CASES = {"edm_denoiser": [*LIST, *MORE]}

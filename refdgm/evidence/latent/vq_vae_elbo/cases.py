"""✎ At least twenty questions, most of them of prime sizes, one of equal sizes, one of a single example."""

from refdgm.evidence.ask import Ask

NOTES: dict[str, str] = {}  # ✎ what the flags mean that are of these cases alone
CASES: dict[str, list[Ask]] = {"vq_vae_elbo": []}  # ✎

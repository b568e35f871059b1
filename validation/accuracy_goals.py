"""What accuracy is asked of each output and gradient in float64, by the kind of formula."""

from refdgm.reference import Reference

CLASSES: dict[str, tuple[str, str, float]] = {
    "A": ("element by element, or sums of positive terms", "ulps", 4),
    "B": ("element by element, through zero", "scaled", 2),
    "D": ("weights and schedules", "ulps", 8),
    "E": ("softmax and its kin", "ulps", 6),
    "F": ("pullbacks and divergences, for their condition", "scaled", 10),
    "H": ("log-sum-exp", "scaled", 2),
    "J": ("networks and solvers, for their condition", "scaled", 32),
}

SPECIAL = {
    ("gaussian_kl", "output.value"): "A",
    ("gaussian_kl_between", "output.value"): "A",
    ("gumbel_softmax", "output.value"): "E",
    ("classifier_free_guidance", "output.value"): "B",
    ("vector_quantization", "output.codebook_loss"): "A",
    ("vector_quantization", "output.commitment_loss"): "A",
}


def goal(ref: Reference, role: str) -> tuple[str, str, float]:
    """(class, unit, bound)."""
    iterates = any(name in ref.args for name in ("theta", "velocity", "score"))
    label = SPECIAL.get((ref.name, role), "J" if iterates else "F")
    _, unit, bound = CLASSES[label]
    return label, unit, bound

"""Known ways to get the references wrong, each a body that runs: the tests of the tests.

A mistake is wrong consistently (a wrong equation, rightly differentiated) or only in its gradient. What is a
convention of the field (`Reference.conventions`) is not among them: that is a difference, not an error.
"""

from refdgm.mistakes import (
    bound,
    categorical,
    checkpoint,
    classifier,
    codebook,
    concrete,
    continuous_flow,
    dormand_prince,
    embedding,
    gaussian,
    guidance,
    gumbel,
    kl,
    langevin,
    layers,
    logistic,
    mixture,
    neural_ode,
    objective,
    perceptron,
    posterior,
    prediction,
    probability_flow,
    relaxed_codebook,
    rescale,
    residual,
    running_cost,
    sampling,
    schedule,
    score,
    score_objectives,
    shallow,
    sliced,
    spacing,
    trace,
    whole_bound,
)
from refdgm.mistakes.mistake import Mistake, roles

MISTAKES: dict[str, Mistake] = {
    entry.name: entry
    for family in (
        categorical,
        logistic,
        gaussian,
        kl,
        layers,
        perceptron,
        embedding,
        gumbel,
        concrete,
        relaxed_codebook,
        codebook,
        score_objectives,
        score,
        shallow,
        sliced,
        sampling,
        spacing,
        classifier,
        schedule,
        prediction,
        posterior,
        objective,
        bound,
        whole_bound,
        guidance,
        rescale,
        probability_flow,
        residual,
        neural_ode,
        checkpoint,
        running_cost,
        dormand_prince,
        trace,
        continuous_flow,
        langevin,
        mixture,
    )
    for entry in vars(family).values()
    if isinstance(entry, Mistake)
}


def of(reference: str) -> list[Mistake]:
    """The mistakes of one reference, by its name."""
    return [entry for entry in MISTAKES.values() if entry.reference == reference]


__all__ = ["MISTAKES", "Mistake", "of", "roles"]

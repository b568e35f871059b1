"""Known ways to get the references wrong, each a body that runs: the tests of the tests.

A mistake is wrong consistently (a wrong equation, rightly differentiated) or only in its gradient. What is a
convention of the field (`Reference.conventions`) is not among them: that is a difference, not an error.

`FIRST` were known when the cases were chosen; `LATER` (the package `later`) were written afterwards by people who
had not seen the cases, and are counted apart: they measure what the cases find that nobody had in mind.
"""

from importlib import import_module

from refdgm.mistakes.mistake import Mistake, roles

FAMILIES = (
    "categorical", "logistic", "gaussian", "kl", "layers", "perceptron", "embedding", "gumbel", "concrete",
    "relaxed_codebook", "codebook", "score_objectives", "score", "shallow", "sliced", "sampling", "spacing",
    "classifier", "schedule", "prediction", "posterior", "objective", "bound", "whole_bound", "guidance", "rescale",
    "probability_flow", "residual", "neural_ode", "checkpoint", "running_cost", "dormand_prince", "trace",
    "continuous_flow", "langevin", "mixture",
)
LATER_FAMILIES = (
    "primitives", "nets", "latent", "score", "mixture", "sde", "schedules", "diffusion", "samplers", "ode", "flow",
    "public",
)


def planted(package: str, families: tuple[str, ...]) -> dict[str, Mistake]:
    """The mistakes of these modules by name, in the order in which they stand there."""
    modules = [import_module(f"{package}.{family}") for family in families]
    return {entry.name: entry for module in modules for entry in vars(module).values() if isinstance(entry, Mistake)}


FIRST = planted(__name__, FAMILIES)
LATER = planted(f"{__name__}.later", LATER_FAMILIES)
MISTAKES: dict[str, Mistake] = FIRST | LATER


def of(reference: str) -> list[Mistake]:
    """The mistakes of one reference, by its name."""
    return [entry for entry in MISTAKES.values() if entry.reference == reference]


__all__ = ["FIRST", "LATER", "MISTAKES", "Mistake", "of", "roles"]

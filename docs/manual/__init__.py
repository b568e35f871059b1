"""What the manual adds to Sphinx: typeset steps and mistakes, a page of every reference, formulas without network."""

from . import derivations, maths, references


def setup(app):
    """All three parts; none keeps anything between two pages but in the environment that Sphinx merges."""
    for part in (maths, derivations, references):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

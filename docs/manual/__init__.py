"""What the manual adds to Sphinx: typeset steps and mistakes, a page of every reference, the order of
study, formulas without network."""

from . import derivations, maths, references, sidebar, study


def setup(app):
    """All its parts; none keeps anything between two pages but in the environment that Sphinx merges."""
    for part in (maths, derivations, references, sidebar, study):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

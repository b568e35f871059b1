"""The modules of the package by ring, and what a file imports."""

import ast
from functools import cache
from pathlib import Path

import refdgm

PACKAGE = Path(refdgm.__file__).parent
ROOT = PACKAGE.parent
EVIDENCE = PACKAGE / "evidence"
RINGS = (  # each imports from itself and from those before it
    {"errors", "namespace", "in_torch"},
    {"declaration"},
    {"boundary"},
    {"reference"},
    {"numerics"},
    {"primitives"},
    {"nets", "energy", "layers"},
    {"latent", "score", "diffusion", "ode", "sde", "adversarial", "metrics"},
    {"flow"},
    {"catalogue", "version"},
    {"__init__"},
    {"cases"},
    {"evidence"},
    {"check", "certify", "cli", "testing", "__main__"},
)
CORE, FAMILY = set.union(*RINGS[:4]), next(names for names in RINGS if "latent" in names)
MATHS = set.union(*RINGS[4 : RINGS.index({"flow"}) + 1])
MODULES = {path.relative_to(PACKAGE).with_suffix("").parts: path for path in sorted(PACKAGE.rglob("*.py"))}
MATHS_MODULES = [path for name, path in MODULES.items() if name[0] in MATHS]


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path, at_import_only=False):
    """Dotted names of the modules that a file imports, relative ones made absolute."""
    tree = parsed(path)
    nodes = tree.body if at_import_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = path.relative_to(ROOT).with_suffix("").parts[: -node.level] if node.level else ()
            module = ".".join((*parts, *([node.module] if node.module else [])))
            if module == "refdgm":  # from refdgm import boundary, support: each a module, or a name of the top
                yield from (f"refdgm.{a.name}" if (PACKAGE / f"{a.name}.py").exists() else module for a in node.names)
            else:
                yield module


def ring(top):
    return next(i for i, names in enumerate(RINGS) if top in names)

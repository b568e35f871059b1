"""Who may import whom."""

import ast
import subprocess
import sys

from refdgm import CATALOGUE

from .modules import CORE, EVIDENCE, FAMILY, MATHS, MATHS_MODULES, MODULES, PACKAGE, ROOT, imported, parsed, ring

PLAIN = {"collections", "dataclasses", "fractions", "functools", "typing"}  # what the maths has from outside


def test_imports_go_inwards():
    for name, file in MODULES.items():
        mine = ring(name[0])
        for module in imported(file):
            top, _, rest = module.partition(".")
            if top == "refdgm":
                inner = rest.split(".")[0] or "__init__"
                if mine < ring("check"):
                    assert ring(inner) <= mine, f"{'/'.join(name)} imports {module}, which is further out"
                if name[0] in FAMILY:
                    other = f"{'/'.join(name)} imports another family: {module}"
                    assert inner not in FAMILY or inner == name[0], other


def test_numerics_knows_arrays_alone():
    """Its kernels are declared nowhere: they know the namespace, and one another."""
    for name, path in MODULES.items():
        if name[0] == "numerics":
            assert {m for m in imported(path) if m.startswith("refdgm")} <= {
                "refdgm.namespace", *(".".join(("refdgm", *n)) for n in MODULES if n[0] == "numerics")}, name


def importing():
    """Every module of the package with those that it imports, by whatever statement: lazy ones and types alone too."""
    graph = {}
    for name, path in MODULES.items():
        found, parts = set(), ("refdgm", *name)
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                found |= {tuple(alias.name.split(".")) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                above = parts[: len(parts) - node.level] if node.level else ()
                module = (*above, *(node.module or "").split(".")) if node.module else above
                names = {(*module, alias.name) for alias in node.names}
                modules = {full for full in names if full[1:] in MODULES or (*full[1:], "__init__") in MODULES}
                found |= names if names == modules else names | {module}
        graph[name] = {full[1:] for full in found if full[:1] == ("refdgm",)}
        graph[name] = {each if each in MODULES else (*each, "__init__") for each in graph[name]} & MODULES.keys()
    return graph


def cycles(graph):
    """The sets of modules that reach one another."""
    reached = {}
    for start in graph:
        reached[start], front = set(), [start]
        while front:
            new = graph[front.pop()] - reached[start]
            reached[start] |= new
            front += new
    found = {frozenset(b for b in reached[a] if a in reached[b]) for a in graph if a in reached[a]}
    return sorted(sorted(map("/".join, each)) for each in found)


def test_no_import_goes_round():
    assert cycles(importing()) == []


def test_the_search_for_cycles_sees():
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}, "e": set()}) == [["b", "c"], ["d"]]
    assert ("nets", "layout") in importing()["nets", "field"]


def test_machinery_knows_no_reference():
    """By a string: what is special to one belongs to its declaration or its evidence."""
    for name in (n for n in MODULES if n[0] not in MATHS | {"catalogue", "evidence"}):
        nodes = [node for node in ast.walk(parsed(MODULES[name])) if isinstance(node, ast.Constant)]
        named = [(node.lineno, node.value) for node in nodes if isinstance(node.value, str) and node.value in CATALOGUE]
        assert not named, f"{'/'.join(name)} names {named}"


def test_a_concept_shares_evidence_above_it():
    """No mistake, rewrite, variant or case imports another concept's, nor those of a family further out."""
    for path in EVIDENCE.glob("*/*/*.py"):
        family, concept = path.relative_to(EVIDENCE).parts[:2]
        for module in imported(path):
            parts = module.split(".")
            if path.stem != "definition" and parts[:2] == ["refdgm", "evidence"] and len(parts) > 3:
                assert parts[2] == family or ring(parts[2]) < ring(family), f"{family}/{concept} imports {module}"
                assert parts[3] == concept or not (EVIDENCE / parts[2] / parts[3]).is_dir(), (path, module)


def test_the_maths_knows_no_library():
    for path in MATHS_MODULES:
        others = {module.split(".")[0] for module in imported(path)} - PLAIN - {"refdgm"}
        assert not others, f"{path.name} imports {others}: take the namespace of the arguments"


def test_the_declaration_needs_no_numpy_at_import():
    for name in ("/".join(name) for name in MODULES if name[0] in CORE - {"in_torch"}):
        allowed = {"array_api_compat", "refdgm", "ctypes", "math", "inspect", *PLAIN}
        assert {m.split(".")[0] for m in imported(PACKAGE / f"{name}.py", at_import_only=True)} <= allowed, name


LEAVES = {"verdicts", "dtypes", "numbers", "noise", "conventions", "elementary", "expecting"}
STAGES = {  # of a check, each with those that it may import
    "questions": LEAVES,
    "candidates": LEAVES,
    "process": LEAVES | {"candidates"},
    "judging": LEAVES | {"questions", "candidates"},
    "diagnosis": LEAVES | {"questions", "judging"},
    "partial": LEAVES | {"questions", "judging"},
    "asking": LEAVES | {"questions", "process"},
    "run": LEAVES | {"asking", "questions", "process", "judging", "diagnosis", "partial"},
    "report": LEAVES | {"judging"},
    "filed": LEAVES | {"questions", "process"},  # who answers from a file
    "export": LEAVES | {"questions", "judging"},
    "stages": LEAVES,
}


def test_a_check_flows_in_one_direction():
    of_stages = (n for n in MODULES if n[0] == "check" and len(n) > 1 and n[1] not in LEAVES | {"__init__"})
    for name in of_stages:
        allowed = STAGES[name[1]] | {name[1]}
        for module in imported(MODULES[name]):
            if module.startswith("refdgm.check."):
                assert module.split(".")[2] in allowed, f"{'/'.join(name)} imports {module}"
            assert not module.startswith(("refdgm.cli", "refdgm.testing")), f"{'/'.join(name)} imports {module}"


def test_importing_the_package_imports_no_other_library():
    code = """
import sys, refdgm
heavy = {"scipy", "torch", "jax", "autograd", "flint", "rich", "hypothesis", "cupy", "array_api_strict", "mpmath",
         "ml_dtypes", "safetensors", "pytest", "refdgm.check", "refdgm.certify", "refdgm.testing"}
print(sorted(heavy & sys.modules.keys()))
"""
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_validation_needs_no_tests():
    for path in sorted((ROOT / "validation").rglob("*.py")):
        assert "tests" not in {module.split(".")[0] for module in imported(path)}, path

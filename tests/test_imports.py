"""The shape of the package: who may import whom, what the maths may contain, and what a reference must come with."""

import ast
import inspect
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import refdgm
from refdgm import CATALOGUE, FAMILIES
from refdgm.evidence import find, generic

PACKAGE = Path(refdgm.__file__).parent
ROOT = PACKAGE.parent
RINGS = (  # each imports from itself and from those before it
    {"errors", "namespace"},
    {"declaration"},
    {"boundary"},
    {"reference"},
    {"numerics"},
    {"primitives"},
    {"nets"},
    {"latent", "score", "diffusion", "ode", "sde"},
    {"flow"},
    {"catalogue", "version"},
    {"__init__"},
    {"cases"},
    {"evidence"},
    {"check", "certify", "cli", "testing", "__main__"},
)
CORE, FAMILY = set.union(*RINGS[:4]), next(names for names in RINGS if "latent" in names)
MATHS = set.union(*RINGS[4 : RINGS.index({"flow"}) + 1])
PLAIN = {"collections", "dataclasses", "fractions", "functools", "typing"}  # what the maths has from outside
MODULES = {path.relative_to(PACKAGE).with_suffix("").parts: path for path in sorted(PACKAGE.rglob("*.py"))}
MATHS_MODULES = [pytest.param(path, id="/".join(name)) for name, path in MODULES.items() if name[0] in MATHS]


def imported(path, at_import_only=False):
    """Dotted names of the modules that a file imports, relative ones made absolute."""
    tree = ast.parse(path.read_text())
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


@pytest.mark.parametrize("name", [pytest.param(n, id="/".join(n)) for n in MODULES])
def test_imports_go_inwards(name):
    mine = ring(name[0])
    for module in imported(MODULES[name]):
        top, _, rest = module.partition(".")
        if top == "refdgm":
            inner = rest.split(".")[0] or "__init__"
            if mine < ring("check"):
                assert ring(inner) <= mine, f"{'/'.join(name)} imports {module}, which is further out"
            if name[0] in FAMILY:
                assert inner not in FAMILY or inner == name[0], f"{'/'.join(name)} imports another family: {module}"


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
        for node in ast.walk(ast.parse(path.read_text())):
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


@pytest.mark.parametrize("name", [pytest.param(n, id="/".join(n)) for n in MODULES
                                  if n[0] not in MATHS | {"catalogue", "evidence"}])
def test_machinery_knows_no_reference(name):
    """By a string: what is special to one belongs to its declaration or its evidence."""
    nodes = [node for node in ast.walk(ast.parse(MODULES[name].read_text())) if isinstance(node, ast.Constant)]
    named = [(node.lineno, node.value) for node in nodes if isinstance(node.value, str) and node.value in CATALOGUE]
    assert not named, f"{'/'.join(name)} names {named}"


EVIDENCE = PACKAGE / "evidence"
CONCEPTS = [path for path in sorted(EVIDENCE.glob("*/*/")) if path.name != "__pycache__"]


def test_every_concept_has_its_folder_of_evidence():
    """The same names as the maths has, and no folder that the catalogue does not know."""
    folders = {".".join(path.relative_to(EVIDENCE).parts) for path in CONCEPTS}
    assert folders == set(find.concepts())


@pytest.mark.parametrize("folder", CONCEPTS, ids=lambda path: path.name)
def test_every_folder_of_evidence_has_the_same_files(folder):
    files = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
    optional = {"variants.py"}
    assert files - optional == {"__init__.py", *(f"{kind}.py" for kind in find.KINDS)} - optional


def test_a_concept_shares_evidence_above_it():
    """No mistake, rewrite, variant or case imports another concept's, nor those of a family further out."""
    for path in EVIDENCE.glob("*/*/*.py"):
        family, concept = path.relative_to(EVIDENCE).parts[:2]
        for module in imported(path):
            parts = module.split(".")
            if path.stem != "definition" and parts[:2] == ["refdgm", "evidence"] and len(parts) > 3:
                assert parts[2] == family or ring(parts[2]) < ring(family), f"{family}/{concept} imports {module}"
                assert parts[3] == concept or not (EVIDENCE / parts[2] / parts[3]).is_dir(), (path, module)


@pytest.mark.parametrize("path", MATHS_MODULES)
def test_the_maths_knows_no_library(path):
    others = {module.split(".")[0] for module in imported(path)} - PLAIN - {"refdgm"}
    assert not others, f"{path.name} imports {others}: take the namespace of the arguments"


@pytest.mark.parametrize("name", ["/".join(name) for name in MODULES if name[0] in CORE])
def test_the_declaration_needs_no_numpy_at_import(name):
    allowed = {"array_api_compat", "refdgm", "ctypes", "math", "inspect", *PLAIN}
    assert {m.split(".")[0] for m in imported(PACKAGE / f"{name}.py", at_import_only=True)} <= allowed


LEAVES = {"verdicts", "dtypes", "numbers", "noise", "conventions"}
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
}


@pytest.mark.parametrize("name", [pytest.param(n, id="/".join(n)) for n in MODULES
                                  if n[0] == "check" and len(n) > 1 and n[1] not in LEAVES | {"__init__"}])
def test_a_check_flows_in_one_direction(name):
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


@pytest.mark.parametrize("path", MATHS_MODULES)
def test_a_file_bears_the_name_of_its_reference(path):
    """Or of one of them, or the words that all of them share."""
    held = [name for name, ref in CATALOGUE.items() if Path(inspect.getsourcefile(ref.body)) == path]
    assert not held or path.stem in held or all(path.stem in name for name in held), (path.stem, held)


@pytest.mark.parametrize("path", sorted((ROOT / "validation").rglob("*.py")), ids=lambda path: path.stem)
def test_validation_needs_no_tests(path):
    assert "tests" not in {module.split(".")[0] for module in imported(path)}


DATA = {("evidence", "mistakes")}  # many small entries, read one by one
ONE_NAMESPACE = {("certify", "balls")}  # read as a module of array functions


@pytest.mark.parametrize("name", [pytest.param(n, id="/".join(n)) for n in MODULES])
def test_a_file_is_read_at_once(name):
    if (name[0], name[-1]) not in DATA | ONE_NAMESPACE:
        assert len(MODULES[name].read_text().splitlines()) <= 300, "/".join(name)


# --- what the maths may contain -------------------------------------------------------------------


def constants(path):
    """(node, its text) of every float literal."""
    text = path.read_text()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and type(node.value) is float:
            yield node, ast.get_source_segment(text, node)


@pytest.mark.parametrize("path", MATHS_MODULES)
def test_constants_are_exact(path):
    """A rounded constant would be certified as if it were the formula: 0.5 is one half, 0.1 is not one tenth."""
    for node, text in constants(path):
        exact = Fraction(text) == Fraction(node.value)
        assert exact, f"{path.name}:{node.lineno}: {text} is not exact; divide integers"
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Pow):
            both = [isinstance(side, ast.Constant) for side in (node.left, node.right)]
            assert not all(both), f"{path.name}:{node.lineno}: a quotient of literals is rounded by Python; use x / n"


def test_the_lint_of_constants_sees():
    assert Fraction("0.1") != Fraction(0.1) and Fraction("0.5") == Fraction(0.5) and Fraction("1e8") == Fraction(1e8)


@pytest.mark.parametrize("path", MATHS_MODULES)
def test_bars_are_cotangents(path):
    """`_bar` is for cotangents alone, and what a pullback takes is cotangents."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name == "pullback":
            taken = [argument.arg for argument in node.args.args]
            assert taken and all(name.endswith("_bar") or name == "wrt" for name in taken), (path.name, node.lineno)
        elif isinstance(node, ast.FunctionDef):
            assert not any(argument.arg.endswith("_bar") for argument in node.args.args), (path.name, node.name)


@pytest.mark.parametrize("name", [n for n, ref in CATALOGUE.items() if ref.differentiable])
def test_pullbacks_take_the_bars_of_the_declaration(name):
    from refdgm.cases import draw

    ref = CATALOGUE[name]
    case = draw(ref, 1)
    pullback = ref.body(*case.arguments().values(), **ref.resolved(case.options))[1]
    taken = pullback.__code__.co_varnames[: pullback.__code__.co_argcount]
    taken = [n for n in taken if n != "wrt"]
    assert len(taken) == len(ref.bars)
    if len(ref.result) > 1:
        assert taken == [f"{bar}_bar" for bar in ref.bars]
    assert not [n for n in (*ref.args, *ref.result) if n.endswith("_bar")]


@pytest.mark.parametrize("name", [pytest.param(n, id="/".join(n)) for n in MODULES])
def test_names_are_nouns(name):
    for node in ast.walk(ast.parse(MODULES[name].read_text())):
        if isinstance(node, ast.FunctionDef):
            assert not node.name.removeprefix("_").startswith(("get_", "compute_", "calc_", "calculate_")), node.name


@pytest.mark.parametrize("path", [pytest.param(path, id="/".join(name)) for name, path in MODULES.items()
                                  if name[0] in MATHS | CORE])
def test_every_module_and_public_function_says_what_it_is(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), path
    if path.stem != "domain":  # its builders are declarations by themselves
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node) or len(node.body) == 1, f"{path.name}: {node.name}"


# --- adding a reference ---------------------------------------------------------------------------

INDEX = (ROOT / "docs" / "derivations" / "README.md").read_text()
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").glob("*/test_*.py"))
BIBLIOGRAPHY = (ROOT / "docs" / "bibliography.bib").read_text()
SHARED: dict[str, str] = {}  # a reference whose page is that of another, which the index does not say


def derivation(name):
    """The page whose line in the index tells the reference, or a reference that shares its page."""
    name = SHARED.get(name, name)
    for line in INDEX.splitlines():
        if f"`{name}`" in line and "](" in line:
            return ROOT / "docs" / "derivations" / line.split("](")[1].split(")")[0]
    return None


def texts(ref):
    path = PACKAGE / "evidence" / find.concept(ref.name).replace(".", "/") / "definition.py"
    return path.read_text() if path.exists() else ""


def record(kind, ref):
    return ROOT / "validation" / "reports" / kind / f"{ref.name}.json"


NEEDED = {
    "an entry in a family": lambda ref: any(ref in family for family in FAMILIES.values()),
    "a test file that verifies it": lambda ref: f"verify({ref.name})" in TESTS,
    "a definition": lambda ref: f"\ndef {ref.name}(" in texts(ref) or f" as {ref.name}\n" in texts(ref),
    "mistakes": lambda ref: bool(find.mistakes(ref.name)),
    "rewrites": lambda ref: any(one.body.__module__.startswith("refdgm.evidence.") and one.body.__module__
                                != generic.__name__ for one in find.rewrites(ref.name)),
    "cases": lambda ref: bool(find.asks(ref.name)),
    "vectors": lambda ref: (ROOT / "validation" / "vectors" / f"{ref.name}.json").exists(),
    "a record of detection": lambda ref: record("detection", ref).exists(),
    "a record of accuracy": lambda ref: record("accuracy", ref).exists() or all(
        domain.support.integer for domain in ref.result.values()),
    "a derivation": lambda ref: (page := derivation(ref.name)) is not None and page.exists(),
    "a bibliography entry": lambda ref: f"{{{ref.source}," in BIBLIOGRAPHY,
}


HOLE = "✎"  # what a skeleton of validation/make/new.py leaves to be written


def holes(ref):
    """The files of a reference in which something is still to be written."""
    folder = PACKAGE / "evidence" / find.concept(ref.name).replace(".", "/")
    tests = [path for path in (ROOT / "tests").glob("*/test_*.py") if f"verify({ref.name})" in path.read_text()]
    paths = [Path(inspect.getsourcefile(ref.body)), *sorted(folder.glob("*.py")), *tests]
    paths += [page] if (page := derivation(ref.name)) else []
    found = [str(path.relative_to(ROOT)) for path in paths if path.exists() and HOLE in path.read_text()]
    found += ["docs/derivations/README.md"] if any(
        HOLE in line and f"`{ref.name}`" in line for line in INDEX.splitlines()) else []
    entries = BIBLIOGRAPHY.split("\n@")
    found += ["docs/bibliography.bib"] if any(HOLE in e and f"{{{ref.source}," in e for e in entries) else []
    return [f"what stands at {HOLE} in {path}" for path in found]


@pytest.mark.parametrize("name", CATALOGUE)
def test_nothing_was_forgotten(name):
    """Adding a reference: what is missing is named."""
    missing = [what for what, there in NEEDED.items() if not there(CATALOGUE[name])] + holes(CATALOGUE[name])
    assert not missing, f"{name} still needs {', '.join(missing)}"


def test_the_bibliography_is_whole():
    """Every entry is closed before the next one, and no key is there twice."""
    entries = re.split(r"^@", BIBLIOGRAPHY, flags=re.MULTILINE)[1:]
    assert [e.splitlines()[0] for e in entries if e.count("{") != e.count("}")] == []
    keys = [e.split("{")[1].split(",")[0] for e in entries]
    assert sorted({*keys}) == sorted(keys)


def test_nothing_is_left_over():
    """What was made for a reference that is no more."""
    defined = {".".join(path.parts[-3:-1]) for path in (PACKAGE / "evidence").glob("*/*/definition.py")}
    vectors = {path.stem for path in (ROOT / "validation" / "vectors").glob("*.json")} - {"schema"}
    records = {path.stem for path in (ROOT / "validation" / "reports").glob("*/*.json")}
    assert defined <= {*find.concepts()} and vectors | records <= CATALOGUE.keys()
    assert {*SHARED, *SHARED.values()} <= CATALOGUE.keys() and not any(f"`{name}`" in INDEX for name in SHARED)

"""Problems for benchmarks of kernels, read as such a benchmark reads them: by their keys, with the safetensors library,
their reference run in torch, and answers held against it by their own rule."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from refdgm.catalogue import CATALOGUE
from refdgm.check.export.arrays import exported
from refdgm.check.export.problems import problems
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.question import Question, Terms
from refdgm.cli.main import main

from ..turns import in_turn

torch = pytest.importorskip("torch")
safetensors = pytest.importorskip("safetensors.torch")
NAMES = ["gaussian_kl", "odeint", "sde_coefficients", "gumbel_max", "forward_marginal"]  # plain, θ and steps, two, ℤ, …
DTYPES = {"flashinfer": {"float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "bool"},
          "sol": {"float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "bool"}}
OUTSIDE = {"flashinfer": {"tags"}, "sol": set()}


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """A folder of each form, each reference exported once."""
    folder = tmp_path_factory.mktemp("problems")
    made = {}

    def once(ref, dtype, tolerances=True):
        if (ref.name, dtype) not in made:
            made[ref.name, dtype] = exported(ref, dtype, tolerances)
        return made[ref.name, dtype]

    with pytest.MonkeyPatch.context() as there:
        there.setattr("refdgm.check.export.arrays.exported", once)
        for form in DTYPES:
            assert main(["vectors", "export", *NAMES, str(folder / form), "--format", form]) == 0
    return folder


def loaded(exports, form):
    """(definition, workload, the folder that its paths start from), of every workload."""
    if form == "flashinfer":
        root = exports / form
        known = {one["name"]: one for one in map(read, root.glob("definitions/*/*.json"))}
        for file in root.glob("workloads/*/*.jsonl"):
            for trace in map(json.loads, file.read_text().splitlines()):
                assert trace.keys() == {"definition", "workload", "solution", "evaluation"}
                assert trace["solution"] is trace["evaluation"] is None and file.stem == trace["definition"]
                yield known[trace["definition"]], trace["workload"], root
    else:
        for file in (exports / form).glob("*/definition.json"):
            for line in (file.parent / "workload.jsonl").read_text().splitlines():
                yield read(file), json.loads(line), file.parent


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def run_of(definition):
    """`run`, after what the forms demand of its source."""
    (function,) = [node for node in ast.parse(definition["reference"]).body if isinstance(node, ast.FunctionDef)]
    assert function.name == "run" and [arg.arg for arg in function.args.args] == list(definition["inputs"])
    scope = {}
    exec(definition["reference"], scope)
    return scope["run"]


def given(definition, workload, root):
    """The inputs in their order."""
    tensors = []
    for name, spec in definition["inputs"].items():
        source = workload["inputs"][name]
        if source["type"] == "scalar":
            assert spec["shape"] is None and type(source["value"]) is int
            tensors.append(source["value"])
            continue
        x = safetensors.load_file(root / source["path"])[source["tensor_key"]]
        sizes = [definition["axes"][axis].get("value", workload["axes"].get(axis)) for axis in spec["shape"]]
        assert list(x.shape) == sizes and str(x.dtype) == f"torch.{spec['dtype']}", (definition["name"], name)
        tensors.append(x)
    return tensors


@pytest.mark.parametrize("form", DTYPES)
def test_the_keys_are_those_of_the_form(exports, form):
    count, uuids = 0, set()
    for definition, workload, _ in loaded(exports, form):
        assert definition.keys() - OUTSIDE[form] == {"name", "op_type", "description", "axes", "inputs", "outputs",
                                                     "reference"}
        assert definition["inputs"].keys() == workload["inputs"].keys()
        assert not definition["inputs"].keys() & (definition["outputs"].keys() | definition["axes"].keys())
        var = {axis for axis, spec in definition["axes"].items() if spec["type"] == "var"}
        assert var == workload["axes"].keys() and all(type(size) is int for size in workload["axes"].values())
        for spec in (*definition["inputs"].values(), *definition["outputs"].values()):
            assert spec["dtype"] in DTYPES[form] and set(spec["shape"] or ()) <= definition["axes"].keys()
        assert workload.keys() == {"uuid", "axes", "inputs"} | ({"tolerance"} if form == "sol" else set())
        uuids.add(workload["uuid"])
        count += 1
    assert len(uuids) == count > 100


@pytest.mark.parametrize("form", DTYPES)
def test_the_reference_runs_and_is_right_within_the_bound(exports, form):
    """Held against the certified numbers beside, whose bounds of each element are the judge's own."""
    indexes = [read(exports / form / f"refdgm.{name}.float32.json") for name in NAMES]
    told = {one["uuid"]: one for index in indexes for each in index["problems"]
            for one in each["workloads"]}
    for definition, workload, root in loaded(exports, form):
        answers = run_of(definition)(*given(definition, workload, root))
        answers = answers if isinstance(answers, tuple) else (answers,)
        entry = told.pop(workload["uuid"])
        right = safetensors.load_file(exports / form / entry["right"])
        for (name, spec), got in zip(definition["outputs"].items(), answers, strict=True):
            assert str(got.dtype) == f"torch.{spec['dtype']}" and got.shape == right[name].shape
            error = (got.double() - right[name].double()).abs()
            assert (error <= right[f"loose.{name}"]).all(), (definition["name"], entry["case"], name)
            assert (error <= entry["atol"] + entry["rtol"] * right[name].double().abs()).all()
            assert (right[f"strict.{name}"] <= right[f"loose.{name}"]).all()
        if form == "sol":
            assert workload["tolerance"] == {"max_atol": entry["atol"], "max_rtol": entry["rtol"],
                                             "required_matched_ratio": 1.0}
    assert not told, "every workload of the index is there"


def test_a_wrong_solution_is_refused_by_their_rule_and_what_the_judge_lets_pass_is_not(exports):
    """|got − reference| ≤ atol + rtol |reference| in float32, as such a benchmark compares."""

    def kl(mean, logvar, value_bar, factor=0.5):
        mean, logvar = mean.requires_grad_(), logvar.requires_grad_()
        with torch.enable_grad():
            value = factor * (mean**2 + logvar.exp() - 1 - logvar).sum(-1)
        return (value.detach(), *torch.autograd.grad(value, (mean, logvar), value_bar))

    def passes(solution, definition, workload, root):
        inputs = given(definition, workload, root)
        pairs = zip(solution(*inputs), run_of(definition)(*[x.detach() for x in inputs]), strict=True)
        bound = workload["tolerance"]
        return all(bool(((x - y).abs() <= bound["max_atol"] + bound["max_rtol"] * y.abs()).all()) for x, y in pairs)

    mine = [one for one in loaded(exports, "sol") if one[0]["name"] == "refdgm_gaussian_kl_float32"]
    assert len(mine) > 15 and all(passes(kl, *one) for one in mine)
    wrong = [passes(lambda *x: kl(*x, factor=1.0), *one) for one in mine]
    assert sum(wrong) <= 2, "but where the divergence is next to nothing"


def test_a_solution_is_checked_without_refdgm_where_the_tensors_suffice(exports):
    """The files of one problem, in a process that cannot import refdgm."""
    folder = exports / "sol" / "refdgm_gaussian_kl_float32"
    code = """
import json, sys
import safetensors.torch as st
sys.modules["refdgm"] = None
for line in open("workload.jsonl"):
    w = json.loads(line)
    x = {n: st.load_file(s["path"])[s["tensor_key"]].double() for n, s in w["inputs"].items()}
    right = st.load_file(w["uuid"] + ".right.safetensors")
    value = ((x["mean"]**2 + x["logvar"].expm1() - x["logvar"]) / 2).sum(-1)
    assert ((value - right["value"]).abs() <= right["loose.value"]).all(), w["uuid"]
"""
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, timeout=120)
    assert (folder / "reference.py").read_text() == read(folder / "definition.json")["reference"]


def test_what_cannot_be_said_is_listed_with_its_reason(exports):
    index = read(exports / "sol" / "refdgm.gaussian_kl.float32.json")
    held = {w["case"] for one in index["problems"] for w in one["workloads"]}
    left = {one["id"]: one["why"] for one in index["left_out"]}
    assert held | left.keys() == {case.id for case in shipped(CATALOGUE["gaussian_kl"])} and not held & left.keys()
    assert all(left.values()) and len(left) == 2


def test_infinite_answers_and_bounds_are_left_out():
    ref = CATALOGUE["gaussian_kl"]
    arrays = {"001/input.mean": np.zeros((1, 2)), "001/input.logvar": np.zeros((1, 2)),
              "001/cotangent.value": np.ones(1)}
    told = {"case": "001", "options": {}, "comment": "", "certified": True}
    roles = {"output.value": np.ones(1), "gradient.mean": np.ones((1, 2)), "gradient.logvar": np.ones((1, 2))}
    right = {f"001/{role}": x for role, x in roles.items()}
    right |= {f"001/{kind}.{role}": 0 * x for kind in ("strict", "loose") for role, x in roles.items()}

    def why(**more):
        made = SimpleNamespace(index={"not_asked": [], "cases": [told]}, questions=arrays, right=right | more)
        found, left = problems(ref, "float32", made)
        return left[0]["why"] if left else len(found[0].workloads)

    assert why() == 1
    assert "infinite" in why(**{"001/output.value": np.full(1, np.inf)})
    assert "no bound" in why(**{"001/loose.gradient.mean": np.full((1, 2), np.inf)})


@pytest.mark.parametrize("name", in_turn(CATALOGUE))
def test_a_reference_makes_problems_whose_source_runs(name):
    """Without the bounds, which are costly: names, shapes, dtypes, and each output in its place."""
    ref, dtype = CATALOGUE[name], "float32"
    made, right = exported(ref, dtype, False), {}
    for case in shipped(ref):
        question = Question(ref, case, Terms(tuple(ref.result), ref.wrt), dtype)
        for role, x in {} if question.meaningless else question.expected.items():
            number = case.id.rpartition("/")[2]
            right |= {f"{number}/{role}": x, f"{number}/strict.{role}": 0 * x, f"{number}/loose.{role}": 0 * x}
    found, _ = problems(ref, dtype, SimpleNamespace(index=made.index, questions=made.questions, right=right))
    assert len({one.name for one in found}) == len(found) > 0
    for one in found:
        assert not one.inputs.keys() & (one.outputs.keys() | one.axes.keys()), one.name
        workload = one.workloads[0]
        tensors = {n: torch.from_numpy(np.array(x)) for n, x in workload.inputs.items()} | workload.scalars
        answers = run_of({"reference": one.reference, "inputs": one.inputs})(*[tensors[n] for n in one.inputs])
        answers = answers if type(answers) is tuple else (answers,)
        for (output, spec), got in zip(one.outputs.items(), answers, strict=True):
            known = workload.right[output]
            assert (got.shape, str(got.dtype)) == (known.shape, f"torch.{spec['dtype']}"), (one.name, output)
            error = np.abs(got.numpy() - known).max(initial=0)
            assert error <= 1e-2 * np.abs(known).max(initial=1e-3), (one.name, output)


@pytest.mark.parametrize("words, told", [
    (("--format", "flashinfer", "--dtype", "float64"), "flashinfer is written in float32, got --dtype float64"),
    (("--format", "sol", "--dtype", "bfloat16"), "--format sol is written in float32 or float64, got --dtype bfloat16"),
    (("--format", "sol", "--format", "npz"), "--format sol fills a folder of its own, got npz beside it"),
    (("--format", "npz", "--format", "sol"), "--format sol fills a folder of its own, got npz beside it"),
    (("--format", "sol", "--questions-only"), "--questions-only measures none; leave it out"),
])
def test_what_has_no_meaning(words, told, tmp_path, capsys):
    assert main(["vectors", "export", "gaussian_kl", str(tmp_path / "out"), *words]) == 2
    assert told in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_nothing_is_overwritten(exports, capsys):
    before = {path: path.read_bytes() for path in (exports / "sol").rglob("*") if path.is_file()}
    assert main(["vectors", "export", "gaussian_kl", str(exports / "sol"), "--format", "sol"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert before == {Path(path): path.read_bytes() for path in (exports / "sol").rglob("*") if path.is_file()}

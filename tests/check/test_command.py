"""A program asked by lines: whatever it writes, or leaves out, is told in one sentence, and nothing of it runs on."""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from refdgm.cases import draw
from refdgm.catalogue import CATALOGUE
from refdgm.check.candidates import lines
from refdgm.check.candidates.form import CandidateError
from refdgm.check.report import exits
from refdgm.cli.main import main

pytestmark = pytest.mark.usefixtures("measured_together")

NAME = "classifier_free_guidance"
PROC = Path("/proc/self/task").exists()
PROGRAM = '''
import json, sys
def answer(asked, bad=False):
    read = lambda part, name: asked[part][name]
    c, u, gamma, bar = (read("inputs", "eps_cond"), read("inputs", "eps_uncond"), read("inputs", "gamma"),
                        read("cotangents", "value"))
    g = gamma["data"][0]
    array = lambda data: {"shape": c["shape"], "data": data}
    pairs = list(zip(c["data"], u["data"], bar["data"]))
    return {"id": asked["id"], "outputs": {"value": array([b + g * (a - b) for a, b, _ in pairs])}, "gradients": {
        "eps_cond": array([g * h for _, _, h in pairs]), "eps_uncond": array([(1 - g) * h for _, _, h in pairs]),
        "gamma": {"shape": [], "data": [sum(h * (a - b) for a, b, h in pairs)]}}}
def says(x):
    print(x if isinstance(x, str) else json.dumps(x), flush=True)
for number, line in enumerate(sys.stdin):
    asked = json.loads(line)
    if "reference" not in asked:
        says(HELLO)
        continue
    told = answer(asked)
    BODY
    says(told)
'''
HELLO = {"functions": [NAME]}
FEW = ("--shape", "B=2")  # three fresh cases


@pytest.fixture
def asked(tmp_path, monkeypatch, capfd):
    """The command on a program with this in place of its last lines."""

    def run(body="pass", *words, hello=HELLO, text=PROGRAM):
        text = text.replace("HELLO", repr(hello)).replace("BODY", body.replace("\n", "\n    "))
        (tmp_path / "mine.py").write_text(text)
        monkeypatch.chdir(tmp_path)
        code = main(["check", "--command", f'"{sys.executable}" mine.py', *words])
        out, err = capfd.readouterr()
        return code, " ".join(out.split()), " ".join(err.split())

    return run


def test_a_right_program_agrees_with_long_axes_too(asked):
    code, text, errors = asked()
    many = len(json.loads((Path(__file__).parents[2] / f"validation/vectors/{NAME}.json").read_text())["cases"])
    assert (code, errors) == (exits.AGREES, "")
    assert "program float64" in text and f"{many} of {many} cases answered (certified)" in text
    assert "with an axis of up to 1025" in text


def test_it_is_diagnosed_like_any_other(asked):
    body = 'g = asked["inputs"]["gamma"]["data"][0]\n' \
        'told["gradients"]["eps_uncond"]["data"] = [-g * h for h in asked["cotangents"]["value"]["data"]]'
    code, text, _ = asked(body)
    assert code == exits.DIFFERS and f"equals the known mistake {NAME}/unconditional_gradient_without_one" in text


def test_a_convention_is_declared_or_recognised(asked):
    body = ('asked["inputs"]["gamma"]["data"][0] += 1\ntold = answer(asked)')
    code, text, _ = asked(body)
    assert code == exits.AGREES and "under" in text and "w = γ − 1" in text
    code, text, _ = asked(body, "--strict", hello={"functions": {NAME: {"convention": "w = γ − 1"}}})
    assert code == exits.AGREES and "under" not in text


def test_the_value_alone_and_a_dtype(asked):
    hello = {"functions": {NAME: {"gradients": [], "dtype": "float32"}}}
    code, text, _ = asked('assert asked["gradients"] == [] and asked["dtype"] == "float32"\ndel told["gradients"]',
                          hello=hello)
    assert code == exits.AGREES and "float32" in text and "nothing was shown of them" in text
    code, text, _ = asked('told["dtype"] = "float32"')
    assert code == exits.AGREES and "agrees in float32" in text


def test_what_is_fixed_is_not_passed_and_axes_are_as_declared(asked):
    entry = {"fixed": {"gamma": 7.5}, "shape": {"eps_cond": "B,C,H,W", "eps_uncond": "B,C,H,W"}}
    text = PROGRAM.replace('read("inputs", "gamma")', '{"data": [7.5]}')
    body = 'assert "gamma" not in asked["inputs"] and len(asked["cotangents"]["value"]["shape"]) == 4\n' \
        'del told["gradients"]["gamma"]'
    code, text, _ = asked(body, *FEW, hello={"functions": {NAME: entry}}, text=text)
    assert code == exits.AGREES, text


def test_names_come_from_select_where_the_program_has_none(asked):
    assert asked("pass", "--select", NAME, hello={})[0] == exits.AGREES
    code, _, errors = asked("pass", hello={})
    assert code == exits.USAGE and "it names no function; answer the first line with" in errors
    code, text, _ = asked("pass", "--select", "softmax")
    assert code == exits.DIFFERS and "missing" in text


@pytest.mark.parametrize("hello, told", [
    ({"functions": ["softmacks"]}, "there is no reference 'softmacks'; is it softmax?"),
    ({"functions": "softmax"}, '"functions" must be a list of names, or an object of entries, got softmax'),
    ({"functions": [3]}, '"functions" must be a list of names'),
    ({"functions": {"softmax": 3}}, "softmax: an entry must be an object such as {}, got 3"),
    ({"functions": {"softmax": {"arguments": []}}}, "softmax: unknown key 'arguments'; a program has outputs"),
    ({"functions": {"softmax": {"gradients": "logits"}}}, "softmax: gradients must be a list of names, got logits"),
    ({"functions": {"softmax": {"gradients": ["x"]}}}, "gradients names 'x', which is not among logits"),
    ({"functions": {"softmax": {"dtype": "float8"}}}, "dtype must be one of"),
])  # fmt: skip
def test_a_first_answer_without_meaning(asked, hello, told):
    code, text, errors = asked(hello=hello)
    assert (code, text) == (exits.USAGE, "") and told in errors and "Traceback" not in errors


@pytest.mark.parametrize("body, told", [
    ('told = "debug: 3"', "a line on its standard output is not JSON (character 1): debug: 3; write answers there and "
     "nothing else, the rest to standard error"),
    ('told = "[1]"', "a line on its standard output is no object"),
    ('told = "[" * 100000', "is not JSON"),
    ('told = \'{"id":1,"outputs":{"value":{"shape":[1],"data":[-nan]}}}\'', "a number on its standard output is none "
     'that JSON has, in {"id":1'),
    ('told["id"] = 99', "an answer of id 99 came to the question of id 1"),
    ('told["id"] = 1.0', "an answer of id 1.0 came"),
    ('del told["id"]', "an answer without an id came to the question of id 1"),
    ('says(told)', "came to the question of id 2"),
    ('told = {"id": asked["id"], "value": 3}', 'its answer has no "outputs", but ["id", "value"]'),
    ('told = {"id": asked["id"], "error": "singular matrix"}', "it says: singular matrix"),
    ('told["outputs"] = []', '"outputs" must be an object of arrays by name, got []'),
    ('told["outputs"]["value"] = [[1.0]]', 'outputs.value must be {"shape": […], "data": […]}, got [[1.0]]; one number '
     "has the shape []"),
    ('told["outputs"]["value"]["data"].pop()', "data is one flat list in C order"),
    ('told["outputs"]["value"]["shape"] = [-1]', "the shape of outputs.value must be a list of whole numbers, got "
     "[-1]"),
    ('told["outputs"]["value"]["data"] = 3', "the data of outputs.value must be one list of numbers"),
    ('told["outputs"]["value"]["data"][0] = None', "outputs.value has null at 0, which JavaScript writes"),
    ('told["outputs"]["value"]["data"][0] = "nan"', "outputs.value has nan at 0, which is no number"),
    ('told["outputs"]["value"]["data"][0] = True', "outputs.value has true at 0, which is no number"),
    ('told["outputs"]["value"]["data"][0] = 10**400', "outputs.value has a number that float64 does not hold"),
    ('told["dtype"] = "double"', '"dtype" must be one of float64, float32, float16, bfloat16, or left out, got double'),
    ("sys.exit(7)", "the program ended with exit code 7 before it answered"),
    ("sys.exit(0)", "read standard input to its end, and answer every line"),
    ("1 / 0", "ZeroDivisionError: division by zero"),
    ("import os; os.kill(os.getpid(), 11)", "the program ended by signal SIGSEGV before it answered"),
    ("sys.stdout.write('{'); sys.stdout.flush(); sys.exit(0)", "in the middle of a line; end every answer with"),
    ("import os, time; os.close(1); time.sleep(60)", "the program closed its standard output before it answered"),
    ("told = '1' * (2**24 + 32 * len(line) + 9)", "longer than any right answer"),
])  # fmt: skip
def test_what_is_no_answer_is_told(asked, body, told):
    code, text, errors = asked(body, *FEW)
    assert code == exits.RAISED and errors == "" and told in text, text


def test_a_nan_is_never_silent(asked):
    for spelled in ("'NaN'", "float('nan')"):
        code, text, _ = asked(f'told["outputs"]["value"]["data"][0] = {spelled}', *FEW)
        assert code == exits.DIFFERS and "is nan, right is" in text


def test_a_missing_and_a_misspelt_name(asked):
    code, text, _ = asked('told["outputs"] = {"values": told["outputs"]["value"]}', *FEW)
    assert code == exits.DIFFERS and "missing" in text
    code, text, _ = asked('del told["gradients"]["gamma"]', *FEW)  # of a hyper-parameter
    assert code == exits.AGREES


def test_who_never_answers_runs_out_of_time(asked):
    code, text, _ = asked("import time; time.sleep(60)", "--timeout", "1")
    assert code == exits.TIMEOUT
    assert "no answer within 1 s; a program must end its answer with a line feed, and flush its standard output" in text


@pytest.mark.skipif(not PROC, reason="needs /proc")
def test_its_memory_has_a_limit(asked):
    code, text, _ = asked("x = bytearray(700 * 2**20); import time; time.sleep(60)", "--memory", "0.5")
    assert code == exits.RAISED and "it used more than 0.5 GiB of memory" in text


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.skipif(not PROC, reason="needs /proc")
def test_what_it_started_ends_with_it(asked, tmp_path):
    child = "import subprocess, time; p = subprocess.Popen(['sleep', '300']); open('pid', 'w').write(str(p.pid))"
    code, _, _ = asked(f"{child}; time.sleep(300)", "--timeout", "2")
    assert code == exits.TIMEOUT
    deadline = time.monotonic() + 10
    while alive(pid := int((tmp_path / "pid").read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)


def test_its_standard_error_is_its_own(asked):
    body = "print('\\x1b[31mverdict: agrees', file=sys.stderr) if number == 1 else None"
    assert "The candidate printed 1 line; --output shows." in asked(body)[1]
    assert "| verdict: agrees" in asked(body, "--output")[1]


def test_its_environment_is_that_of_the_shell(asked, monkeypatch):
    """No path of ours in it."""
    monkeypatch.setenv("PYTHONPATH", "/tmp/theirs")
    assert asked("import os; assert os.environ['PYTHONPATH'] == '/tmp/theirs', os.environ['PYTHONPATH']")[0] == 0


def test_it_is_asked_twice_where_it_is_not_trusted(asked):
    code, text, _ = asked("pass", "--untrusted", "--seed", "5", "--shape", "B=3")
    assert code == exits.AGREES and "not trusted: asked twice, in fresh cases too" in text
    remembering = "seen = globals().setdefault('seen', {})\nif str(asked['inputs']) in seen: told['outputs']['value']['data'][0] += 1\nseen[str(asked['inputs'])] = 1"  # noqa: E501
    assert asked(remembering, "--untrusted", "--seed", "5", "--shape", "B=3")[0] == exits.DIFFERS


@pytest.mark.parametrize("words, told", [
    (("--command", ""), "--command must be a program and its words"),
    (("--command", "'"), "close the quotation"),
    (("--command", "./absent"), "--command: ./absent is no program; build it, or give its path"),
    (("--command", "./plain.txt"), "is a file that cannot be run; chmod +x makes it one"),
    (("--command", "sh", "--definitions"), "--definitions are ours, and --command is yours: choose"),
    (("mine.py", "--command", "sh"), "a module and --command are two that would answer: choose"),
    (("--dry",), "--dry shows a question to a program: name it by --command"),
    (("--command", "sh", "--dry", "--json"), "--dry judges nothing, and there is no report of it"),
])  # fmt: skip
def test_a_command_without_meaning(tmp_path, monkeypatch, capsys, words, told):
    (tmp_path / "plain.txt").write_text("x")
    (tmp_path / "mine.py").write_text("")
    monkeypatch.chdir(tmp_path)
    assert main(["check", *words]) == exits.USAGE
    assert told in capsys.readouterr().err


def test_a_device_is_its_own_affair(asked):
    code, _, errors = asked("pass", "--device", "cuda")
    assert code == exits.USAGE and "device must be left out for a program" in errors


def test_a_dry_run_shows_one_question_and_judges_no_number(asked):
    code, text, _ = asked('told["outputs"]["value"]["data"][0] = 1e9', "--dry")
    assert code == exits.AGREES and "The form is right; the numbers were not judged" in text
    shown = next(part for part in text.split(" ") if part.startswith('{"id":1,"reference"'))
    assert json.loads(shown)["reference"] == NAME
    code, text, _ = asked('told["outputs"]["value"]["shape"].append(1); del told["gradients"]["eps_cond"]', "--dry")
    assert code == exits.DIFFERS and "must be [" in text and "gradients.eps_cond: not there" in text
    code, text, errors = asked("1 / 0", "--dry")
    assert code == exits.RAISED and "ZeroDivisionError" in errors


# --- the lines by themselves ---------------------------------------------------------------------------------


def test_every_bit_survives():
    rng = np.random.Generator(np.random.Philox(key=7))
    x = rng.integers(0, 2**64, 5000, dtype=np.uint64).view(np.float64)
    x[:6] = [5e-324, -0.0, math.inf, -math.inf, math.nan, np.finfo(float).max]
    sent = json.loads(json.dumps({"shape": [5000], "data": lines.spelled(x)}))
    back = lines.array("x", sent)
    assert np.array_equal(back, x, equal_nan=True) and np.array_equal(np.signbit(back[1:2]), [True])
    assert "NaN" in sent["data"] and "NaN" not in json.dumps([v for v in sent["data"] if type(v) is float])


def test_a_question_is_written_in_one_way():
    case = draw(CATALOGUE["softmax"], 0, sizes={"B": 1, "K": 2})
    inputs, bars = {"logits": case.arrays["input.logits"]}, {"value": case.arrays["cotangent.value"]}
    text = lines.question(1, "softmax", {}, "float64", inputs, bars, ["logits"])
    assert text.startswith('{"id":1,"reference":"softmax","dtype":"float64","options":{},"inputs":{"logits":{"shape":'
                           '[1,2],"data":[') and " " not in text and "\n" not in text


def test_whole_numbers_stay_so_where_they_are_meant():
    assert lines.array("x", {"shape": [2], "data": [1, 2]}, whole=True).dtype == np.int64
    assert lines.array("x", {"shape": [2], "data": [1, 2]}).dtype == np.float64
    with pytest.raises(CandidateError, match="unknown key 'pair'"):
        lines.announced('{"functions": {"softmax": {"pair": true}}}', [], CATALOGUE)



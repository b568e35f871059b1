"""`refdgm check --report FILE.html`: one page, with nothing to fetch, that no candidate can write into."""

import re
import subprocess
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest

from refdgm.check.judging.checked import Result
from refdgm.check.judging.compare import Outcome
from refdgm.check.report.html import _point, typeset
from refdgm.cli.main import main

HOSTILE = '''
import autograd.numpy as np


def softmax(logits):
    e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def log_softmax(logits):
    raise ValueError("<script>steal()</script> & <b onclick='x'>")


def gaussian_kl(mean, logvar):
    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1)


CANDIDATES = {"softmax": softmax, "log_softmax": log_softmax, "gaussian_kl": gaussian_kl}
'''
EMPTY = {"meta", "circle", "polyline"}


class Read(HTMLParser):
    """What is open, every tag, all text."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], set(), set(), ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "hostile.py").write_text(HOSTILE)
    assert main(["check", str(folder / "hostile.py"), "--report", str(folder / "report.html")]) == 1
    return folder / "report.html"


def test_it_is_whole_and_nothing_of_a_candidate_is_markup(page):
    read = Read()
    read.feed(text := page.read_text(encoding="utf-8"))
    assert read.open == [] and not {"script", "link", "img", "iframe", "object"} & read.tags
    assert not {name for name in read.attributes if name.startswith("on") or name in ("src", "href")}
    assert "http" not in text and "url(" not in text and "@import" not in text
    assert "<script>steal()</script> & <b onclick='x'>" in read.text


def test_what_it_says(page):
    read = Read()
    read.feed(text := page.read_text(encoding="utf-8"))
    assert re.findall(r'<section class="(\w+)"', text) == ["no", "no", "yes"], "what differs stands first"
    assert "✗ gaussian_kl" in read.text and "the known mistake gaussian_kl/missing_half" in read.text
    assert read.text.count("the known mistake gaussian_kl/missing_half") == 1
    assert "J = ½ Σ<sub>d</sub> (μ<sub>d</sub>² + e<sup>λ<sub>d</sub></sup> − 1 − λ<sub>d</sub>)" in text
    assert text.count("<svg") == 2, "where nothing was answered there is nothing to draw"
    assert text.count("<circle") > 100 and text.count("<polyline") == 2


def test_a_wrong_one_stands_above_the_line(page):
    """Every point of the value without its half, of those that are not zero; the line is C times one more roundoff."""
    text = page.read_text(encoding="utf-8")
    wrong = text[text.index("✗ gaussian_kl"):text.index("✓ softmax")]
    line = [tuple(map(float, point.split(","))) for point in re.search(r'points="(.*?)"', wrong)[1].split()]
    height = lambda x: next(y for x1, y in line if x1 >= x)
    points = re.findall(r'<circle class="no" cx="([^"]*)" cy="([^"]*)" r="3"><title>output.value in', wrong)
    assert len(points) > 15 and all(float(y) < height(float(x)) for x, y in points)


@pytest.mark.parametrize(("got", "right", "error"), [
    (np.inf, np.inf, 0), (-np.inf, np.inf, 17), (np.nan, 1.0, 17), (1.0, np.inf, 17), (1.0, 0.0, 17), (0.0, 0.0, 0),
    (1 + 2.0**-43, 1.0, np.log10(2**10)), (3.0, 3.0, 0),
])
def test_what_is_no_number_stands_at_the_top_and_what_is_right_at_the_bottom(got, right, error):
    tolerance = SimpleNamespace(dtype="float64", measured=lambda role, at: 0.0)
    case = SimpleNamespace(case=SimpleNamespace(id="softplus/001"))
    outcome = Outcome("output.value", "agrees", got=got, expected=right)
    at = _point(Result(case, "agrees", tolerance=tolerance), outcome)
    assert at[0] == 0 and abs(at[1] - error) < 1e-12


@pytest.mark.parametrize(("text", "made"), [
    ("e^{ℓ_j − ℓ_k}", "e<sup>ℓ<sub>j</sub> − ℓ<sub>k</sub></sup>"), ("x_t", "x<sub>t</sub>"),
    ("gumbel_softmax/tau_on_noise", "gumbel_softmax/tau_on_noise"), ("a < b^2", "a &lt; b<sup>2</sup>"),
    ("z_bar_b and x_bar₀", '<span class="bar">z</span><sub>b</sub> and <span class="bar">x</span>₀'),
    ("ε_hat_t of tau_bar", "ε_hat<sub>t</sub> of tau_bar"),
])
def test_formulas(text, made):
    assert typeset(text) == made


def test_what_is_no_page_of_ours_is_not_written_over(page, tmp_path, capsys):
    (other := tmp_path / "mine.html").write_text("<!doctype html>\n<p>mine")
    candidate = str(page.parent / "hostile.py")
    assert main(["check", candidate, "--select", "softmax", "--report", str(other)]) == 2
    assert "no report of refdgm" in capsys.readouterr().err and other.read_text().endswith("mine")
    assert main(["check", candidate, "--select", "softmax", "--report", str(page)]) == 0
    assert "gaussian_kl" not in page.read_text(encoding="utf-8")


@pytest.mark.needs("Chromium")
def test_a_browser_opens_it(page, tmp_path):
    from shutil import which

    program = which("chromium") or which("google-chrome")
    done = subprocess.run([program, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                           f"--user-data-dir={tmp_path}", page.as_uri()], capture_output=True, text=True, timeout=120,
                          check=True)
    assert "<svg" in done.stdout and "✓ softmax" in done.stdout

"""The manual is made without a warning, holds what it should, asks nothing of a network, and its formulas are set."""

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refdgm import CATALOGUE

ROOT = Path(__file__).resolve().parents[2]
KATEX = ROOT / "docs" / "static" / "katex"
TEX = re.compile(r'<(span|div) class="tex">(.*?)</\1>', re.S)
pytestmark = pytest.mark.needs("sphinx", "furo", "myst_parser")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The manual, made by its command."""
    folder = tmp_path_factory.mktemp("site")
    made = subprocess.run([sys.executable, str(ROOT / "docs" / "build.py"), str(folder)], capture_output=True,
                          text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


def pages(site):
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


def test_every_reference_and_every_derivation_has_its_page(site):
    found = pages(site)
    assert {f"references/{name}.html" for name in CATALOGUE} <= found.keys()
    derivations = [path.stem for path in (ROOT / "docs" / "derivations").glob("*.md")]
    assert {f"derivations/{stem}.html" for stem in derivations} <= found.keys()
    for path in (ROOT / "docs" / "derivations").glob("*.md"):
        text, page = path.read_text(encoding="utf-8"), found[f"derivations/{path.stem}.html"]
        assert page.count("Known mistake, caught here") == text.count("<summary>⚠ <code>"), path
        for step in re.findall(r"<summary>(?:✓|definition) <code>(\S+)</code>", text):
            assert f'id="step-{step}"' in page, f"{path}: {step}"


def test_equations_and_code_lead_to_each_other(site):
    page = (site / "references" / "gumbel_softmax.html").read_text(encoding="utf-8")
    for number in range(1, 6):
        assert f'id="eq-{number}" href="#code-{number}"' in page
        assert f'id="code-{number}" href="#eq-{number}"' in page
    assert 'derivations/gumbel_softmax.html#step-tau-package"' in page


def test_links_lead_somewhere(site):
    """Every file and every place of a file that a page of ours leads to."""
    found = pages(site)
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in found.items()}
    wrong = []
    for name, text in found.items():
        for target in re.findall(r'<a [^>]*\bhref="([^"]+)"', text):
            path, _, place = html.unescape(target).partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            to = (site / name).parent.joinpath(path).resolve() if path else site / name
            key = to.relative_to(site.resolve()).as_posix() if path else name
            if not to.exists() or (place and key in ids and place not in ids[key]):
                wrong.append(f"{name}: {target}")
    assert wrong == []


def test_nothing_is_asked_of_a_network(site):
    """No script, style, picture or fount from elsewhere."""
    for name, text in pages(site).items():
        assert re.findall(r'<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]*"', text) == [], name
    for path in (*site.rglob("*.css"), site / "_static" / "manual.js"):
        assert re.findall(r"url\(\s*[\"']?(?:https?:)?//|@import", path.read_text(encoding="utf-8")) == [], path
    assert len(list((site / "_static" / "katex" / "fonts").glob("*.woff2"))) == 20


@pytest.mark.needs("Node")
def test_every_formula_can_be_set(site):
    """By the KaTeX of the manual, which is asked to refuse what it does not know."""
    formulas = sorted({(kind == "div", html.unescape(tex)) for text in pages(site).values()
                       for kind, tex in TEX.findall(text)})
    assert len(formulas) > 2000
    program = """const katex = require(process.argv[1]), bad = [];
        for (const [displayMode, tex] of JSON.parse(require("fs").readFileSync(0))) {
          try { katex.renderToString(tex, {displayMode, strict: "ignore"}) } catch (e) { bad.push(tex + ": " + e) }
        }
        console.log(JSON.stringify(bad))"""
    asked = json.dumps([*formulas, (True, r"\unknown{x}")])
    said = subprocess.run(["node", "-e", program, str(KATEX / "katex.min.js")], input=asked, capture_output=True,
                          text=True, check=True)
    refused = json.loads(said.stdout)
    assert len(refused) == 1 and refused[0].startswith(r"\unknown{x}"), refused


@pytest.mark.needs("Chromium")
@pytest.mark.parametrize("page", ["index.html", "derivations/gaussian_kl.html", "references/elbo.html"])
def test_a_browser_sets_all_of_it(site, page):
    seen = browse(site / page)
    assert 'class="tex unset"' not in seen
    assert seen.count('class="tex set"') == len(TEX.findall((site / page).read_text(encoding="utf-8")))


@pytest.mark.needs("Chromium")
def test_the_search_finds(site):
    assert "references/gumbel_softmax.html" in browse(site / "search.html", "?q=gumbel_softmax")


def browse(path, query=""):
    """The document as a browser has it once its scripts have run, without a network."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    return subprocess.run(
        [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
         "--virtual-time-budget=20000", "--dump-dom", path.as_uri() + query],
        capture_output=True, text=True, check=True, timeout=120).stdout

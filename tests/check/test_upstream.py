"""Reports that are ready to be sent: short, at the version of the record, and what they print is what comes."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "validation" / "reports" / "upstream"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?|nan")
FORM = re.compile(r"# (.+)\n\nHello, and thank you for .+?\. With ([\w-]+) ([\d.]+\d)[ ,].*\n\n"
                  r"```python\n([^`]+)```\n\nprints\n\n```text\n([^`]+)```\n\nExpected: .+\n\nWhy: .+", re.DOTALL)
OF_A_RUN = {"pytorch": "torch"}  # what is installed under another name


def parts(path):
    """Title, library, version, lines and what they print."""
    return FORM.fullmatch(path.read_text(encoding="utf-8")).groups()


def there(library, version):
    try:
        return metadata.version(OF_A_RUN.get(library.lower(), library)).partition("+")[0] == version
    except metadata.PackageNotFoundError:
        return False


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_report_is_short_and_of_a_fault_that_is_told(path):
    title, library, version, code, printed = parts(path)
    assert len(title) <= 100 and len(code.splitlines()) <= 8 and printed.strip() and code.count("print(") == 1
    told = (ROOT / "docs" / "public-code.md").read_text(encoding="utf-8")
    assert library.replace("scikit-", "sk") in told and version in told
    assert f"]({path.name})" in (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [path for path in PAGES if there(*parts(path)[1:3])], ids=lambda path: path.stem)
def test_what_a_report_prints_is_what_comes(path):
    *_, code, printed = parts(path)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found, told = (list(map(float, NUMBER.findall(text))) for text in (run.stdout, printed))
    assert found == pytest.approx(told, rel=1e-5, nan_ok=True) and NUMBER.sub("", run.stdout) == NUMBER.sub("", printed)

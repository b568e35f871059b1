"""The page on tests and CI: its commands run, and say what it says."""

import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
SHELL = [line for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S) for line in block.splitlines()]
TOML = re.search(r"^```toml\n(.*?)^```$", PAGE, re.M | re.S)[1]


def run(folder, line):
    loaded = any(point.name == "refdgm" for point in entry_points(group="pytest11"))
    plugin = "" if loaded else " -p refdgm.testing.plugin"
    script = re.sub("^refdgm ", f'"{sys.executable}" -m refdgm ', line)
    script = re.sub("^pytest ", f'"{sys.executable}" -m pytest -p no:cacheprovider{plugin} ', script)
    return subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_the_commands_find_the_clamp_and_accept_it_where_it_is_meant(tmp_path):
    (tmp_path / "losses").mkdir()
    for place in (tmp_path, tmp_path / "losses"):
        (place / "my_losses.py").write_text(PYTHON[0])
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    assert len(SHELL) == 6
    for line in SHELL[:1] + SHELL[3:]:
        assert run(tmp_path, line).returncode == 1, line
    assert run(tmp_path, SHELL[1]).returncode == 0  # case 013 has no such element
    assert "gaussian\\_kl" in (tmp_path / "summary.md").read_text()
    assert "::error file=my_losses.py,line=5," in run(tmp_path, SHELL[5]).stdout
    (tmp_path / "refdgm.toml").write_text(TOML)
    done = run(tmp_path, SHELL[2])
    assert done.returncode == 0 and "xfailed" in done.stdout and (tmp_path / "junit.xml").exists(), done.stdout
    assert run(tmp_path, SHELL[5]).returncode == 0
    (tmp_path / "refdgm.toml").unlink()
    (tmp_path / "my_losses.py").write_text("\n".join(PYTHON))
    done = run(tmp_path, "refdgm check my_losses.py")
    assert done.returncode == 0 and "differs as expected: clamps logvar at −3 on purpose" in done.stdout, done.stdout

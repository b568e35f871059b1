"""The wheel alone, in a bare environment and outside the checkout, answers `refdgm check`."""

import os
import subprocess
import sys
from pathlib import Path

from refdgm.evidence.find import mistakes

CHECKOUT = Path(__file__).resolve().parents[1]


def run(*command: str, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_wheel_is_whole(tmp_path):
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(CHECKOUT), cwd=tmp_path)
    (wheel,) = tmp_path.glob("refdgm-*.whl")
    run(sys.executable, "-m", "venv", str(tmp_path / "bare"), cwd=tmp_path)
    python = str(tmp_path / "bare" / "bin" / "python")
    run(python, "-m", "pip", "install", "-q", f"{wheel}[check]", cwd=tmp_path)

    where = run(python, "-c", "import refdgm; print(refdgm.__file__)", cwd=tmp_path)
    assert str(CHECKOUT) not in where
    assert "agrees" in run(python, "-m", "refdgm", "check", cwd=tmp_path)
    assert "gumbel_softmax" in run(str(tmp_path / "bare" / "bin" / "refdgm"), "list", cwd=tmp_path)
    held = run(python, "-c", "from refdgm.evidence.find import mistakes; print(len(mistakes()))", cwd=tmp_path)
    assert int(held) == len(mistakes())

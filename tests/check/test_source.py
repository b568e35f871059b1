"""What is judged is what the file says now, whatever bytecode of an older text lies beside it."""

import os
import subprocess
import sys

import pytest

RIGHT = """
import autograd.numpy as np

def gaussian_kl(mean, logvar):
    return 0.5 * np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1)
"""
WRONG = RIGHT.replace("0.5", "1.5")
THEN = (1_700_000_000, 1_700_000_000)


def python(folder, *command):
    """A new process that writes bytecode as Python does, and finds modules in its folder and on the path."""
    env = {name: x for name, x in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    env["PYTHONPATH"] = str(folder / "path")
    return subprocess.run([sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, timeout=120,
                          check=False)


def put(file, text):
    """The text, written in the second of the one before: as by a program, or as a copy that keeps its times."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    os.utime(file, THEN)


@pytest.mark.parametrize("file, asked", [
    ("my_losses.py", None),  # the file itself
    ("helper.py", "from helper import gaussian_kl"),  # one beside it
    ("package/inner.py", "from package.inner import gaussian_kl"),
    ("path/elsewhere.py", "from elsewhere import gaussian_kl"),
    ("path/dotted.py", "dotted"),  # by its name
])  # fmt: skip
def test_bytecode_of_another_text_is_not_believed(tmp_path, file, asked):
    target = tmp_path / file
    if asked and " " in asked:
        put(tmp_path / "my_losses.py", asked + "\n")
    module = target.stem if target.parent.name in ("path", tmp_path.name) else f"{target.parent.name}.{target.stem}"
    constant = f"import {module} as m; print([c for c in m.gaussian_kl.__code__.co_consts if c in (0.5, 1.5)][0])"
    check = ["-m", "refdgm", "check", asked if asked and " " not in asked else "my_losses.py"]

    put(target, RIGHT)
    assert python(tmp_path, "-c", constant).stdout.strip() == "0.5"  # Python keeps what it compiled
    assert python(tmp_path, *check).returncode == 0
    put(target, WRONG)
    assert python(tmp_path, "-c", constant).stdout.strip() == "0.5"  # and believes it
    run = python(tmp_path, *check)
    assert run.returncode == 1 and "differs" in run.stdout, run.stdout + run.stderr


def test_no_bytecode_is_left_beside_the_file(tmp_path):
    put(tmp_path / "helper.py", RIGHT)
    put(tmp_path / "my_losses.py", "from helper import gaussian_kl\n")
    assert python(tmp_path, "-m", "refdgm", "check", "my_losses.py").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["helper.py", "my_losses.py"]


def test_installed_libraries_are_believed_wherever_they_are_installed(tmp_path):
    """Those of another environment too, that is lent by the path: to compile a framework takes longer than to check."""
    lent, own = tmp_path / "lent" / "site-packages", tmp_path / "mine"
    for folder in (lent, own):
        folder.mkdir(parents=True)
        (folder / "m.py").write_text("")
    asked = f"""
import sys
sys.path.append({str(lent)!r})
from importlib.machinery import SourceFileLoader
from refdgm.check.process.source import believed_alone
believed_alone()
print(SourceFileLoader("m", "").path_stats({str(lent / "m.py")!r})["size"])
SourceFileLoader("m", "").path_stats({str(own / "m.py")!r})
"""
    run = python(tmp_path, "-c", asked)
    assert run.stdout == "0\n", run.stderr
    assert run.stderr.rstrip().endswith("m.py is believed") and str(own) in run.stderr.splitlines()[-1]

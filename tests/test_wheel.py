"""The wheel alone, in a bare environment and outside the checkout, answers `refdgm check`."""

import os
import re
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

from refdgm import FAMILIES
from refdgm.evidence.find import mistakes

LINK = re.compile(r"\]\(([^()\s]+)\)")
CHECKOUT = Path(__file__).resolve().parents[1]
HELD = {  # by folder of the wheel: where it comes from, and what of it
    "refdgm": ("refdgm", ("*.py", "py.typed", "aliases.toml", "*.schema.json")),
    "refdgm/candidates": ("validation/candidates", ("*.py",)),
    "refdgm/derivations": ("docs/derivations", ("*.md",)),
    "refdgm/vectors": ("validation/vectors", ("*.py", "*.json", "*.safetensors")),
}
IMPORTED = """
import importlib, pkgutil, refdgm
extras = ("refdgm.certify.", "refdgm.candidates.", "refdgm.in_torch",  # python-flint, torch
          "refdgm.testing.plugin", "refdgm.testing.collected")  # pytest
names = [found.name for found in pkgutil.walk_packages(refdgm.__path__, "refdgm.")]
print(len([importlib.import_module(name) for name in names if not name.startswith(extras)]))
"""


def run(*command: str, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_wheel_is_whole(tmp_path):
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(CHECKOUT), cwd=tmp_path)
    (wheel,) = tmp_path.glob("refdgm-*.whl")
    with ZipFile(wheel) as held:
        for place, (folder, kinds) in HELD.items():
            for path in (path for kind in kinds for path in (CHECKOUT / folder).rglob(kind)):
                name = f"{place}/{path.relative_to(CHECKOUT / folder).as_posix()}"
                assert held.read(name) == path.read_bytes(), name
        (metadata,) = (name for name in held.namelist() if name.endswith(".dist-info/METADATA"))
        described = message_from_bytes(held.read(metadata)).get_payload()
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert [target for target in LINK.findall(described) if not target.startswith("https://")] == []
    for target in LINK.findall(readme):  # what is linked there is named here
        assert target in described, target
    plain = LINK.sub("", readme).split("\n\n")
    assert described.count("```") == readme.count("```") and plain[1] in described

    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare"), cwd=tmp_path)
    python = str(tmp_path / "bare" / "bin" / "python")
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-compile", f"{wheel}[check]",
        cwd=tmp_path)

    where = run(python, "-c", "import refdgm; print(refdgm.__file__)", cwd=tmp_path)
    assert str(CHECKOUT) not in where
    assert int(run(python, "-c", IMPORTED, cwd=tmp_path)) > 400
    first = [family[0].name for family in FAMILIES.values()]  # every vector file is there; the first of each is asked
    told = run(python, "-m", "refdgm", "check", "--select", ",".join(first), cwd=tmp_path)
    assert f"{len(first)} of {len(first)} functions agree" in told
    assert "gumbel_softmax" in run(str(tmp_path / "bare" / "bin" / "refdgm"), "list", cwd=tmp_path)
    assert run(python, "-m", "refdgm", "find", "F.gumbel_softmax", cwd=tmp_path).startswith("gumbel_softmax\n")
    page = Path(run(python, "-m", "refdgm", "docs", "gaussian_kl_between", "--path", cwd=tmp_path).strip())
    assert page.read_bytes() == (CHECKOUT / "docs" / "derivations" / "gaussian_kl.md").read_bytes()
    assert str(CHECKOUT) not in str(page) and "[kl-closed]" in run(python, "-m", "refdgm", "docs", "gaussian_kl",
                                                                   cwd=tmp_path)
    held = run(python, "-c", "from refdgm.evidence.find import mistakes; print(len(mistakes()))", cwd=tmp_path)
    assert int(held) == len(mistakes())

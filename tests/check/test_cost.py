"""What a check costs beside the candidate's own framework: nothing that the one reference does not need."""

import json
import resource
import subprocess
import sys

import pytest

KL = """
import autograd.numpy as np

def gaussian_kl(mean, logvar):
    return 0.5 * np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1)
"""
# What a check imports of others, twice, for it is two processes: the rest is measured by it, on any machine.
OTHERS = "import autograd.numpy, array_api_compat.numpy"
MOST = 4.5


@pytest.fixture
def kl(tmp_path):
    (tmp_path / "my_losses.py").write_text(KL)
    return tmp_path


def cpu(folder, *command):
    """Seconds of CPU, those of the processes that it started among them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], cwd=folder, check=True, capture_output=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_one_loss_does_not_load_what_it_does_not_need(kl):
    """No framework in the process that judges, and of the evidence that of its own concept and what this is made of."""
    asked = """
import contextlib, io, json, sys
from refdgm.cli.main import main
with contextlib.redirect_stdout(io.StringIO()):
    code = main(["check", "my_losses.py"])
print(json.dumps([code, sorted(sys.modules)]))
"""
    run = subprocess.run([sys.executable, "-c", asked], cwd=kl, check=True, capture_output=True, text=True, timeout=300)
    code, loaded = json.loads(run.stdout)
    assert code == 0
    assert not {"torch", "jax", "scipy", "jsonschema"} & set(loaded)
    definitions = [name for name in loaded if name.startswith("refdgm.evidence.") and name.endswith(".definition")]
    assert "refdgm.evidence.primitives.gaussian_kl.definition" in definitions
    assert len(definitions) < 10, definitions  # of more than a hundred


def test_a_bare_check_costs_little_beside_its_imports(kl):
    own = min(cpu(kl, "-c", OTHERS) for _ in range(3))
    whole = min(cpu(kl, "-m", "refdgm", "check", "my_losses.py") for _ in range(3))
    assert whole < MOST * 2 * own, (whole, own)

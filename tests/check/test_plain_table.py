"""The report without `rich`: the same words, in columns of plain text."""

import subprocess
import sys

CODE = "import sys; sys.modules['rich'] = None; from refdgm.check.cli import main; sys.exit(main(sys.argv[1:]))"


def test_the_words_are_the_same(tmp_path):
    (tmp_path / "losses.py").write_text(
        "import autograd.numpy as np\n\n"
        "def gaussian_kl(mean, logvar):\n    return np.sum(mean**2 + np.exp(logvar) - 1 - logvar, axis=1)\n"
    )
    ask = ["check", "losses.py"]
    plain, rich = (
        subprocess.run([sys.executable, *how, *ask], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        for how in (("-c", CODE), ("-m", "refdgm"))
    )
    assert plain.returncode == rich.returncode and plain.stderr == rich.stderr == ""
    assert "─" in rich.stdout and "─" not in plain.stdout
    words = [set(run.stdout.replace("─", " ").split()) for run in (plain, rich)]
    assert words[1] <= words[0]  # what is too wide for the terminal is left out of the table in colour
    table = plain.stdout.split("\n\n")[0].splitlines()[2:]
    assert [row.split()[0] for row in table] == ["gaussian_kl", "value", "gradient.mean", "gradient.logvar"]
    assert all("differs" in row for row in table)

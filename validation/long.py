"""The long run: everything too slow for CI, its outcome written to validation/reports/long.md.

    python validation/long.py --date 2026-11-21

Run it from the checkout with the extras `test`, `docs` and `torch` installed.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
FAMILIES = ("primitives", "nets", "latent", "score", "diffusion", "ode", "sde", "flow")
PROPERTIES = [f"tests/{family}" for family in FAMILIES]
COMMANDS = {
    "every vector made again, byte for byte": ["validation/make_vectors.py", "--check"],
    "every derivation at twenty points a step": ["docs/check_derivations.py", "--trials", "20"],
    "the properties, a thousand examples each, fresh seeds": [
        "-m", "pytest", "-q", "--hypothesis-profile", "long", *PROPERTIES,
    ],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="the day to write into the record, YYYY-MM-DD")
    date = parser.parse_args().date
    named = ("numpy", "autograd", "hypothesis", "python-flint")
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in named)
    lines = ["# The long run", "", f"{date}, Python {platform.python_version()}, {packages}, {platform.machine()}.", "",
             "| what | command | outcome | seconds |", "|---|---|---|---|"]
    failed = False
    for what, command in COMMANDS.items():
        print(f"== {what}", flush=True)
        started = time.monotonic()
        done = subprocess.run([sys.executable, *command], cwd=HERE.parent, capture_output=True, text=True, check=False,
                              env=os.environ | {"OMP_NUM_THREADS": "1"})
        print(done.stdout[-2000:], done.stderr[-2000:], flush=True)
        failed |= done.returncode != 0
        last = (done.stdout.strip().splitlines() or ["no output"])[-1].strip("= ")
        outcome = last if done.returncode == 0 else f"FAILED ({done.returncode}): {last}"
        lines.append(f"| {what} | `python {' '.join(command)}` | {outcome} | {time.monotonic() - started:.0f} |")
    (HERE / "reports" / "long.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""What public libraries agree with: each at the version of validation/candidates/peers/requirements.txt.

    pip install --no-deps -r validation/candidates/peers/requirements.txt
    python validation/make/peers.py --date 2026-11-29      writes validation/reports/peers.json and peers.md
    python validation/make/peers.py --table                makes peers.md of peers.json again

A library that is not installed keeps its rows; one of another version is refused.
"""

import argparse
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "validation" / "candidates" / "peers"
RECORD = ROOT / "validation" / "reports" / "peers.json"
MODULES = {path.stem.removeprefix("in_"): path for path in sorted(FOLDER.glob("in_*.py"))}
# what is imported, where it has another name than what is installed
MODULE_OF = {"kaiwu-torch-plugin": "kaiwu", "POT": "ot", "pyro-ppl": "pyro", "pytorch-fid": "pytorch_fid",
             "scikit-learn": "sklearn", "tensorflow-probability": "tensorflow_probability",
             "torch-fidelity": "torch_fidelity", "torch-mimicry": "torch_mimicry", "toy-gradlogp": "toy_gradlogp",
             "vector-quantize-pytorch": "vector_quantize_pytorch"}


def pins() -> dict[str, str]:
    """The version of each library that these modules were written for, by the name of its module."""
    lines = (FOLDER / "requirements.txt").read_text(encoding="utf-8").split()
    return {MODULE_OF.get(library, library): version for library, version in (line.split("==") for line in lines)}


def installed(library: str) -> bool:
    """Whether it is there, and then at this version."""
    try:
        found = metadata.version(next((it for it, module in MODULE_OF.items() if module == library), library))
    except metadata.PackageNotFoundError:
        return False
    if found.partition("+")[0] != pins()[library]:  # what is said beyond is how it was built
        raise SystemExit(f"{library} must be {pins()[library]}, got {found}; install requirements.txt")
    return True


def asked(library: str) -> dict[str, dict[str, Any]]:
    """By reference: the verdict of `refdgm check`, what it equals, in which dtype, and which gradients came."""
    with TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "refdgm", "check", str(MODULES[library]), "--report", str(report)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not report.exists():
            raise SystemExit(f"{library}: {done.stderr.strip()}")
        functions = json.loads(report.read_text(encoding="utf-8"))["functions"]
    return {function["reference"]: _row(function) for function in functions}


def _row(function: dict[str, Any]) -> dict[str, Any]:
    roles = [role for case in function["cases"] for role in case["roles"]]
    equals = sorted({each["what"].partition(":")[0] for each in function["equals"]})
    gradients = sorted({role["role"].split(".")[1] for role in roles if role["role"].startswith("gradient.")
                        and role["verdict"] not in ("none", "missing")})
    return {"verdict": function["verdict"], "dtype": function["dtype"], "cases": len(function["cases"]),
            "gradients": gradients, "equals": equals}


def text(record: dict[str, Any]) -> str:
    rows = ["| library | reference | verdict | dtype | cases | gradients that it gives | equals |",
            "|---|---|---|---|---|---|---|"]
    for library, it in record.items():
        for name, row in it["functions"].items():
            cells = [f"{library} {it['version']}", f"`{name}`", row["verdict"], row["dtype"], str(row["cases"]),
                     ", ".join(row["gradients"]) or "—", ", ".join(row["equals"]) or "—"]
            rows.append(f"| {' | '.join(cells)} |")
    dates = ", ".join(f"{library} on {it['date']}" for library, it in record.items())
    return f"""# What public libraries agree with

Made by `python validation/make/peers.py`, which puts the functions of the libraries to `refdgm check` as
`validation/candidates/peers/` calls them: {dates}.

{chr(10).join(rows)}

What differs is told in [public-code.md](../../docs/public-code.md).
"""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", help="today")
    parser.add_argument("libraries", nargs="*", metavar="LIBRARY", help="ask these alone, of those installed")
    parser.add_argument("--table", action="store_true", help="make the table alone")
    args = parser.parse_args(argv)
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    if not args.table:
        if not args.date:
            parser.error("--date must say which day it is")
        for library in filter(installed, args.libraries or MODULES):
            record[library] = {"version": pins()[library], "date": args.date, "functions": asked(library)}
        record = {library: record[library] for library in sorted(record)}
        RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    RECORD.with_suffix(".md").write_text(text(record), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Records, one file a reference: `validation/reports/<kind>/<reference>.json`. The tables are made from them."""

import json
from pathlib import Path
from typing import Any

from refdgm import CATALOGUE

REPORTS = Path(__file__).resolve().parents[1] / "reports"


def read(kind: str) -> dict[str, Any]:
    """All that there are, in the order of the catalogue."""
    found = {path.stem: path for path in (REPORTS / kind).glob("*.json")}
    return {name: json.loads(found[name].read_text(encoding="utf-8")) for name in CATALOGUE if name in found}


def write(kind: str, name: str, record: dict[str, Any]) -> None:
    """Replace the record of this reference, and no other."""
    folder = REPORTS / kind
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def tell(kind: str, text: str) -> None:
    """Replace the table."""
    (REPORTS / f"{kind}.md").write_text(text, encoding="utf-8")

"""Draw all pictures again: `python docs/pictures`. Needs matplotlib (extra: docs) and the package."""

import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

for path in sorted(FOLDER.glob("*.py")):
    if path.stem not in ("__main__", "style"):
        runpy.run_path(str(path))
        print(path.with_suffix(".svg").name)

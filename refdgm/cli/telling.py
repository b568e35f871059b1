"""What came of a check, told: files first, then the table, the JSON or lines for GitHub; and the exit code."""

import os
import sys
from pathlib import Path
from typing import Any

from refdgm.check.candidates.entry import EMBEDDED
from refdgm.check.process.reply import plain
from refdgm.check.report import exits, files, github, html, summary, terminal
from refdgm.errors import RefdgmError
from refdgm.version import __version__

ORDER = (exits.DIFFERS, exits.VECTORS, exits.TIMEOUT, exits.RAISED, exits.USAGE)  # of several exit codes


def tell(plan: Any, findings: Any) -> int:
    """Files first, then what was found, of what `check.py` planned; the exit code."""
    checked = findings.checked
    conventions = any(one.convention for one in checked)
    known = [one.verdict for one in checked], conventions, plan.strict, findings.damaged
    code = exits.INTERRUPTED if findings.interrupted else _code(exits.exit_code(*known), findings)
    outcome = exits.outcome(*known, code=code)
    label = "the embedded textbook definitions" if plan.module == EMBEDDED else plain(Path(plan.module).name)
    unloaded = [(name, why) for name, why, _ in findings.unloaded]
    about = checked, label, code, outcome, plan.untrusted, plan.seed
    made = {".json": lambda: files.as_json(*about, unloaded=unloaded),
            ".xml": lambda: files.as_junit(checked, plan.strict, plan.untrusted, plan.seed, unloaded,
                                           findings.interrupted),
            ".html": lambda: html.as_html(checked, label, code, unloaded)}
    texts = {path: made[Path(path).suffix]() for path in plan.report}
    if plan.summary:
        texts[plan.summary] = summary.as_markdown(checked, label, code, unloaded)
    unwritten = _written(texts)
    if unwritten and code == exits.AGREES:
        code, outcome = exits.FAULT, exits.OUTCOMES[exits.FAULT]
        about = checked, label, code, outcome, plan.untrusted, plan.seed
    if plan.json:
        sys.stdout.write(files.as_json(*about, ascii=not files.has_letters(sys.stdout), unloaded=unloaded))
    else:
        kinds, dtypes = sorted(findings.frameworks), sorted({one.dtype for one in checked})
        where = "" if plan.device == "cpu" else plain(plan.device)
        parts = [f"refdgm {__version__}", label, ", ".join(kinds), ", ".join(dtypes), where]
        terminal.show(checked, "   ".join(filter(None, parts)), findings.remarks, code, whole=plan.table)
    if plan.format == "github":
        sys.stdout.writelines(github.commands(checked, _path(plan.module), plan.strict, unloaded))
    if unwritten:
        print(unwritten, file=sys.stderr)
    return code


def _code(code: int, findings: Any) -> int:
    """With what could not be loaded."""
    codes = {one for _, _, one in findings.unloaded}
    if not codes:
        return code
    every = codes | ({code} if findings.checked else set())
    return next((one for one in ORDER if one in every), code)


def _path(module: str) -> Path | None:
    """The file or folder of a candidate, from where the command runs; none of what is not in files."""
    return Path(os.path.relpath(module)) if Path(module).exists() else None


def _written(texts: dict[str, str]) -> str:
    """Write them; what is to be said where one could not be."""
    unwritten = ""
    for path, text in texts.items():
        try:
            files.write(path, text)
        except (OSError, RefdgmError) as error:
            unwritten = f"refdgm: the report could not be written: {plain(str(error))}"
    return unwritten

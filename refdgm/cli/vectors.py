"""`refdgm vectors export NAME… DIR`: questions, right answers and tolerances as files, never over another."""

import argparse
import io
import json
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from refdgm.catalogue import CATALOGUE, unknown
from refdgm.check.numbers import Arrays
from refdgm.check.process.reply import plain
from refdgm.check.questions import safetensors_file
from refdgm.cli.new_file import write
from refdgm.cli.refused import Refused
from refdgm.version import __version__

FORMATS = {"safetensors": (".safetensors",), "npz": (".npz",), "flat": (".bin", ".h")}
PARTS = ("questions", "right")


def carry_out(args: argparse.Namespace) -> int:
    """Write them, one reference after the other; each file appears whole or not at all."""
    if find_spec("autograd") is None:
        raise Refused("`refdgm vectors export` needs autograd: pip install 'refdgm[check]'")
    from refdgm.check.export.arrays import exported

    names, folder = list(dict.fromkeys(args.names)), Path(args.folder)
    formats = list(dict.fromkeys(args.format or FORMATS))
    problem = next((one for one in formats if one not in FORMATS), "")
    dtypes = list(dict.fromkeys(args.dtype or ["float32" if problem else "float64"]))
    for name in names:
        if name not in CATALOGUE:
            raise Refused(unknown(name))
    if args.folder in CATALOGUE and not folder.exists():
        raise Refused(f"DIR, the folder for the files, comes last, and {args.folder} is a reference; name a folder, "
                      f"or ./{args.folder} if that is meant")
    if problem:
        return _problems(args, names, dtypes, formats, folder)
    parts = PARTS[: 1 if args.questions_only else 2]
    planned = [folder / file for name in names for dtype in dtypes for file in _files(name, dtype, formats, parts)]
    _free(folder, planned)
    many, size = 0, 0
    for name in names:
        for dtype in dtypes:
            began = time.monotonic()
            made = exported(CATALOGUE[name], dtype, not args.questions_only)
            written = _written(made.index, {"questions": made.questions, "right": made.right}, formats, parts)
            for file, data in written.items():
                write(folder / file, data, "DIR")
            many, size = many + len(written), size + sum(map(len, written.values()))
            left = f", {len(made.index['not_asked'])} have no meaning there" if made.index["not_asked"] else ""
            print(f"{name} in {dtype}: {len(made.index['cases'])} cases{left}, {time.monotonic() - began:.1f} s",
                  flush=True)
    shown = plain(str(folder))
    print(f"{many} files, {size / 2**20:.1f} MiB, in {shown}")
    if not args.questions_only:
        print("An element is right where |got - right| <= strict, and has lost digits where <= loose.")
    if set(dtypes) & {"float64", "float32"}:
        select = f" --select {names[0]}" if len(names) == 1 else ""
        print(f"Judge answers to them: refdgm check --answers mine.safetensors{select}")
    return 0


def _problems(args: argparse.Namespace, names: list[str], dtypes: list[str], formats: list[str], folder: Path) -> int:
    """As problems for a benchmark of kernels; all is made before the first file is written."""
    from refdgm.check.export.arrays import exported
    from refdgm.check.export.benchmarks import FORMS, LACKING
    from refdgm.check.export.problems import DTYPES, problems

    form = next(one for one in formats if one in FORMS)
    others = [one for one in formats if one != form]
    if others:
        raise Refused(f"--format {form} fills a folder of its own, got {others[0]} beside it; export that elsewhere")
    if args.questions_only:
        raise Refused(f"--format {form} has bounds, and --questions-only measures none; leave it out")
    known = [dtype for dtype in DTYPES if dtype not in LACKING.get(form, ())]
    if refused := [dtype for dtype in dtypes if dtype not in known]:
        raise Refused(f"--format {form} is written in {' or '.join(known)}, got --dtype {refused[0]}")
    planned: dict[str, bytes] = {}
    for name in names:
        for dtype in dtypes:
            began = time.monotonic()
            found, left = problems(CATALOGUE[name], dtype, exported(CATALOGUE[name], dtype))
            planned |= FORMS[form](CATALOGUE[name], dtype, found, left)
            many, out = sum(len(one.workloads) for one in found), f", {len(left)} left out" if left else ""
            print(f"{name} in {dtype}: {len(found)} problems, {many} workloads{out}, {time.monotonic() - began:.1f} s",
                  flush=True)
    _free(folder, [folder / path for path in planned])
    for path, data in planned.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        write(folder / path, data, "DIR")
    print(f"{len(planned)} files, {sum(map(len, planned.values())) / 2**20:.1f} MiB, in {plain(str(folder))}")
    print("Right answers and bounds of each element lie beside: refdgm.NAME.DTYPE.json names them.")
    return 0


def _files(name: str, dtype: str, formats: list[str], parts: tuple[str, ...]) -> list[str]:
    """The names of all files of a reference in a dtype, the index first."""
    endings = [ending for one in formats for ending in FORMATS[one]]
    return [f"{name}.{dtype}.json", *(f"{name}.{dtype}.{part}{ending}" for part in parts for ending in endings)]


def _free(folder: Path, planned: list[Path]) -> None:
    """Refuse where a file is there, and make the folder where there is none."""
    there = [path for path in planned if path.exists() or path.is_symlink()]
    if there:
        more = f", and {len(there) - 1} more" if len(there) > 1 else ""
        raise Refused(f"{plain(str(there[0]))} is there already{more}, and nothing is overwritten; name another DIR")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Refused(f"DIR must be a folder, or a new one in a folder that there is, got {plain(str(folder))}: "
                      f"{error.strerror}") from None


def _written(
    index: Mapping[str, Any], arrays: Mapping[str, Arrays], formats: list[str], parts: tuple[str, ...]
) -> dict[str, bytes]:
    """The bytes of every file."""
    from refdgm.check.export.flat import flat

    stem = f"{index['reference']}.{index['dtype']}"
    text = json.dumps({**index, "written_by": f"refdgm {__version__}"}, indent=1, ensure_ascii=False) + "\n"
    found = {f"{stem}.json": text.encode()}
    for part in parts:
        if "safetensors" in formats:
            found[f"{stem}.{part}.safetensors"] = safetensors_file.encode(arrays[part], {"format": index["format"]})
        if "npz" in formats:
            data = io.BytesIO()
            np.savez(data, **{name: np.asarray(x) for name, x in arrays[part].items()})  # type: ignore[arg-type]
            found[f"{stem}.{part}.npz"] = data.getvalue()
        if "flat" in formats:
            word = f"{index['reference']}_{index['dtype']}_{part}"
            found[f"{stem}.{part}.bin"], header = flat(arrays[part], index, word)
            found[f"{stem}.{part}.h"] = header.encode()
    return found

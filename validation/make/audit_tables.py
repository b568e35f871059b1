"""The tables of the audit of kernel judges, of what is kept."""

from collections.abc import Callable, Iterable
from typing import Any

from validation.make.audit_rules import DRAWS, data, judges
from validation.make.detection_tables import table

NO_FORMULA = {"zeros": "zeros", "constant": "a constant", "tail": "one in 128 not written"}
DTYPES = ("float32", "float64")

Row = dict[str, Any]  # of one candidate: what is wrong in it, who accepts it
Accepting = Callable[[Row], bool]


def as_it_judges(judge: str) -> Accepting:
    """Whether this judge accepts a candidate: on the inputs that it draws, and in its gradients if it looks at them."""
    told = judges()[judge]
    return lambda row: all(judge in row[told.inputs].get(part, [judge])
                           for part in (("value", "gradient") if told.gradients else ("value",)))


def with_gradients(judge: str, law: str) -> Accepting:
    """Whether its rule, on these inputs, accepts value and gradients."""
    return lambda row: all(judge in accepted for accepted in row[law].values())


def by_us(dtype: str) -> Accepting:
    return lambda row: all(row["refdgm"][dtype].values())


def mistakes(kernels: dict[str, Any], wrong: str = "") -> list[Row]:
    """Those of all kernels that are wrong in the value, or in the gradient alone, or all."""
    rows = [row for one in kernels.values() for row in one["candidates"].values()]
    return [row for row in rows if row["wrong in"] and wrong in ("", row["wrong in"])]


def share(rows: Iterable[Row], accepts: Accepting) -> str:
    said = [accepts(row) for row in rows]
    return f"{sum(said)} of {len(said)}"


def counts(kernels: dict[str, Any], accepts: Accepting) -> list[str]:
    """What it accepts of either sort of mistake, of what follows from no formula, and of right code."""
    def each(name: str) -> list[Row]:
        return [one["candidates"][name] for one in kernels.values()]

    return [share(mistakes(kernels, "value"), accepts), share(mistakes(kernels, "gradient"), accepts),
            *(share(each(name), accepts) for name in NO_FORMULA), share(each("right"), accepts)]


def everyone() -> list[tuple[str, Accepting]]:
    return [*((told.who, as_it_judges(name)) for name, told in judges().items()),
            *((f"`refdgm check`, {dtype}", by_us(dtype)) for dtype in DTYPES)]


def provenance(kernels: dict[str, Any]) -> str:
    told = {", ".join((one["date"], *(f"{name} {version}" for name, version in one["versions"].items())))
            for one in kernels.values()}
    return "; ".join(sorted(told)) + "."


def report(kernels: dict[str, Any]) -> str:
    """The whole page of the record."""
    head = ["wrong in the value", "in the gradient alone", *NO_FORMULA.values(), "right code in float32"]
    of_kernels = [[f"`{name}`", len(mistakes({name: one})),
                   *(share(mistakes({name: one}), accepts) for _, accepts in everyone())]
                  for name, one in kernels.items()]
    missed = [f"`{candidate}`" for one in kernels.values() for candidate, row in one["candidates"].items()
              if row["wrong in"] and by_us("float32")(row)]
    blind = [name for name in missed if by_us("float64")(next(
        one["candidates"][name[1:-1]] for one in kernels.values() if name[1:-1] in one["candidates"]))]
    return "\n".join([
        "# What the rules of public judges of kernels accept", "",
        f"Made by `python validation/make/audit.py`. {provenance(kernels)}", "",
        f"{len(mistakes(kernels))} planted mistakes in {len(kernels)} kernels, "
        f"{len(mistakes(kernels, 'value'))} of them wrong in the value. Each answer is formed in float64 and rounded "
        f"to float32 once; accepted is what is accepted in all of {data()['trials']} draws. What these numbers mean, "
        "and what they do not, is said in [kernel-judges.md](../../docs/kernel-judges.md).", "",
        "## As each judges", "",
        "Accepted, on the inputs that the judge draws; gradients count where it looks at them.", "",
        *table(["judge", *head], ([who, *counts(kernels, accepts)] for who, accepts in everyone())),
        "## The rules alone, with gradients", "",
        "Accepted, if each rule were asked of value and gradient, at normal cotangents.", "",
        *table(["rule of", "inputs", *head], (
            [told.who, law, *counts(kernels, with_gradients(name, law))]
            for name, told in judges().items() for law in DRAWS)),
        "## By kernel", "",
        "Mistakes accepted, as each judges.", "",
        *table(["kernel", "mistakes", *(who for who, _ in everyone())], of_kernels),
        "## Judges", "",
        *table(["judge", "inputs", "gradients", "rule", "read in"], (
            [told.who, told.inputs, "yes" if told.gradients else "no", told.said, told.source]
            for told in judges().values())),
        "## Kernels", "",
        *table(["kernel", "sizes", "given", "like"], (
            [f"`{name}`", ", ".join(f"{symbol} = {size}" for symbol, size in one["sizes"].items()),
             ", ".join(f"{argument} = {what}" for argument, what in one["given"].items()) or "—",
             data()["kernels"][name]["like"]] for name, one in kernels.items())),
        "## What `refdgm check` accepts", "",
        f"In float32: {', '.join(missed) or 'none'}. In float64 as well: {', '.join(blind) or 'none'}.", "",
    ])

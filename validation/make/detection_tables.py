"""The tables of the detection record, of what is kept for all references."""

from collections.abc import Iterable
from typing import Any

from refdgm import CATALOGUE
from refdgm.evidence import find
from refdgm.evidence.declare import Mistake
from validation.make.detectors import WHAT

Verdicts = dict[str, dict[str, bool | None]]  # by name, then by detector


def said(verdicts: Verdicts, detector: str, answer: bool | None = True) -> list[str]:
    """The names of which a detector says that."""
    return [name for name, row in verdicts.items() if row[detector] is answer]


def table(head: list[str], rows: Iterable[Iterable[Any]]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|",
            *("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows), ""]


def share(verdicts: Verdicts, detector: str, reference: str = "") -> str:
    """"12 of 14", and a dash where the detector has nothing to say."""
    rows = [row[detector] for name, row in verdicts.items() if name.startswith(reference)]
    asked = [verdict for verdict in rows if verdict is not None]
    return f"{sum(asked)} of {len(asked)}" if asked else "—"


def of_hyper_parameters(mistakes: Verdicts, later: Verdicts) -> list[str]:
    """What `refdgm check` minds only where it is asked for."""
    known = {one.name: one for one in find.mistakes()}
    only = [[name for name in names if in_hyper_parameters_alone(known[name])] for names in (mistakes, later)]
    return [
        f"{len(only[0])} of the {len(mistakes)} mistakes, and {len(only[1])} of the {len(later)} planted later, show "
        "in no role but gradients of hyper-parameters (τ, β, η, γ, φ, noise levels, times, steps, schedules). Every "
        "detector is asked for these gradients here; `refdgm check` tells them, and fails for them where an entry "
        "names them, where they are returned by hand, or with `--strict`.", "",
    ]


def in_hyper_parameters_alone(wrong: Mistake) -> bool:
    return set(wrong.reveals) <= {f"gradient.{name}" for name in CATALOGUE[wrong.reference].hyper}


def of_later(later: Verdicts, certified: dict[str, dict[str, bool]]) -> list[str]:
    """How the frozen cases do on mistakes that nobody had in mind."""
    hidden = {when: [name for name, row in certified.items() if not row[when]] for when in ("frozen", "now")}
    counts = {when: f"{len(certified) - len(names)} of {len(certified)}" for when, names in hidden.items()}
    seen = sum(bool(one.seen) for one in find.mistakes() if one.name in later)
    return [
        "## Mistakes planted later", "",
        f"{len(later)} mistakes (the blind ones of `refdgm/evidence`) were not written for the cases, and are counted "
        f"apart: {seen} of them after public code, the others by people who had not seen the cases or, where a "
        "reference came with its mistakes, by the author of both. "
        "Rare inputs that the draws above do not contain are the rule among them. `refdgm check` asks the certified "
        "cases, which do contain some: in those that were not added for one of them it "
        f"finds {counts['frozen']}; with these, {counts['now']}.", "",
        *table(["detector", "later mistakes found"], ([f"`{d}`", share(later, d)] for d in WHAT)),
        "* Not found by `refdgm check` in the certified cases without these: "
        + ", ".join(f"`{name}`" for name in hidden["frozen"]) + ".",
        "* Not found today either, for they show only at exact ties, at a kink, or where the definition in balls has "
        "no value (the suite's own tests have such cases): " + ", ".join(f"`{name}`" for name in hidden["now"]) + ".",
        "",
    ]


def report(
    mistakes: Verdicts, rewrites: Verdicts, later: Verdicts, certified: dict[str, dict[str, bool]], head: str
) -> str:
    """The record for readers."""
    refused = [
        name for name, ref in CATALOGUE.items()
        if ref.differentiable and share(mistakes, "gradcheck", f"{name}/") == "—"
    ]
    lines = [
        "# Which tests find which mistakes", "", head, "",
        f"{len(mistakes)} planted mistakes (`mistakes.py` of every concept in `refdgm/evidence`; those planted later "
        f"are counted below) and {len(rewrites)} correct rewrites (`rewrites.py`), in the same cases for every "
        "detector: seeded draws in double precision, on sizes that all differ and on sizes that are all equal, for "
        "every choice of the options.", "",
        "A detector should find every mistake and blame no rewrite. All numbers are of the order of one: "
        "where a right formula loses digits (textbook divergences near λ = 0, softmax at low temperature) "
        "`reference` would blame it too; that is a question of accuracy, which is not asked here.", "",
        *table(["detector", "mistakes found", "rewrites blamed", "what it does"],
               ([f"`{d}`", share(mistakes, d), share(rewrites, d), WHAT[d]] for d in WHAT)),
        *of_hyper_parameters(mistakes, later),
        *of_later(later, certified),
        "## By reference", "", "Mistakes found.", "",
        *table(["reference", *(f"`{d}`" for d in WHAT)],
               ([f"`{name}`", *(share(mistakes, d, f"{name}/") for d in WHAT)] for name in CATALOGUE)),
        "`gradcheck` is asked on the cases with equal sizes. It has no say in "
        + ", ".join(f"`{name}`" for name in refused)
        + ": there it blames the right code, whose pullback is on purpose not the derivative of its value. "
        "Nor in float32, nor in what has no gradient.", "",
        "## What each misses", "",
    ]
    for detector in WHAT:
        missed, blamed = said(mistakes, detector, False), said(rewrites, detector)
        lines += [f"* `{detector}` misses {len(missed)}" + (
            f", blames {', '.join(f'`{name}`' for name in blamed)}." if blamed else ", blames no rewrite.")]
    known, written = ({one.name: one for one in all_of()} for all_of in (find.mistakes, find.rewrites))
    mark = {True: "found", False: "·", None: "—"}
    detectors = [f"`{detector}`" for detector in WHAT]
    lines += ["", "## All mistakes", "", "`·` is a mistake missed, `—` a detector that has no say.", ""]
    lines += table(["mistake", *detectors, "shows in", "what is wrong", "seen in"], (
        [f"`{name}`", *(mark[row[d]] for d in WHAT), ", ".join(wrong.reveals), wrong.what, wrong.seen]
        for name, row in (mistakes | later).items()
        for wrong in (known[name],)
    ))
    lines += ["## All rewrites", "", "Each is right; `blamed` is a false alarm.", ""]
    mark = {True: "blamed", False: "·", None: "—"}
    lines += table(["rewrite", *detectors, "how it differs"], (
        [f"`{name}`", *(mark[row[d]] for d in WHAT), written[name].what] for name, row in rewrites.items()
    ))
    return "\n".join(lines).rstrip() + "\n"

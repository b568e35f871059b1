"""`refdgm check --command … --dry`: one question as the program gets it, and whether its answer has the right form."""

import shlex
from typing import Any

from refdgm.catalogue import CATALOGUE
from refdgm.check import run as engine
from refdgm.check.asking import head
from refdgm.check.candidates import lines
from refdgm.check.numbers import Arrays
from refdgm.check.process.reply import CandidateGone, Declared, Reply, plain
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.question import Question, Terms
from refdgm.check.report import exits
from refdgm.cli import offered
from refdgm.cli.refused import Refused
from refdgm.version import __version__

FEW = 3  # numbers of an answer that are shown


def tell(plan: Any) -> int:
    """Print both, of what `check.py` planned; the exit code is 0 where the form is right, whatever the numbers are."""
    asked = None
    try:
        asked = offered.opened(plan.load, plan.timeout, plan.memory, plan.untrusted)
        names = [name for name in engine.selected(plan.wanted or None, asked.found) if name in asked.found]
        if not names:
            raise Refused(f"the program has {', '.join(asked.found)}, and none of what --select names")
        print(f"refdgm {__version__}: one question to {plain(plan.module)}, to see the form of its answer\n")
        print(f"It is asked   {lines.greeting()}")
        print(f"and has       {', '.join(asked.found)}\n")
        question = _smallest(plan, asked.found[names[0]], names[0])
        given = question.asked()
        roles = {kind: {role.partition(".")[2]: x for role, x in given.items() if role.startswith(kind)}
                 for kind in ("input.", "cotangent.")}
        wanted = [n for n in roles["input."] if n.partition(".")[0] in asked.found[names[0]].gradients]
        print(f"It is asked   (the case {question.case.id}, the smallest, on one line)\n")
        print(lines.question(1, names[0], question.case.options, question.dtype, roles["input."], roles["cotangent."],
                             wanted), end="\n\n")
        return _told(asked.ask(head(question, plan.device), given), question, plan)
    except CandidateGone as gone:
        code = {"usage": exits.USAGE, "timeout": exits.TIMEOUT}.get(gone.kind, exits.RAISED)
        raise Refused(str(gone), code) from None
    finally:
        if asked is not None:
            asked.close()


def _smallest(plan: Any, declared: Declared, name: str) -> Question:
    kept = ("outputs", "gradients", "reduction", "convention", "sums", "pair")
    terms = Terms(minded=declared.minded, **{key: getattr(declared, key) for key in kept})
    case = min(shipped(CATALOGUE[name]), key=lambda case: sum(x.size for x in case.arrays.values()))
    return Question(CATALOGUE[name], case, terms, plan.dtype or declared.dtype or "float64")


def _told(reply: Reply, question: Question, plan: Any) -> int:
    if not reply.answered:
        raise Refused(f"its answer has not the right form: {reply.message}", exits.RAISED)
    print("It answers\n")
    wrong = [_line(role, right.shape, reply.arrays, question) for role, right in question.expected.items()]
    for name in reply.others:
        print(f"  {name}: not asked for")
    if any(wrong):
        print("\nThe form is not the right one yet.")
        return exits.DIFFERS
    select = f" --select {','.join(plan.wanted)}" if plan.wanted else ""
    command = shlex.quote(shlex.join(plan.load["command"]))
    print(f"\nThe form is right; the numbers were not judged:\n  refdgm check --command {plain(command)}{select}")
    return exits.AGREES


def _line(role: str, shape: tuple[int, ...], arrays: Arrays, question: Question) -> bool:
    """Print it; whether something is wrong."""
    key = role.replace("output.", "outputs.").replace("gradient.", "gradients.")
    if role not in arrays:
        spared = question.spared(role)
        print(f"  {key}: not there" + (", and need not be: of a hyper-parameter" if spared else ""))
        return not spared
    x = arrays[role]
    if x.shape != shape:
        print(f"  {key}: shape {list(x.shape)}, must be {list(shape)}")
        return True
    numbers = ", ".join(f"{v:.6g}" for v in x.ravel()[:FEW]) + (", …" if x.size > FEW else "")
    print(f"  {key}: shape {list(shape)}, {numbers}")
    return False

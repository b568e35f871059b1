"""What is exported of a reference: its shipped cases as questions, and what a comparison anywhere needs of the judge.

An element is right where it is equal to the right one or off by no more than `strict`; by no more than `loose`, it has
lost digits that it could have; beyond, it is that of another function. These are the judge's own bounds. What it does
besides, ties of indices and a second question to tell rounding from a formula, only ever excuses more.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from refdgm.check.dtypes import LARGEST
from refdgm.check.judging.once import measuring_once
from refdgm.check.judging.tolerance import Tolerance
from refdgm.check.numbers import Arrays
from refdgm.check.questions.cases import shipped
from refdgm.check.questions.question import Question, Terms
from refdgm.reference import Reference

FORMAT = "refdgm-questions/1"
RULE = ("right where got == right or |got - right| <= strict; loses digits where |got - right| <= loose; else wrong, "
        "and NaN always")


@dataclass(frozen=True)
class Exported:
    """Arrays by name, `001/input.mean`, and the index that tells what each case is."""

    index: dict[str, Any]
    questions: Arrays
    right: Arrays  # 001/output.value, 001/strict.output.value, 001/loose.output.value; nothing without tolerances


def exported(ref: Reference, dtype: str, tolerances: bool = True) -> Exported:
    """The shipped cases at the precision of `dtype`; its numbers stand in float64, which holds them all. To measure
    how far each may be off takes seconds; without `tolerances` there are questions alone."""
    questions: Arrays = {}
    right: Arrays = {}
    told, left = [], []
    for case in shipped(ref):
        question = Question(ref, case, Terms(tuple(ref.result), ref.wrt), dtype)
        if question.meaningless:
            left.append({"id": case.id, "why": question.meaningless})
            continue
        number = case.id.rpartition("/")[2]
        told.append({"case": number, "options": dict(case.options), "comment": case.comment, "flags": list(case.flags),
                     "certified": question.certified})
        questions |= {f"{number}/{role}": x for role, x in question.asked().items()}
        if tolerances:
            right |= {f"{number}/{role}": x for role, x in _judge(question).items()}
    index = {"format": FORMAT, "reference": ref.name, "dtype": dtype, "hyper_parameters": list(ref.hyper),
             "rule": RULE, "cases": told, "not_asked": left}
    return Exported(index, questions, right)


def _judge(question: Question) -> Arrays:
    """By role, and by strict.… and loose.… of a role."""
    found: Arrays = {}
    with measuring_once():
        tolerance = Tolerance(question, question.dtype)
        for role, x in question.expected.items():
            found[role], strict, loose = x, np.zeros(x.shape), np.zeros(x.shape)
            if x.dtype.kind == "f":
                large = LARGEST[question.dtype]
                found[role] = np.where(np.abs(x) > large, np.copysign(np.inf, x), x)
                strict = np.asarray(tolerance.strict(role), np.float64)
                loose = np.where(tolerance.overflows(role), np.inf, np.maximum(tolerance.loosest(role), strict))
            found[f"strict.{role}"], found[f"loose.{role}"] = strict, loose
    return found

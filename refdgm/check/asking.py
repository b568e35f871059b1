"""Every question is put before any answer is looked at; to whom is not trusted, twice and in no order that it knows."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Protocol

import numpy as np

from refdgm.check.numbers import Arrays
from refdgm.check.process.reply import CandidateGone, Declared, Reply
from refdgm.check.questions.question import Question

Answers = list[list[Reply | CandidateGone]]


class Asked(Protocol):
    """Whoever answers: a child process, or a function in this one."""

    @property
    def found(self) -> Mapping[str, Declared]: ...

    def ask(self, head: dict[str, Any], arrays: Arrays) -> Reply: ...


def head(question: Question, device: str) -> dict[str, Any]:
    """What is said of a question beside its arrays."""
    options = question.case.options
    return {"reference": question.ref.name, "options": options, "dtype": question.dtype, "device": device}


def answered(
    asked: Asked, questions: list[Question], device: str, step: Callable[[int], None], twice: int | None = None
) -> Answers:
    """The answers to each question: one, or with `twice`, the seed of an order, two where they are not alike. Who has
    ended is asked no more."""
    order, gone = list(range(len(questions))), None
    found: Answers = [[] for _ in questions]
    if twice is not None:
        again, random = list(order), Random(twice)
        random.shuffle(order)
        random.shuffle(again)
        order += again
    for number, at in enumerate(order):
        step(number % len(questions))
        reply = gone or _put(asked, questions[at], device)
        if isinstance(reply, CandidateGone) and gone is None:
            gone = CandidateGone("raised", f"not reached: {str(reply).partition(chr(10))[0]}")
        if not found[at] or not _alike(found[at][0], reply):
            found[at].append(reply)
    return found


def _put(asked: Asked, question: Question, device: str) -> Reply | CandidateGone:
    try:
        return asked.ask(head(question, device), question.asked())
    except CandidateGone as error:
        return error


def _alike(one: Reply | CandidateGone, other: Reply | CandidateGone) -> bool:
    """Bit for bit, but for the words."""
    if isinstance(one, CandidateGone) or isinstance(other, CandidateGone):
        return one is other
    same = (one.answered, one.dtype, one.severed) == (other.answered, other.dtype, other.severed)
    return same and one.arrays.keys() == other.arrays.keys() and all(
        np.array_equal(x, other.arrays[role], equal_nan=x.dtype.kind == "f") for role, x in one.arrays.items()
    )

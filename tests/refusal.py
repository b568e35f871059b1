"""What every refusal must be: the same sentence from every door, saying what, what came, and the way out."""

import pytest

from refdgm import RefdgmError


def refused(ref, error, label, *args, **options):
    """Ask by call, `.vjp`, `.value_and_grad` and `.validate`; the one sentence they must all refuse with."""
    doors = [ref, ref.validate] + [ref.vjp] * ref.differentiable + [ref.value_and_grad] * ref.objective
    sentences = []
    for door in doors:
        with pytest.raises(error) as caught:
            door(*args, **options)
        sentences.append(str(caught.value))
    assert issubclass(error, RefdgmError)
    assert len(set(sentences)) == 1, sentences
    well_said(sentences[0], label)
    return sentences[0]


def well_said(sentence, label):
    assert sentence.startswith(label), (label, sentence)
    said, _, way_out = sentence.partition("; ")
    assert way_out, f"no way out: {sentence}"
    assert "\n" not in sentence and not sentence.endswith("."), sentence
    must_and_got = " must " in said and ", got " in said
    assert must_and_got or any(words in said for words in (
        " is missing", " was given twice", " has no argument ", " by position, got ", " would allocate ", " needs ",
    )), sentence

"""Aliases are those of references that there are, and the functions that they name are where they say."""

import importlib
import re

import pytest

from refdgm import CATALOGUE
from refdgm.evidence import aliases as known
from refdgm.evidence.aliases import LIBRARIES, aliases
from refdgm.evidence.find import concept

from ..modules import EVIDENCE

EVERY = [one for name in CATALOGUE for one in aliases(name)]
NAMED = sorted({one.name for one in EVERY if one.library in LIBRARIES})
REPOSITORY = re.compile(r"[\w-]+/[\w.-]+")


def resolved(name):
    """What a full name names: attributes, and modules where there is no such attribute."""
    parts = name.split(".")
    found = importlib.import_module(parts[0])
    for length, part in enumerate(parts[1:], 2):
        if not hasattr(found, part):
            try:
                importlib.import_module(".".join(parts[:length]))
            except ModuleNotFoundError as error:
                if error.name != ".".join(parts[:length]) and "is not a package" not in str(error):
                    raise  # of what it needs itself
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.needs(n.partition(".")[0])) for n in NAMED])
@pytest.mark.filterwarnings("ignore")
def test_what_is_named_is_there(name):
    library = name.partition(".")[0]
    try:
        found = resolved(name)
    except ImportError as error:
        if library in ("torch", "jax", "numpy", "scipy"):
            raise
        pytest.skip(f"{library} lacks something itself: {error}")
    assert callable(found)


def test_the_look_up_sees_what_is_not_there():
    for name in ("numpy.linalg.slogdett", "numpy.linalgg.slogdet", "no_such_library.f"):
        with pytest.raises((AttributeError, ModuleNotFoundError)):
            resolved(name)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_reference_has_a_word_or_a_function(name):
    found = aliases(name)
    assert found and all(one.reference == name and one.name.strip() == one.name != "" for one in found)
    told = [(one.library, one.name) for one in found]
    assert len({*told}) == len(told)


def test_every_library_is_known_and_no_table_is_left_over():
    assert {one.library for one in EVERY if one.library and not REPOSITORY.fullmatch(one.library)} == LIBRARIES.keys()
    for path in EVIDENCE.glob("*/aliases.toml"):
        told = list(known._told(path.parent.name))
        here = [name for name in CATALOGUE if concept(name).partition(".")[0] == path.parent.name]
        assert told == [name for name in here if name in told], f"{path} in the order of the catalogue"
        for name in told:
            assert known._told(path.parent.name)[name].keys() <= {"words", "nearly", "functions"}, name


def test_what_differs_is_said_in_one_clause():
    """No capital that begins a sentence, no full stop that ends it; a function under two references is told apart."""
    for one in EVERY:
        assert one.under.strip() == one.under and not one.under.endswith("."), one
    twice = {}
    for one in EVERY:
        if one.library:
            twice.setdefault((one.library, one.name), []).append(one.under)
    assert not [name for name, said in twice.items() if len(said) > 1 and sum(not under for under in said) > 1]


@pytest.mark.parametrize(("name", "short"), [
    ("torch.nn.functional.gumbel_softmax", "F.gumbel_softmax"), ("torch.nn.BCELoss", "nn.BCELoss"),
    ("torch.distributions.kl_divergence", "torch.distributions.kl_divergence"), ("jax.nn.softmax", "jax.nn.softmax"),
    ("diffusers.models.autoencoders.vae.VectorQuantizer", "VectorQuantizer"),
    ("sklearn.neural_network.BernoulliRBM._free_energy", "BernoulliRBM._free_energy"), ("torchdiffeq.odeint", "odeint"),
])
def test_a_function_as_people_write_it(name, short):
    assert known.Alias("", name, name.partition(".")[0], "").short == short

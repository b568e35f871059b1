"""Bodies and their pullbacks as one graph of `torch.compile`: nothing in them depends on a number of an array, and
nothing that is called breaks the graph."""

import numpy as np
import pytest

from refdgm import CATALOGUE
from refdgm.cases import draw

from .turns import in_turn

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.needs("torch"), pytest.mark.filterwarnings("ignore::UserWarning")]  # of a cache, traced

def tensors(tree):
    return {k: tensors(x) for k, x in tree.items()} if isinstance(tree, dict) else torch.as_tensor(np.asarray(tree))


def asked(name):
    """A function of arrays alone, with its arrays: the value and all cotangents."""
    ref, case = CATALOGUE[name], draw(CATALOGUE[name], 3)
    options = {n: ref.args[n].known[x] if ref.args[n].field else x for n, x in case.options.items()}

    def both(arrays, bars):
        if not ref.differentiable:
            return ref.body(**arrays, **options)
        value, pullback = ref.body(**arrays, **options)
        return value, pullback(*bars)

    return both, tensors(case.arguments()), [torch.as_tensor(bar) for bar in case.cotangents()]


def leaves(x):
    if isinstance(x, dict):
        return [leaf for each in x.values() for leaf in leaves(each)]
    return [leaf for each in x for leaf in leaves(each)] if isinstance(x, tuple) else [x]


@pytest.mark.parametrize("name", in_turn(CATALOGUE))
def test_one_graph_with_the_same_numbers(name):
    both, arrays, bars = asked(name)
    torch._dynamo.reset()
    compiled = torch.compile(both, backend="eager", fullgraph=True)
    for theirs, ours in zip(leaves(compiled(arrays, bars)), leaves(both(arrays, bars)), strict=True):
        if ours is None:
            assert theirs is None
        else:
            torch.testing.assert_close(theirs, ours, rtol=1e-12, atol=1e-12)

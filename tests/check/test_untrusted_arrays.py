"""What lies beside the arrays that an untrusted candidate receives, and answers that are no plain arrays."""

import ctypes

import autograd.numpy as anp
import numpy as np
import pytest

from refdgm.testing import check

torch = pytest.importorskip("torch")


def kl(xp, mean, logvar):
    return xp.sum(mean**2 + xp.exp(logvar) - 1 - logvar, 1) / 2


def by_hand(mean, logvar):
    with np.errstate(over="ignore"):  # e^λ of a certified case is no number of float32
        value, slope = kl(np, mean, logvar), (np.exp(logvar) - 1) / 2
    return value, lambda bar: {"mean": bar[:, None] * mean, "logvar": bar[:, None] * slope}


@pytest.mark.parametrize("framework, dtype", [
    ("numpy", "float64"), ("numpy", "float32"), ("torch", "float64"), ("torch", "float32"), ("torch", "bfloat16"),
    ("autograd", "float64"), ("autograd", "bfloat16"), ("jax", "float64"),
])  # fmt: skip
def test_right_ones_see_nothing_of_it(framework, dtype):
    if framework == "jax":
        pytest.importorskip("jax")
        import jax.numpy as jnp
    spaces = {"torch": torch, "autograd": anp, "jax": framework == "jax" and jnp}
    fn = by_hand if framework == "numpy" else lambda mean, logvar: kl(spaces[framework], mean, logvar)
    checked = check(fn, "gaussian_kl", framework=framework, dtype=dtype, untrusted=True, seed=3)
    assert checked.notes[-1] == "asked twice, in fresh cases too: seed=3 has them again"


def differs(fn, match="differs", **how):
    with pytest.raises(AssertionError, match=match):
        check(fn, "gaussian_kl", untrusted=True, seed=3, **how)


def beyond(x):
    """The element after the last: 0 where nothing lies there that is a number."""
    return np.lib.stride_tricks.as_strided(x.reshape(-1), (x.size + 1,), (x.itemsize,))[-1]


def test_what_is_read_beyond_an_end_spoils_the_answer():
    """A sum over a block that reaches over the end, without a mask; without guards what lies there is often zero."""
    def leaking(mean, logvar):
        value, pullback = by_hand(mean, logvar)
        return value + 0 * beyond(mean), pullback

    differs(leaking, framework="numpy")

    def leaking_in_torch(mean, logvar):
        beside = torch.as_strided(mean.detach(), (1,), (1,), mean.storage_offset() + mean.numel())
        return kl(torch, mean, logvar) + 0 * beside

    differs(leaking_in_torch, framework="torch")


@pytest.mark.parametrize("at", [-1, 0])
def test_what_is_written_beside_an_array_is_seen(at):
    def writing(mean, logvar):
        ctypes.c_double.from_address(mean.ctypes.data + 8 * (mean.size if at == 0 else -1)).value = 1.0
        return by_hand(mean, logvar)

    differs(writing, "writes outside of its arrays", framework="numpy")


def test_inputs_that_are_changed_are_seen():
    def changing(mean, logvar):
        answer = by_hand(mean.copy(), logvar)
        mean *= 2
        return answer

    differs(changing, "changes its inputs or cotangents in place", framework="numpy")


class Liar(np.ndarray):
    """Equal to everything, near to everything."""

    def __array_ufunc__(self, ufunc, method, *inputs, **named):
        return np.True_ if ufunc in (np.less, np.less_equal, np.equal) else np.zeros(self.shape)

    def __array_function__(self, func, types, args, kwargs):
        return np.True_


class Lazy:
    """Another array each time it is made one."""

    dtype, shape, ndim, many = np.dtype(float), (2,), 1, 0

    def __array__(self, *_, **__):
        Lazy.many += 1
        return np.full(self.shape, float(Lazy.many))


def test_arrays_that_lie_are_numbers_when_they_are_compared():
    def lying(mean, logvar):
        value, pullback = by_hand(mean, logvar)
        return (0 * value).view(Liar), pullback

    differs(lying, framework="numpy")

    def lazy(mean, logvar):
        value, pullback = by_hand(mean, logvar)
        made = Lazy()
        made.shape = value.shape
        return made, pullback

    differs(lazy, "differs|error", framework="numpy")


def test_a_nondeterministic_sum_is_not_blamed():
    """Another order each time, as of atomic additions: told, not failed."""
    random = np.random.default_rng(0)

    def shuffled(mean, logvar):
        _, pullback = by_hand(mean, logvar)
        terms = mean**2 + np.exp(logvar) - 1 - logvar
        return np.sum(random.permuted(terms, axis=1), axis=1) / 2, pullback

    checked = check(shuffled, "gaussian_kl", framework="numpy", untrusted=True, seed=3)
    assert any("had two answers" in note for note in checked.notes)

"""Attention, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.attention import attention


@rewrite(attention)
def block_by_block(query: Any, key: Any, value: Any, bias: Any, scale: Any) -> Any:
    """Two keys at a time with a running maximum, and back with ⟨o_bar, o⟩ from shares that are formed again."""
    shape = (*query.shape[:2], 1)
    top, total = np.full(shape, -np.inf, query.dtype), np.zeros(shape, query.dtype)
    held = np.zeros((*query.shape[:2], value.shape[2]), query.dtype)
    for j in range(0, key.shape[1], 2):
        s = scale * np.einsum("bnd,bkd->bnk", query, key[:, j : j + 2]) + bias[:, :, j : j + 2]
        here = np.maximum(top, np.max(s, axis=2, keepdims=True))
        safe = np.where(here == -np.inf, 0, here)
        e, before = np.exp(s - safe), np.exp(np.where(top == -np.inf, -np.inf, top - safe))
        total = before * total + np.sum(e, axis=2, keepdims=True)
        held, top = before * held + np.einsum("bnk,bke->bne", e, value[:, j : j + 2]), here
    out, lse = held / total, top + np.log(total)

    def pullback(out_bar: Any, lse_bar: Any) -> dict[str, Any]:
        grads = {"query": np.zeros_like(query), "key": np.zeros_like(key), "value": np.zeros_like(value),
                 "bias": np.zeros_like(bias), "scale": np.zeros_like(scale)}
        delta = np.sum(out_bar * out, axis=2, keepdims=True) - lse_bar[:, :, None]
        for j in range(key.shape[1]):
            products = np.einsum("bnd,bd->bn", query, key[:, j])
            p = np.exp(scale * products + bias[:, :, j] - lse[:, :, 0])
            s_bar = p * (np.einsum("bne,be->bn", out_bar, value[:, j]) - delta[:, :, 0])
            grads["query"] = grads["query"] + scale * s_bar[:, :, None] * key[:, None, j]
            grads["key"][:, j] = scale * np.einsum("bn,bnd->bd", s_bar, query)
            grads["value"][:, j] = np.einsum("bn,bne->be", p, out_bar)
            grads["bias"][:, :, j] = s_bar
            grads["scale"] = grads["scale"] + np.sum(s_bar * products)
        return grads

    return (out, lse[:, :, 0]), pullback

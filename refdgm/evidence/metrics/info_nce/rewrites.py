"""A contrast of queries and keys, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.metrics.info_nce import info_nce


@rewrite(info_nce)
def one_query_at_a_time(query: Any, key: Any, tau: Any) -> Any:
    """The log-odds against the others, a query at a time; the gradients from differences of keys."""
    pairs = range(len(query))
    loss, kept = np.zeros(len(query), query.dtype), []
    for i in pairs:
        apart = key - key[i]
        d = apart @ query[i] / tau
        top = max(0.0, float(np.max(d)))
        e = np.exp(d - top)
        others = np.sum(e[np.arange(len(e)) != i])
        loss[i] = np.log1p(others) if top == 0 else top + np.log(np.sum(e))
        p = e / np.sum(e)
        kept.append((p, apart, d))

    def pullback(bar: Any) -> dict[str, Any]:
        out = {"query": np.zeros_like(query), "key": np.zeros_like(key), "tau": np.zeros_like(tau)}
        for i, (p, apart, d) in zip(pairs, kept, strict=True):
            rate = bar / len(query) * p / tau
            others = np.where(np.arange(len(p)) == i, 0, rate)
            out["query"][i] = others @ apart
            out["key"] = out["key"] + np.outer(others, query[i])
            out["key"][i] = out["key"][i] - np.sum(others) * query[i]
            out["tau"] = out["tau"] - others @ d
        return out

    return np.mean(loss), pullback

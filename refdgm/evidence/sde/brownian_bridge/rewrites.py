"""A Brownian bridge, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.sde.brownian_bridge import brownian_bridge


def wide(number: Any, x: Any) -> Any:
    return number.reshape(-1, *[1] * (x.ndim - 1))


def added(x: Any) -> Any:
    return x.reshape(len(x), int(np.prod(x.shape[1:]))).sum(axis=1)


@rewrite(brownian_bridge)
def by_both_times(left: Any, right: Any, eps: Any, h: Any, share: Any) -> Any:
    """With the times to both ends, p = sh and q = (1 − s)h: (q a + p b)/(p + q), √(pq/(p + q)); one by one."""
    p, q = share * h, (1 - share) * h
    root = np.sqrt(p * q / (p + q))
    w = np.stack([(q[i] * left[i] + p[i] * right[i]) / (p[i] + q[i]) + root[i] * eps[i] for i in range(len(h))])

    def pullback(bar: Any) -> dict[str, Any]:
        apart, along = added(bar * (right - left)) / h, added(bar * eps)
        p_bar, q_bar = (1 - share) * apart, -share * apart                    # of the mean
        p_bar, q_bar = p_bar + along * root * q / (2 * p * h), q_bar + along * root * p / (2 * q * h)
        return {"left": wide(q / h, bar) * bar, "right": wide(p / h, bar) * bar,
                "h": share * p_bar + (1 - share) * q_bar, "share": h * (p_bar - q_bar)}

    return w, pullback


@rewrite(brownian_bridge)
def a_line_and_a_deviation(left: Any, right: Any, eps: Any, h: Any, share: Any) -> Any:
    """a + s (b − a), and a deviation with v^{1/2}, whose slopes are those of v."""
    v = h * share * (1 - share)
    root = v**0.5

    def pullback(bar: Any) -> dict[str, Any]:
        v_bar = added(bar * eps) / (2 * root)
        return {"left": bar - wide(share, bar) * bar, "right": wide(share, bar) * bar,
                "h": v_bar * share * (1 - share),
                "share": added(bar * right) - added(bar * left) + v_bar * (h - 2 * h * share)}

    return left + wide(share, left) * (right - left) + wide(root, left) * eps, pullback

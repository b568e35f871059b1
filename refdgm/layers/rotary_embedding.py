"""Positions that turn queries and keys, so that their product knows how far apart they are."""

from refdgm.declaration.domain import positive, real
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "N", "D", finite=True, meaning="x, queries or keys at N positions"),
        "position": real("N", finite=True, meaning="t, the positions, as 0, 1, …"),
        "base": positive(meaning="c, of which the slowest frequency is nearly the inverse, as 10⁴ or 5·10⁵"),
    },
    wrt=("x", "position"),
    result=real("B", "N", "D", meaning="y"),
    source="su2024roformer",
)
def rotary_embedding(x: Array, position: Array, base: Array) -> Result:
    """Rotary position embedding: every pair of components is turned by an angle that grows with the position.

        ω_i = c^{−i/n},   i = 0, …, n − 1,   n = ⌊D/2⌋                       (1)
        y_i = x_i cos ω_i t − x_{n+i} sin ω_i t                              (2)
        y_{n+i} = x_{n+i} cos ω_i t + x_i sin ω_i t                          (3)

    Cotangents for y_bar: the turn back, and the speed on each circle:

        x_bar_i = y_bar_i cos ω_i t + y_bar_{n+i} sin ω_i t                  (4)
        x_bar_{n+i} = y_bar_{n+i} cos ω_i t − y_bar_i sin ω_i t              (5)
        t_bar = Σ ω_i (y_bar_{n+i} y_i − y_bar_i y_{n+i}),  over i and B     (6)

    The pair of i is n + i, half the vector further on, as in Llama of transformers and GPT-NeoX; RoFormer, GPT-J and
    the first code of Llama pair neighbours, 2i and 2i + 1. Weights that were trained with one are wrong under the
    other. The product of a query at s and a key at t depends on s − t alone, whichever way both are turned. Of an odd D
    the last component stays as it is; most code refuses one.
    Source: Su, Lu, Pan, Murtadha, Wen & Liu (2024), eq. 34.
    """
    xp = namespace(x)
    n = x.shape[2] // 2
    i = xp.arange(n, dtype=x.dtype, device=x.device)
    omega = base ** (-i / n)                                                  # (1)
    angle = position[:, None] * omega
    sine, cosine = xp.sin(angle), xp.cos(angle)

    def turned(v: Array, by: Array) -> Array:
        one, other, rest = v[:, :, :n], v[:, :, n : 2 * n], v[:, :, 2 * n :]
        return xp.concat([one * cosine - other * by, other * cosine + one * by, rest], axis=-1)

    y = turned(x, sine)                                                       # (2), (3)

    def pullback(y_bar: Array) -> dict[str, Array]:
        across = y_bar[:, :, n : 2 * n] * y[:, :, :n] - y_bar[:, :, :n] * y[:, :, n : 2 * n]
        return {
            "x": turned(y_bar, -sine),                                        # (4), (5)
            "position": xp.sum(omega * across, axis=(0, 2)),                  # (6)
        }

    return y, pullback

"""Mistakes of tables: other rows, and what a row hears that is named twice, or never. A padding row that learns nothing
and a gradient divided by how often an index comes are conventions."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.layers.embedding import embedding
from refdgm.namespace import Array, namespace

BODY = embedding.body


def of_rows(index: Array, weight: Array) -> Any:
    """Rows of these indices, rightly differentiated."""
    return BODY(index % weight.shape[0], weight)


def hears(index: Array, weight: Array, heard: Callable[[Array, Array], Array]) -> Any:
    """The value is right; the gradient is what `heard` makes of the flat indices and the rows of the cotangent."""
    xp = namespace(weight)
    flat = xp.reshape(index, (-1,))
    return BODY(index, weight)[0], lambda bar: {"weight": heard(flat, xp.reshape(bar, (-1, weight.shape[1])))}


def added(index: Array, rows: Array, weight: Array) -> Array:
    """These rows at these indices, added up."""
    xp = namespace(weight)
    each = xp.arange(weight.shape[0], dtype=index.dtype, device=index.device)
    return xp.astype(each[:, None] == index, rows.dtype) @ rows


VALUE = ("value", "gradient.weight")


@mistake(embedding, *VALUE)
def counted_from_one(index: Array, weight: Array) -> Any:
    """Row i − 1: indices of a language that counts from one; 0 wraps to the last."""
    return of_rows(index - 1, weight)


@mistake(embedding, *VALUE)
def counted_from_the_end(index: Array, weight: Array) -> Any:
    """Row K − 1 − i."""
    return of_rows(-1 - index, weight)


@mistake(embedding, *VALUE)
def one_row_before_them(index: Array, weight: Array) -> Any:
    """Row i + 1: a row for padding or for no condition stands before the others, and the indices do not know of it."""
    return of_rows(index + 1, weight)


@mistake(embedding, *VALUE)
def indices_of_the_first_example(index: Array, weight: Array) -> Any:
    """One sequence of indices for the whole batch; right for B = 1."""
    return of_rows(index[:1, ...] + 0 * index, weight)


@mistake(embedding, *VALUE)
def indices_of_the_first_position(index: Array, weight: Array) -> Any:
    """One index for the whole example, as of a label; right for N = 1."""
    return of_rows(index[:, :1] + 0 * index, weight)


@mistake(embedding, *VALUE)
def column_after_column(index: Array, weight: Array) -> Any:
    """The table lies in memory column after column, and is read row after row; right for D = 1."""
    xp = namespace(weight)
    turned = lambda x, shape: xp.reshape(xp.permute_dims(x, (1, 0)), shape)
    value, right = BODY(index, turned(weight, weight.shape))

    def pullback(bar: Array) -> dict[str, Array]:
        other = xp.reshape(right(bar)["weight"], (weight.shape[1], weight.shape[0]))
        return {"weight": xp.permute_dims(other, (1, 0))}

    return value, pullback


@mistake(embedding, "value")
def long_rows_shortened(index: Array, weight: Array) -> Any:
    """Rows longer than one are cut to that before they are read, and the gradient does not know: a largest norm."""
    xp = namespace(weight)
    length = xp.sqrt(xp.sum(weight * weight, axis=1, keepdims=True))
    return BODY(index, weight / xp.where(length > 1, length, xp.ones_like(length)))[0], BODY(index, weight)[1]


# The value is right, the gradient is not


@mistake(embedding, "gradient.weight")
def mean_over_the_places(index: Array, weight: Array) -> Any:
    """Σ y_bar/(B N): the mean of a loss is taken a second time."""
    return hears(index, weight, lambda flat, rows: added(flat, rows, weight) / max(1, rows.shape[0]))


@mistake(embedding, "gradient.weight")
def heard_by_all(index: Array, weight: Array) -> Any:
    """Every row hears of every place."""
    return hears(index, weight, lambda flat, rows: namespace(rows).sum(rows, axis=0) + 0 * weight)


@mistake(embedding, "gradient.weight")
def positions_before_examples(index: Array, weight: Array) -> Any:
    """Indices flattened position after position, cotangents example after example; right for B = 1 and for N = 1."""
    xp = namespace(weight)
    other = xp.reshape(xp.permute_dims(index, (1, 0)), (-1,))
    return hears(index, weight, lambda flat, rows: added(other, rows, weight))


@mistake(embedding, "gradient.weight")
def of_the_last_example(index: Array, weight: Array) -> Any:
    """W_bar of the last example: the others were overwritten, not added to; right for B = 1."""
    many = index.shape[1]
    last = lambda x: x[x.shape[0] - many :, ...]
    return hears(index, weight, lambda flat, rows: added(last(flat), last(rows), weight))


@mistake(embedding, "gradient.weight")
def neighbours_counted_once(index: Array, weight: Array) -> Any:
    """Of equal indices that follow each other only the last is added: a run was closed and not summed."""
    xp = namespace(weight)

    def heard(flat: Array, rows: Array) -> Array:
        closed = xp.concat([flat[:-1] != flat[1:], flat[:1] == flat[:1]])
        return added(flat, xp.where(closed[:, None], rows, 0 * rows), weight)

    return hears(index, weight, heard)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(embedding, "gradient.weight", seen="pytorch/pytorch #1528", blind=True)
def last_place_kept(index: Array, weight: Array) -> Any:
    """A row hears of the last place that names it: written, not added (also tenstorrent/tt-metal #6232)."""
    xp = namespace(weight)

    def heard(flat: Array, rows: Array) -> Array:
        later = xp.arange(flat.shape[0], dtype=xp.int64, device=flat.device)
        again = (flat[:, None] == flat) & (later[:, None] < later)
        return added(flat, xp.where(xp.any(again, axis=1)[:, None], 0 * rows, rows), weight)

    return hears(index, weight, heard)


@mistake(embedding, "gradient.weight", seen="tsotchke/eshkol #392", blind=True)
def all_into_the_first_row(index: Array, weight: Array) -> Any:
    """Row 0 hears of every place, for the indices were not kept; right for K = 1."""
    return hears(index, weight, lambda flat, rows: added(0 * flat, rows, weight))


@mistake(embedding, "gradient.weight", seen="ooples/AiDotNet.Tensors #894", blind=True)
def gathered_and_not_scattered(index: Array, weight: Array) -> Any:
    """W_bar_k = y_bar at the place i_k: the transpose of a scatter in the place of a gather's."""
    xp = namespace(weight)

    def heard(flat: Array, rows: Array) -> Array:
        many = max(1, flat.shape[0])
        each = xp.arange(weight.shape[0], dtype=xp.int64, device=flat.device) % many
        return xp.take(rows, xp.take(flat, each, axis=0) % many, axis=0) if flat.shape[0] else 0 * weight

    return hears(index, weight, heard)


@mistake(embedding, "gradient.weight", seen="pytorch/pytorch #27731", blind=True)
def last_place_dropped(index: Array, weight: Array) -> Any:
    """The last place is not added: a loop ends one too early."""
    return hears(index, weight, lambda flat, rows: added(flat[:-1], rows[:-1, ...], weight))

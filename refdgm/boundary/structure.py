"""The boundary: which structures are refused before any computation, each in one sentence that names the
argument, what it must be, what it was, and the way out. `accept` runs once per new structure (`reference.py`
remembers what was accepted), `cotangent` where a pullback is given what is not plainly right. Nothing here reads
an element: that is `values.py`.
"""

from typing import Any, NamedTuple

import array_api_compat

from refdgm.boundary.values import is_number
from refdgm.declaration.domain import Array, Option, Parameters, Shape, shown
from refdgm.declaration.symbols import SYMBOLS, Some, width
from refdgm.errors import ArgumentError, DeviceError, DTypeError
from refdgm.namespace import device, namespace

LARGEST = 2**40  # bytes that a single argument or work array may name: beyond it a stride lies
HALF = ("float16", "bfloat16")
FLOATS = {"float32": 4, "float64": 8} | dict.fromkeys(HALF, 2)  # and their bytes; not every dtype tells them
INDICES = ("int32", "int64")
LIBRARIES = {"cupy": ("ndarray",), "torch": ("Tensor", "Parameter"), "array_api_strict": ("Array",)}


class Accepted(NamedTuple):
    """What is remembered of an accepted structure."""

    options: dict[str, Any]  # with defaults, Fields for their names
    sizes: dict[str, Any]  # of the symbols, and the options that count
    host: bool  # whether elements can be read without waiting for a device
    half: str | None  # the half dtype, which is computed in float32 and rounded once
    single: bool  # computed in float32
    numbers: bool  # whether there are Python numbers among the arguments


def is_array(x: Any) -> bool:
    """A supported array. Subclasses change the meaning of `*` (matrix) or hide elements (masked): they are none."""
    kind = type(x)
    if array_api_compat.is_numpy_array(x):
        return kind.__module__ in ("numpy", "ml_dtypes") and kind.__name__ not in ("matrix", "memmap")
    return kind.__name__ in LIBRARIES.get(kind.__module__.partition(".")[0], ())


def dtype_name(x: Any) -> str:
    """"float64", whatever the namespace; foreign byte orders are told, for they do not equal the native one."""
    if not getattr(x.dtype, "isnative", True):
        return f"{x.dtype.name} of foreign byte order"
    return str(x.dtype).rsplit(".", 1)[-1]


def told(x: Any) -> str:
    """What it is, for a sentence."""
    if x is None:
        return "None"
    kind = type(x)
    return f"{kind.__module__}.{kind.__name__}" if kind.__module__ != "builtins" else f"a {kind.__name__}"


def accept(ref: Any, named: dict[str, Any], options: dict[str, Any]) -> Accepted:
    """Refuse a wrong structure; otherwise what is worth remembering of it."""
    for name in ref.options:
        _option(name, ref.args[name], options[name])
    home: tuple[str, Any] | None = None
    first: tuple[str, Any] | None = None  # of those that are computed with; an index has a dtype of its own
    numbers = False
    for label, domain, x in _leaves(ref, named):
        if is_number(x) and isinstance(domain, Array) and domain.shape == ():
            numbers = True
            continue
        _array(label, domain, x)
        home = home or (label, x)
        _same_home(*home, label, x)
        if not _integer(domain):
            first = first or (label, x)
            _same_dtype(*first, label, x)
    sizes: dict[str, Any] = {}
    for name in ref.arrays:
        if isinstance(ref.args[name], Array) and not is_number(named[name]):
            fit(name, ref.args[name].shape, tuple(named[name].shape), sizes)
    for name in ref.arrays:
        domain = ref.args[name]
        if isinstance(domain, Parameters):
            layout = options[domain.of].layout if isinstance(domain.of, str) else domain.of
            if layout is not None:  # a user's own field may keep its layout to itself
                _layout(name, domain, layout, named[name], sizes)
    for name in ref.options:
        most = ref.args[name].most
        if most and options[name] > sizes[most]:
            raise ArgumentError(f"{name} must be at most {most} = {sizes[most]}, got {options[name]}; take fewer")
    for symbol, some in needed(ref).items():
        if sizes.get(symbol) == 0:
            raise ArgumentError(f"{ref.name} needs at least one {some.one}, got {symbol} = 0; {some.instead}")
    for symbol, bound in ref.bounds.items():
        if symbol in sizes and not bound.holds(sizes[symbol]):
            raise ArgumentError(f"{ref.name} needs {symbol} of {bound}, got {symbol} = {sizes[symbol]}; {bound.why}")
    sizes = ref.sized(sizes, options)
    kind = dtype_name(first[1]) if first else "float64"
    if ref.work and first:
        total = getattr(first[1].dtype, "itemsize", 8)
        for symbol in ref.work:
            total *= sizes[symbol]
        if total > LARGEST:
            raise ArgumentError(f"{ref.name} would allocate {total} bytes for its ({', '.join(ref.work)}) work array, "
                                f"limit {LARGEST}; call it on slices of the batch")
    half = kind if kind in HALF else None
    return Accepted(options, sizes, not home or _is_host(home[1]), half, kind != "float64", numbers)


def needed(ref: Any) -> dict[str, Some]:
    """The symbols whose axes may not be empty: everywhere, or by what an argument declares."""
    everywhere = {symbol: row.some for symbol, row in SYMBOLS.items() if row.some}
    return everywhere | dict(d.nonempty for d in ref.args.values() if isinstance(d, Array) and d.nonempty)


def allowed(domain: Any) -> str:
    """The way out where an option was left out; of an array there is none to tell."""
    if not isinstance(domain, Option):
        return ""
    if domain.least is not None:
        return f"give a whole number of at least {domain.least}"
    own = f" or a {domain.field.noun}" if domain.field else ""
    return f"give one of {', '.join(domain.words or domain.known)}{own}"


def cotangent(name: str, like: Any, bar: Any) -> None:
    """Refuse a cotangent that is not of exactly its output's kind."""
    if not is_array(bar) or namespace(bar) is not namespace(like):
        raise DTypeError(f"{name} must be an array like its output, {told(like)}, got {told(bar)}; convert it")
    if getattr(bar, "layout", None) != getattr(like, "layout", None):
        raise DTypeError(f"{name} must be a dense array like its output, got one of layout {bar.layout}; "
                         "call its to_dense()")
    if device(bar) != device(like):
        raise DeviceError(f"{name} must be on its output's device, {device(like)}, got {device(bar)}; move it there")
    if tuple(bar.shape) != tuple(like.shape):
        raise ArgumentError(f"{name} must have the output's shape {tuple(like.shape)}, got {tuple(bar.shape)}; "
                            "expand it, for a broadcast cotangent is a wrong gradient")
    if dtype_name(bar) != dtype_name(like):
        raise DTypeError(f"{name} must have the output's dtype {dtype_name(like)}, got {dtype_name(bar)}; cast it")


def _leaves(ref: Any, named: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Every array with the label that an error gives it."""
    found = []
    for name in ref.arrays:
        domain, x = ref.args[name], named[name]
        if isinstance(domain, Array):
            found.append((name, domain, x))
        elif type(x) is dict and x and all(type(key) is str for key in x):
            found += [(f"{name}.{entry}", domain, y) for entry, y in x.items()]
        else:
            what = told(x) if type(x) is not dict else "keys that are no names" if x else "an empty dict"
            raise DTypeError(f"{name} must be a flat dict of arrays by name, got {what}; pass {{'W1': …, 'b1': …}}")
    return found


def _option(name: str, domain: Option, x: Any) -> None:
    if type(x) is str and x in domain.refused:
        known = ", ".join(domain.words or domain.known)
        raise ArgumentError(f"{name} must be one of {known}, got {x!r}; {domain.refused[x]}")
    if domain.words and (type(x) is not str or x not in domain.words):
        raise ArgumentError(f"{name} must be one of {', '.join(domain.words)}, got {x!r}; options are fixed words")
    if domain.least is not None and (type(x) is not int or x < domain.least):
        raise ArgumentError(f"{name} must be a whole number of at least {domain.least}, got {x!r}; pass a Python int")
    if domain.least is not None and x % domain.multiple:
        raise ArgumentError(f"{name} must be a multiple of {domain.multiple}, got {x}; "
                            f"take {x - x % domain.multiple} or {x + -x % domain.multiple}")
    kind = getattr(x, "kind", None)
    if domain.field and kind != domain.field:
        noun, want = domain.field.noun, str(domain.field)
        got = repr(x) if not kind else f"one of {kind}" if kind.noun == noun else f"a {kind.noun} of {kind}"
        raise ArgumentError(f"{name} must be a {noun} of {want}, got {got}; "
                            f"use one of {', '.join(domain.known)} or make a {noun} that takes and gives just that")


def _array(label: str, domain: Any, x: Any) -> None:
    if is_number(x):
        raise DTypeError(f"{label} must be an array, got the number {x!r}; only arguments without axes take numbers")
    if not is_array(x):
        number = "a number or " if isinstance(domain, Array) and domain.shape == () else ""
        raise DTypeError(f"{label} must be {number}an array (NumPy, CuPy, torch, array-api-strict), got {told(x)}; "
                         "convert it")
    layout = getattr(x, "layout", None)
    if layout is not None and str(layout) != "torch.strided":
        raise DTypeError(f"{label} must be a dense array, got one of layout {layout}; call its to_dense()")
    kind = dtype_name(x)
    whole = _integer(domain)
    if not (kind in INDICES if whole else kind in FLOATS):
        want = ", ".join(INDICES if whole else FLOATS)
        raise DTypeError(f"{label} must be one of {want}, got {kind}; cast explicitly")
    nominal = FLOATS.get(kind, 8)
    for size in x.shape:
        nominal *= size
    if nominal > LARGEST:
        raise ArgumentError(f"{label} must name at most {LARGEST} bytes, got {nominal}; pass slices of it")


def _integer(domain: Any) -> bool:
    return isinstance(domain, Array) and domain.support.integer


def _same_home(first: str, known: Any, label: str, x: Any) -> None:
    if namespace(known) is not namespace(x):
        raise DeviceError(f"{label} must be an array of the same library as {first}, {told(known)}, "
                          f"got {told(x)}; move one of them, nothing is moved for you")
    if device(known) != device(x):
        raise DeviceError(f"{label} must be on the device of {first}, {device(known)}, got {device(x)}; move it there")


def _same_dtype(first: str, known: Any, label: str, x: Any) -> None:
    if dtype_name(known) != dtype_name(x):
        raise DTypeError(f"{label} must have the dtype of {first}, {dtype_name(known)}, got {dtype_name(x)}; cast one")


def fit(name: str, want: Shape, got: tuple[int, ...], sizes: dict[str, Any]) -> None:
    """Refuse a shape that is not the declared one; otherwise the sizes of its symbols are added to those known."""
    rest = want[-1:] == ("...",)
    axes = want[:-1] if rest else want
    if len(got) < len(axes) or (len(got) > len(axes) and not rest):
        raise ArgumentError(f"{name} must have shape {shown(want)}, got {got}; nothing is broadcast, reshape it")
    pairs: list[tuple[Any, Any]] = list(zip(axes, got, strict=False))
    for symbol, size in pairs + [("...", got[len(axes):])] * rest:
        known = sizes.setdefault(symbol, size) if isinstance(symbol, str) else symbol
        if known != size:
            raise ArgumentError(f"{name} must have shape {shown(want)} with {symbol} = {known}, got {got}; "
                                "nothing is broadcast, pass arrays "
                                f"{'whose last axes are the same' if symbol == '...' else f'of one {symbol}'}")


def _layout(name: str, domain: Parameters, layout: Any, theta: dict[str, Any], sizes: dict[str, Any]) -> None:
    shapes = {entry: tuple(x.shape) for entry, x in theta.items()}
    if domain.stack:
        shapes = {entry: _layer(f"{name}.{entry}", shape, domain.stack, sizes) for entry, shape in shapes.items()}
    hidden, outputs = layout.sizes(shapes)
    if domain.outputs in SYMBOLS:
        sizes.setdefault(domain.outputs, outputs)
    want = layout.shapes(width(domain.inputs, sizes), width(domain.outputs, sizes), hidden)
    if domain.stack:
        want = {entry: (sizes[domain.stack], *shape) for entry, shape in want.items()}
        shapes = {entry: tuple(x.shape) for entry, x in theta.items()}
    for entry in want | shapes:
        if entry not in shapes or entry not in want:
            raise ArgumentError(f"{name} must have the entries {', '.join(want)}, got {', '.join(shapes)}; "
                                f"{'add' if entry in want else 'remove'} {entry}")
        if shapes[entry] != want[entry]:
            raise ArgumentError(f"{name}.{entry} must have shape {want[entry]}, got {shapes[entry]}; "
                                "weights are (out, in)")


def _layer(label: str, shape: tuple[int, ...], symbol: str, sizes: dict[str, Any]) -> tuple[int, ...]:
    """The shape of one layer of what is stacked; all entries are of as many."""
    layers = sizes.setdefault(symbol, shape[0]) if shape else sizes.get(symbol)
    if shape[:1] != (layers,):
        told = symbol if layers is None else f"{symbol} = {layers}"
        raise ArgumentError(f"{label} must have the leading axis {told}, got {shape}; stack the layers")
    return shape[1:]


def _is_host(x: Any) -> bool:
    where = str(device(x))
    return where == "cpu" or "CPU_DEVICE" in where

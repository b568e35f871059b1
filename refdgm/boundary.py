"""The boundary: what is refused before any computation, each in one sentence that names the argument,
what it must be, what it was, and the way out. Structure is judged here once per new structure (`reference.py`
remembers what was accepted); elements are read only by `values`."""

from typing import Any

import array_api_compat

from refdgm.domain import Array, Option, Parameters
from refdgm.errors import ArgumentError, DeviceError, DTypeError
from refdgm.namespace import device, namespace

LARGEST = 2**40  # bytes that a single argument or work array may name: beyond it a stride lies
HALF = ("float16", "bfloat16")
FLOATS = ("float32", "float64", *HALF)


def dtype_name(x: Any) -> str:
    """"float64", whatever the namespace; big-endian NumPy dtypes keep their own name."""
    text = str(x.dtype)
    if getattr(x.dtype, "byteorder", "=") == ">":
        return f"big-endian {text}"
    return text.rsplit(".", 1)[-1]


def is_array(x: Any) -> bool:
    """A real array: subclasses that change the meaning of `*` or hide elements are none."""
    kind = type(x)
    if array_api_compat.is_numpy_array(x):
        return kind.__module__ == "numpy" and kind.__name__ not in ("matrix", "memmap")
    if array_api_compat.is_dask_array(x) or array_api_compat.is_pydata_sparse_array(x):
        return False
    return array_api_compat.is_array_api_obj(x) or hasattr(x, "__array_namespace__")


def is_number(x: Any) -> bool:
    return type(x) in (int, float)


def accept(ref: Any, named: dict[str, Any], options: dict[str, Any]) -> dict[str, int]:
    """Refuse a wrong structure; otherwise the sizes of the symbols."""
    first = None
    for name, domain in ref.args.items():
        if isinstance(domain, Option):
            _option(name, domain, options[name])
            continue
        entries = named[name].items() if _is_dict(name, domain, named[name]) else [("", named[name])]
        for entry, x in entries:
            label = f"{name}.{entry}" if entry else name
            if is_number(x) and isinstance(domain, Array) and domain.shape == ():
                continue
            _array(label, domain, x)
            if isinstance(domain, Array) and domain.support == "index":
                continue
            if first is None:
                first = label, x
            _same_home(*first, label, x)
    sizes: dict[str, Any] = {}
    for name, domain in ref.args.items():
        if isinstance(domain, Array) and not is_number(named[name]):
            _shape(name, domain, tuple(named[name].shape), sizes)
    for name, domain in ref.args.items():
        if isinstance(domain, Parameters):
            layout = getattr(options[domain.of], "layout", None) if isinstance(domain.of, str) else domain.of
            if layout is not None:
                _layout(name, domain, layout, named[name], sizes)
    if sizes.get("K", 1) == 0:
        raise ArgumentError(f"{ref.name} needs at least one category, got K = 0; leave empty rows out before the call")
    if ref.work and first is not None:
        total = first[1].dtype.itemsize
        for symbol in ref.work:
            total *= sizes[symbol]
        if total > LARGEST:
            raise ArgumentError(
                f"{ref.name} would allocate {total} bytes for its ({', '.join(ref.work)}) differences, "
                f"limit {LARGEST}; call it on slices of the batch"
            )
    return sizes


def _is_dict(name: str, domain: Any, x: Any) -> bool:
    if isinstance(domain, Array):
        return False
    if type(x) is not dict or not all(type(key) is str for key in x) or not x:
        raise DTypeError(f"{name} must be a flat dict of arrays by name, got {_told(x)}; pass {{'W1': …, 'b1': …}}")
    return True


def _option(name: str, domain: Option, x: Any) -> None:
    if domain.words and (type(x) is not str or x not in domain.words):
        raise ArgumentError(f"{name} must be one of {', '.join(domain.words)}, got {x!r}; options are keywords")
    if domain.least is not None and (type(x) is not int or x < domain.least):
        raise ArgumentError(f"{name} must be a whole number of at least {domain.least}, got {x!r}; pass a Python int")
    if domain.field and getattr(x, "args", None) != domain.field:
        raise ArgumentError(
            f"{name} must be a Field of ({', '.join(domain.field)}), got {getattr(x, 'args', x)!r}; "
            f"use one of {', '.join(domain.known)} or make a Field with these arguments"
        )


def _array(label: str, domain: Any, x: Any) -> None:
    if not is_array(x):
        if is_number(x):
            raise DTypeError(f"{label} must be an array, got the number {x!r}; only arguments without axes take numbers")
        raise DTypeError(f"{label} must be an array of NumPy, CuPy, torch or array-api-strict, got {_told(x)}; convert it")
    kind = dtype_name(x)
    if isinstance(domain, Array) and domain.support == "index":
        if not kind.startswith(("int", "uint")):
            raise DTypeError(f"{label} must hold integers, got {kind}; cast explicitly")
    elif kind not in FLOATS:
        raise DTypeError(f"{label} must be {', '.join(FLOATS)}, got {kind}; cast explicitly")
    nominal = 8
    for size in x.shape:
        nominal *= size
    if nominal > LARGEST:
        raise ArgumentError(f"{label} names {nominal} bytes, limit {LARGEST}; pass slices of it")


def _same_home(first: str, known: Any, label: str, x: Any) -> None:
    if namespace(known) is not namespace(x):
        raise DeviceError(
            f"{label} must be an array of the same library as {first} ({type(known).__module__}), "
            f"got {type(x).__module__}.{type(x).__name__}; move one of them, nothing is moved for you"
        )
    if device(known) != device(x):
        raise DeviceError(f"{label} must be on the device of {first} ({device(known)}), got {device(x)}; move it there")
    if dtype_name(known) != dtype_name(x):
        raise DTypeError(f"{label} must have the dtype of {first} ({dtype_name(known)}), got {dtype_name(x)}; cast one")


def _shape(name: str, domain: Array, got: tuple[int, ...], sizes: dict[str, Any]) -> None:
    want = domain.shape
    told = f"({', '.join(str(s) for s in want)}{',' if len(want) == 1 else ''})"
    rest = bool(want) and want[-1] == "..."
    axes = want[:-1] if rest else want
    if len(got) != len(axes) and not (rest and len(got) >= len(axes)):
        raise ArgumentError(f"{name} must have shape {told}, got {got}; nothing is broadcast, reshape it")
    pairs: list[tuple[Any, Any]] = list(zip(axes, got, strict=False))
    if rest:
        pairs.append(("...", got[len(axes) :]))
    for symbol, size in pairs:
        known = sizes.setdefault(symbol, size) if isinstance(symbol, str) else symbol
        if known != size:
            raise ArgumentError(
                f"{name} must have shape {told} with {symbol} = {known}, got {got}; nothing is broadcast, reshape it"
            )


def _layout(name: str, domain: Parameters, layout: Any, theta: dict[str, Any], sizes: dict[str, Any]) -> None:
    shapes = {entry: tuple(x.shape) for entry, x in theta.items()}
    hidden, outputs = layout.sizes(shapes)
    want = layout.shapes(sizes[domain.inputs], sizes.setdefault(domain.outputs, outputs), hidden)
    for entry in want.keys() - shapes.keys():
        raise ArgumentError(f"{name}.{entry} is missing; {name} must have the entries {', '.join(want)}")
    for entry in shapes.keys() - want.keys():
        raise ArgumentError(f"{name}.{entry} is unknown; {name} must have the entries {', '.join(want)}")
    for entry, shape in want.items():
        if shapes[entry] != shape:
            raise ArgumentError(f"{name}.{entry} must have shape {shape}, got {shapes[entry]}; weights are (out, in)")


def is_host(x: Any) -> bool:
    """Whether elements can be read without waiting for a device."""
    return is_number(x) or array_api_compat.is_numpy_array(x) or str(device(x)) in ("cpu", "CPU_DEVICE")


def values(ref: Any, named: dict[str, Any], everywhere: bool = False, numbers_only: bool = False) -> None:
    """Refuse elements outside their support: Python numbers always, host arrays, device arrays when asked."""
    for name, domain in ref.args.items():
        if isinstance(domain, Array) and (domain.support != "real" or domain.finite or domain.ordered):
            x = named[name]
            if is_number(x) or (not numbers_only and (everywhere or is_host(x))):
                _support(name, domain, x, named)


def _support(name: str, domain: Array, x: Any, named: dict[str, Any]) -> None:
    way = f"; {domain.instead}" if domain.instead else ""
    if is_number(x):
        good = x - x == 0 and (domain.support == "real" or (0 < x and (domain.support == "positive" or x < 1)))
        if not good:
            raise ArgumentError(f"{name} must be {_words(domain)}, got {x!r}{way}")
        return
    xp = namespace(x)
    if domain.support in ("positive", "unit"):
        bad = ~((x > 0) & (x < (1 if domain.support == "unit" else float("inf"))))
    elif domain.support == "index":
        bad = (x < 0) | (x >= named["codebook"].shape[0] if domain.below == "K" else x < 0)
    elif domain.support == "logits":
        bad = x == float("inf")
        if not xp.any(bad) and 0 not in x.shape:
            empty = xp.all(x == -float("inf"), axis=-1)
            if xp.any(empty):
                row = _first(xp, empty)
                raise ArgumentError(f"{name} must have a finite entry in every row, got only −∞ in row {row}{way}")
    else:
        bad = xp.isinf(x) if domain.finite else xp.zeros_like(x, dtype=xp.bool)
    if domain.ordered:
        bad = bad | xp.isnan(x)
    if xp.any(bad):
        at = _first(xp, bad)
        raise ArgumentError(f"{name} must be {_words(domain)}, got {float(x[at] if at else x)} at {list(at)}{way}")


def _first(xp: Any, bad: Any) -> tuple[int, ...]:
    flat = int(xp.argmax(xp.astype(xp.reshape(bad, (-1,)), xp.int8)))
    at = []
    for size in reversed(bad.shape):
        at.append(flat % size)
        flat //= size
    return tuple(reversed(at))


def _words(domain: Array) -> str:
    said = {"real": "finite", "positive": "positive and finite", "unit": "strictly between 0 and 1",
            "logits": "below +∞", "index": f"an index below {domain.below}"}[domain.support]
    if domain.support == "real" and domain.ordered and not domain.finite:
        said = "a number"
    return said + (", never NaN" if domain.ordered and said != "a number" else "")


def _told(x: Any) -> str:
    kind = type(x)
    return f"{kind.__module__}.{kind.__name__}" if kind.__module__ != "builtins" else f"a {kind.__name__}"

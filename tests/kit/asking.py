"""One way to put a case to anything, and one flat shape for the answers: `output.y`, `gradient.theta.W1`."""

from refdgm.cases import flatten


def nested(f, x):
    """f of an array, or of every entry of a dict of them."""
    return {name: f(entry) for name, entry in x.items()} if isinstance(x, dict) else f(x)


def named(ref, outputs, grads) -> dict:
    """The answers by flat name; `outputs` is the bare value where there is one."""
    outputs = outputs if len(ref.result) > 1 else (outputs,)
    flat = {f"output.{name}": y for name, y in zip(ref.result, outputs, strict=True)}
    return flat | {f"gradient.{name}": x for name, x in flatten({n: grads[n] for n in ref.wrt}).items()}


def with_fields(ref, options) -> dict:
    """The options as a body takes them: Fields for their names."""
    return ref._resolved(dict(options))


def ask(ref, case, convert=lambda x: x, body=False) -> dict:
    """The answers of a reference to a case, its arrays passed through `convert`; by the body if asked."""
    arguments = case.arguments()
    args = [nested(convert, arguments[name]) for name in ref.arrays]
    bars = [convert(bar) for bar in case.cotangents()]
    options = with_fields(ref, case.options) if body else case.options
    if not ref.differentiable:
        return named(ref, (ref.body if body else ref)(*args, **options), {})
    value, pullback = (ref.body if body else ref.vjp)(*args, **options)
    return named(ref, value, pullback(*bars))

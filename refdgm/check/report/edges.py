"""What no case asks, for it lies outside the domain: one line for each edge, from the declaration alone."""

from refdgm.declaration.domain import Array, Option
from refdgm.reference import Reference


def edges(ref: Reference) -> list[str]:
    """ "tau = 0 (tau is positive and finite)"."""
    found: list[str] = []
    for name, domain in ref.args.items():
        if isinstance(domain, Array):
            found += _array(name, domain)
        elif isinstance(domain, Option) and domain.least is not None:
            found.append(f"{name} = {domain.least - 1} ({name} is at least {domain.least})")
    empty = {domain.nonempty[0] for domain in ref.args.values() if isinstance(domain, Array) and domain.nonempty}
    found += [f"{symbol} = 0 ({symbol} is at least 1)" for symbol in sorted(empty - ref.bounds.keys())]
    for symbol, bound in ref.bounds.items():
        ends = [bound.least - 1] * (bound.least > 0) + [bound.most + 1 for _ in (0,) if bound.most is not None]
        found += [f"{symbol} = {end} ({symbol} is {bound})" for end in ends]
    return found


def _array(name: str, domain: Array) -> list[str]:
    support = domain.support
    words = support.words.format(below=domain.below)
    found = [f"{edge.format(name, below=domain.below)} ({name} is {words})" for edge in support.beyond]
    if support.rows and domain.shape and support.rows.beyond:
        found.append(f"{support.rows.beyond.format(name)} ({name} has {support.rows.must})")
    if domain.finite and support.line:
        found.append(f"{name} = ±∞ ({name} is finite)")
    if domain.ordered:
        found.append(f"{name} = NaN ({name} is never NaN)")
    if domain.above:
        found.append(f"{name} = {domain.above} ({name} exceeds {domain.above})")
    return found

"""Data and nodes of one model: plain ones, cold and hot ones, the nodes of a quadrature."""

from refdgm.evidence.ask import Arrays, Ask, both, moved, put, scaled
from refdgm.evidence.energy.nodes import LOG_SPACES, LONG, MANY, ONE, POINTS, SQUARE, without
from refdgm.evidence.energy.nodes import NOTES as OF_NODES

NOTES = {
    **OF_NODES,
    "cotangents_cancel": "the cotangents add up to zero: what all examples have in common has no gradient",
}
QUARTIC = [x**4 / 4 for x in POINTS]


def balanced(arrays: Arrays) -> Arrays:
    bar = arrays["cotangent.value"].copy()
    bar[-1] = -bar[:-1].sum()
    return {"cotangent.value": bar}


LIST = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("more nodes than examples", sizes=LONG),
    Ask("more examples than nodes", sizes={"B": 13, "K": 2}),
    Ask("as many examples as nodes", ("square",), sizes=SQUARE),
    Ask("as many examples as nodes, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one example", ("single_example",), sizes=ONE),
    Ask("one node", ("single_axis",), sizes={"B": 5, "K": 1}),
    Ask("states that are counted", ("primes", "counted"), change=scaled(0, "log_weight")),
    Ask("eleven states that are counted", ("primes", "counted"), sizes=LONG, change=scaled(0, "log_weight")),
    Ask("a quartic energy by the trapezium rule", ("primes", "quadrature"), sizes=MANY,
        change=put(grid_energy=QUARTIC, log_weight=LOG_SPACES)),
    Ask("drawn energies by the trapezium rule", ("primes", "quadrature"), sizes=MANY,
        change=put(log_weight=LOG_SPACES)),
    Ask("cold", ("primes", "cold"), change=scaled(16, "energy", "grid_energy")),
    Ask("cold, eleven nodes", ("primes", "cold"), sizes=LONG, change=scaled(16, "energy", "grid_energy")),
    Ask("colder", ("primes", "cold"), change=scaled(128, "energy", "grid_energy")),
    Ask("hot", ("primes", "hot"), change=scaled(2.0**-12, "energy", "grid_energy")),
    Ask("all energies around 30", ("primes", "offset"), "offset", change=moved(-30, "log_weight")),
    Ask("all energies around −30", ("primes", "offset"), "offset",
        change=both(scaled(-1, "energy", "grid_energy"), moved(-30, "log_weight"))),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("energies of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("cotangents that add up to zero", ("primes", "cotangents_cancel"), change=balanced),
    Ask("a node that is left out", ("primes", "masked_logit"), change=lambda arrays: {
        "input.log_weight": without(arrays["input.log_weight"])}),
]
CASES = {"energy_negative_log_likelihood": LIST}

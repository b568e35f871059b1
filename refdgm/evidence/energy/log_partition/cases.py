"""Energies on nodes: plain ones, cold and hot ones, the nodes of a quadrature."""

from refdgm.evidence.ask import Ask, both, long, moved, put, scaled
from refdgm.evidence.energy.nodes import LOG_SPACES, LONG, MANY, ONE, POINTS, SQUARE, without
from refdgm.evidence.energy.nodes import NOTES as NOTES

QUARTIC = [[c * x**4 / 4 for x in POINTS] for c in (1.0, 0.25, 3.0)]
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
    Ask("quartic energies by the trapezium rule", ("primes", "quadrature"), sizes=MANY,
        change=put(energy=QUARTIC, log_weight=LOG_SPACES)),
    Ask("drawn energies by the trapezium rule", ("primes", "quadrature"), sizes=MANY,
        change=put(log_weight=LOG_SPACES)),
    Ask("cold", ("primes", "cold"), change=scaled(16, "energy")),
    Ask("cold, eleven nodes", ("primes", "cold"), sizes=LONG, change=scaled(16, "energy")),
    Ask("colder", ("primes", "cold"), change=scaled(128, "energy")),
    Ask("hot", ("primes", "hot"), change=scaled(2.0**-12, "energy")),
    Ask("hot, counted", ("primes", "hot", "counted"),
        change=both(scaled(2.0**-12, "energy"), scaled(0, "log_weight"))),
    Ask("energies around 30", ("primes", "offset"), "offset", change=moved(-30, "log_weight")),
    Ask("energies around −30", ("primes", "offset"), "offset",
        change=both(scaled(-1, "energy"), moved(-30, "log_weight"))),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("energies of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("a node that is left out", ("primes", "masked_logit"), change=lambda arrays: {
        "input.log_weight": without(arrays["input.log_weight"])}),
]
CASES = {"log_partition": [*LIST, *long({"B": 2, "K": 130}, {"B": 1, "K": 1025})]}

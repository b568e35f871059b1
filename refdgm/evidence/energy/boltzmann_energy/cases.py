"""States of small machines: bits and means, tied and directed weights, a diagonal."""

from refdgm.evidence.ask import Ask, both, moved, scaled, thirds
from refdgm.evidence.energy import machine
from refdgm.evidence.energy.machine import bits, diagonal, everywhere, one_way, tied

NOTES = {name: why for name, why in machine.NOTES.items()
         if name not in ("strong_weights", "warm", "frozen", "unit_temperature")}
FIVE, SQUARE = {"B": 7, "D": 5}, {"B": 3, "D": 3}
LIST = [
    Ask("means between off and on"),
    Ask("means between off and on, other signs"),
    Ask("five units, seven states", sizes=FIVE),
    Ask("eleven units, two states", sizes={"B": 2, "D": 11}),
    Ask("as many states as units", ("square",), sizes=SQUARE),
    Ask("as many states as units, far out", ("square", "mixed"), "mixed", SQUARE),
    Ask("one state", ("single_example",), sizes={"B": 1, "D": 3}),
    Ask("one unit", ("single_unit",), sizes={"B": 5, "D": 1}),
    Ask("two units", sizes={"B": 7, "D": 2}),
    Ask("bits", ("primes", "bits"), change=bits("y")),
    Ask("bits of five units", ("primes", "bits"), sizes=FIVE, change=bits("y")),
    Ask("all off", ("primes", "all_off"), change=everywhere(0, "y")),
    Ask("all on", ("primes", "all_on"), change=everywhere(1, "y")),
    Ask("tied weights", ("primes", "tied"), change=tied),
    Ask("tied weights, bits of five units", ("primes", "tied", "bits"), sizes=FIVE, change=both(bits("y"), tied)),
    Ask("weights above the diagonal", ("primes", "one_way"), change=one_way),
    Ask("a diagonal", ("primes", "self_connected"), change=diagonal),
    Ask("no weights", ("primes", "no_weights"), change=scaled(0, "W")),
    Ask("no bias", ("primes", "no_bias"), change=scaled(0, "b")),
    Ask("weights around 30", ("primes", "offset"), "offset"),
    Ask("biases around −8", ("primes", "offset"), change=moved(-8.0, "b")),
    Ask("weights of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("weights of the order of 15", ("primes", "extreme"), "extreme", FIVE),
    Ask("numbers of 53 bits", ("primes", "full"), change=thirds),
]
CASES = {"boltzmann_energy": LIST}

"""Likelihoods of small deep machines: of all states, of likely and unlikely ones, and where layers do not meet."""

from refdgm.evidence.ask import Ask, both, put, scaled
from refdgm.evidence.energy import layered as shared
from refdgm.evidence.energy.layered import layered

NOTES = shared.NOTES | {
    "foreseen": "states that the biases make nearly certain: log-probabilities near zero",
    "unforeseen": "states that the biases make nearly impossible",
    "all_states": "every state of the visible units, each once",
    "weights_near_zero": "weights of about 1e-3: data and model nearly agree of the hidden units",
}
ON = put(v=[[1, 0, 1]] * 5)
EVERY = put(v=[[s >> i & 1 for i in range(3)] for s in range(8)])
PRIMES = {"E": 7}
LIST = [
    *layered(PRIMES),
    Ask("all states", ("all_states", "bits"), sizes={"B": 8, "D": 3, "H": 2, "E": 5}, change=EVERY),
    Ask("likely states", ("primes", "bits", "foreseen"), sizes=PRIMES, change=both(ON, put(b=[9, -8, 10]))),
    Ask("unlikely states", ("primes", "bits", "unforeseen"), sizes=PRIMES, change=both(ON, put(b=[-9, 8, -10]))),
    Ask("small weights", ("primes", "weights_near_zero"), sizes=PRIMES, change=scaled(2.0**-10, "W1", "W2")),
    Ask("small weights above", ("primes", "weights_near_zero"), sizes=PRIMES, change=scaled(2.0**-10, "W2")),
]
CASES = {"dbm_log_likelihood": LIST}

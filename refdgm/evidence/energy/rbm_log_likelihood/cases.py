"""Likelihoods of machines of every shape: of all states, of likely and unlikely ones."""

from refdgm.evidence.ask import Ask, both, put
from refdgm.evidence.energy.restricted import NOTES, SMALL, machines

NOTES = NOTES | {
    "foreseen": "states that the biases make nearly certain: log-probabilities near zero",
    "unforeseen": "states that the biases make nearly impossible",
    "all_states": "every state of the visible units, each once",
}
ON = put(v=[[1, 0, 1]] * 5)
EVERY = put(v=[[s >> i & 1 for i in range(3)] for s in range(8)])
EVEN = {"no_weights", "no_biases"}  # hidden states that are all alike: no enclosure decides which is the largest
LIST = [
    *(one for one in machines("v", strong=16) if not EVEN.issubset(one.flags)),
    Ask("all states", ("all_states", "visible_states"), sizes={"B": 8, "D": 3, "H": 2}, change=EVERY),
    Ask("all states, more hidden units", ("all_states", "visible_states", "more_hidden"),
        sizes={"B": 8, "D": 3, "H": 5}, change=EVERY),
    Ask("likely states", ("primes", "visible_states", "foreseen"), sizes=SMALL, change=both(ON, put(b=[9, -8, 10]))),
    Ask("unlikely states", ("primes", "visible_states", "unforeseen"), sizes=SMALL,
        change=both(ON, put(b=[-9, 8, -10]))),
]
CASES = {"rbm_log_likelihood": LIST}

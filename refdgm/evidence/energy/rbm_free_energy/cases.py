"""Free energies of machines of every shape, and where a hidden unit is on beyond any doubt."""

from refdgm.evidence.ask import Ask, moved
from refdgm.evidence.energy.restricted import NOTES as NOTES
from refdgm.evidence.energy.restricted import SMALL, machines
from refdgm.evidence.rare import changed

LIST = [
    *machines("v"),
    Ask("hidden units that are always on", ("primes", "saturated_units"), sizes=SMALL, change=moved(160, "c")),
]
CASES = {"rbm_free_energy": LIST}
RARE = {"rbm_free_energy": (lambda case: changed(case, c=lambda x: x + 200),)}

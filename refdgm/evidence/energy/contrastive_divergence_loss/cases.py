"""Energies of data and samples: with and without a penalty, far apart and alike."""

from refdgm.evidence.ask import Ask, both, close_to, put, scaled, thirds

NOTES = {
    "no_penalty": "α = 0: the difference alone",
    "little_penalty": "α as in practice, of the order of 1e-3 or 1e-4",
    "much_penalty": "α of 16: the squares rule",
    "alike": "data and samples of nearly the same energy, as where training ends",
    "low_data": "E⁺ below and E⁻ above zero, as a trained model has them",
    "rest_of_the_penalty": "energies at ∓1/(2α), where one gradient is exactly zero",
    "full": "numbers that use all bits of a float64: products and sums round",
}
SEVEN, MANY = {"B": 7}, {"B": 13}
SIDES = put(energy_data=[-0.5, -1.25, -2.0, -0.0625, -0.75], energy_model=[0.5, 1.25, 2.0, 0.0625, 0.25])
REST = put(energy_data=[-2.0, 1.0, -2.0, 0.5, -2.0], energy_model=[0.5, 2.0, 2.0, -1.0, 2.0], regularization=0.25)
LIST = [
    Ask("plain numbers"),
    Ask("plain numbers, other signs"),
    Ask("seven pairs", sizes=SEVEN),
    Ask("thirteen pairs", sizes=MANY),
    Ask("two pairs", sizes={"B": 2}),
    Ask("one pair", ("single_example",), sizes={"B": 1}),
    Ask("no penalty", ("primes", "no_penalty"), change=scaled(0, "regularization")),
    Ask("no penalty, thirteen pairs", ("primes", "no_penalty"), sizes=MANY, change=scaled(0, "regularization")),
    Ask("α = 0.1", ("primes", "little_penalty"), change=put(regularization=0.1)),
    Ask("α = 0.001", ("primes", "little_penalty"), change=put(regularization=0.001)),
    Ask("α = 0.0001 and energies of hundreds", ("primes", "little_penalty"), sizes=SEVEN,
        change=both(put(regularization=0.0001), scaled(256, "energy_data", "energy_model"))),
    Ask("α = 16", ("primes", "much_penalty"), change=put(regularization=16)),
    Ask("data and samples alike", ("primes", "alike", "near"), "near",
        change=close_to("energy_model", "energy_data", 2.0**-12)),
    Ask("data and samples the same", ("primes", "alike"), change=close_to("energy_model", "energy_data", 0.0)),
    Ask("data below zero, samples above", ("primes", "low_data"), change=SIDES),
    Ask("data below zero, samples above, α = 0.1", ("primes", "low_data", "little_penalty"),
        change=both(SIDES, put(regularization=0.1))),
    Ask("energies at rest", ("primes", "rest_of_the_penalty"), change=REST),
    Ask("energies around 30", ("primes", "offset"), "offset"),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny"),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed"),
    Ask("magnitudes from 1e-3 to 20, thirteen pairs", ("primes", "mixed"), "mixed", MANY),
    Ask("energies of the order of 15", ("primes", "extreme"), "extreme"),
    Ask("numbers of 53 bits", ("primes", "full"), change=thirds),
]
CASES = {"contrastive_divergence_loss": LIST}

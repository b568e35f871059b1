"""Points of data and samples, in batches of different sizes."""

from refdgm.evidence.ask import Ask, close_to, moved, put, scaled, thirds

NOTES = {
    "more_samples": "more samples than data: a mean over both together weighs them by their numbers",
    "more_data": "more data than samples",
    "one_middle": "two batches of one mean: only how they are spread tells",
    "right_angles": "distances that are whole numbers",
    "full": "numbers that use all bits of a float64: products and sums round",
}
MANY, FEW = {"B": 5, "M": 7, "D": 2}, {"B": 7, "M": 3, "D": 5}
CASES = {"energy_distance": [
    Ask("plain numbers, more samples than data", ("primes", "more_samples"), sizes=MANY),
    Ask("plain numbers, more data than samples", ("primes", "more_data"), sizes=FEW),
    Ask("three data, eleven samples", ("primes", "more_samples"), sizes={"B": 3, "M": 11, "D": 5}),
    Ask("eleven data, two samples", ("primes", "more_data"), sizes={"B": 11, "M": 2, "D": 3}),
    Ask("two data, three samples", ("primes", "more_samples"), sizes={"B": 2, "M": 3, "D": 7}),
    Ask("a single datum", ("single_example", "more_samples"), sizes={"B": 1, "M": 5, "D": 3}),
    Ask("a single sample", ("single_example", "more_data"), sizes={"B": 3, "M": 1, "D": 2}),
    Ask("one of each", ("single_example",), sizes={"B": 1, "M": 1, "D": 3}),
    Ask("as many data as samples", ("square",), sizes={"B": 5, "M": 5, "D": 3}),
    Ask("all sizes alike", ("square",), sizes={"B": 3, "M": 3, "D": 3}),
    Ask("one component: distances are differences", ("single_axis",), sizes={"B": 3, "M": 5, "D": 1}),
    Ask("thirteen components", ("primes", "more_samples"), sizes={"B": 3, "M": 5, "D": 13}),
    Ask("points around 30", ("primes", "offset"), "offset", MANY),
    Ask("samples around 64, data around 0", ("primes", "more_data"), sizes=FEW, change=moved(64.0, "fake")),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", MANY),
    Ask("samples of the order of 1e-5", ("primes", "tiny"), sizes=FEW, change=scaled(2.0**-17, "fake")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MANY),
    Ask("magnitudes from 1e-3 to 20, more data", ("primes", "mixed"), "mixed", FEW),
    Ask("points of the order of 15", ("primes", "extreme"), "extreme", FEW),
    Ask("nearly the same batches", ("near",), sizes={"B": 5, "M": 5, "D": 2},
        change=close_to("fake", "real", 2.0**-10)),
    Ask("two batches of one mean", ("one_middle",), sizes={"B": 3, "M": 5, "D": 2}, change=put(
        real=[[1, 2], [-3, 1], [2, -3]], fake=[[2, 0], [-1, 3], [0, -4], [1, 3], [-2, -2]])),
    Ask("legs of 3, 4 and 5", ("right_angles",), sizes={"B": 2, "M": 3, "D": 2},
        change=put(real=[[0, 0], [3, 4]], fake=[[3, 0], [0, 4], [6, 8]])),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=MANY, change=thirds),
    Ask("65 data", ("long_axis", "more_data"), sizes={"B": 65, "M": 2, "D": 3}),
    Ask("65 samples", ("long_axis", "more_samples"), sizes={"B": 2, "M": 65, "D": 3}),
    Ask("130 components", ("long_axis", "more_samples"), sizes={"B": 2, "M": 3, "D": 130}),
]}

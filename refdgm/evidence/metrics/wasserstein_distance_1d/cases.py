"""Numbers of data and samples, in batches of different sizes."""

from refdgm.evidence.ask import Ask, close_to, moved, put, scaled, thirds

NOTES = {
    "few_data": "more samples than data: nobody is carried as a whole",
    "more_data": "more data than samples",
    "multiple": "one size is a multiple of the other: every number is carried as a whole",
    "one_side": "all data on one side of all samples: the distance of the means",
    "falling_numbers": "numbers that come in falling order",
    "rising_numbers": "numbers that come in rising order: who does not sort is right by accident",
    "full": "numbers that use all bits of a float64: products and sums round",
}
MANY, FEW = {"B": 5, "M": 7}, {"B": 7, "M": 3}
CASES = {"wasserstein_distance_1d": [
    Ask("plain numbers, more samples than data", ("primes", "few_data"), sizes=MANY),
    Ask("plain numbers, more data than samples", ("primes", "more_data"), sizes=FEW),
    Ask("three data, eleven samples", ("primes", "few_data"), sizes={"B": 3, "M": 11}),
    Ask("thirteen data, two samples", ("primes", "more_data"), sizes={"B": 13, "M": 2}),
    Ask("two data, three samples", ("primes", "few_data"), sizes={"B": 2, "M": 3}),
    Ask("a single datum", ("single_example", "few_data"), sizes={"B": 1, "M": 5}),
    Ask("a single sample", ("single_example", "more_data"), sizes={"B": 3, "M": 1}),
    Ask("one of each", ("single_example",), sizes={"B": 1, "M": 1}),
    Ask("as many data as samples", ("square",), sizes={"B": 5, "M": 5}),
    Ask("seven of each", ("square",), sizes={"B": 7, "M": 7}),
    Ask("twice as many samples", ("multiple", "few_data"), sizes={"B": 4, "M": 8}),
    Ask("three times as many data", ("multiple", "more_data"), sizes={"B": 9, "M": 3}),
    Ask("numbers around 30", ("primes", "offset"), "offset", MANY),
    Ask("samples around 64, data around 0", ("primes", "one_side"), sizes=FEW, change=moved(64.0, "fake")),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", MANY),
    Ask("samples of the order of 1e-5", ("primes", "tiny"), sizes=FEW, change=scaled(2.0**-17, "fake")),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MANY),
    Ask("magnitudes from 1e-3 to 20, more data", ("primes", "mixed"), "mixed", FEW),
    Ask("numbers of the order of 15", ("primes", "extreme"), "extreme", FEW),
    Ask("nearly the same batches", ("near",), sizes={"B": 5, "M": 5}, change=close_to("fake", "real", 2.0**-10)),
    Ask("falling numbers, and mixed ones", ("falling_numbers",), sizes={"B": 4, "M": 3},
        change=put(real=[9, 5, 2, -1], fake=[4, -3, 6])),
    Ask("rising numbers of both", ("rising_numbers",), sizes={"B": 3, "M": 3},
        change=put(real=[-2, 1, 4], fake=[-1, 0, 9])),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=MANY, change=thirds),
    Ask("65 data", ("long_axis", "more_data", "full"), "extreme", {"B": 65, "M": 2}, change=thirds),
    Ask("130 samples", ("long_axis", "few_data", "full"), "extreme", {"B": 3, "M": 130}, change=thirds),
]}

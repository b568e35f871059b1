"""Capped numbers: far below the cap, near it, and far beyond."""

from refdgm.evidence.ask import Ask, both, long, put, scaled, thirds

NOTES = {
    "below_cap": "numbers far below the cap: y is nearly x, and the slope in c of the order of u³",
    "beyond_cap": "numbers far beyond the cap: y is nearly the cap, and of the slope e^{−2|u|} is left",
    "at_cap": "numbers as large as the cap",
    "cap_one": "a cap of one, where its powers are one: an error in them hides",
    "bare": "one number an example",
    "full": "numbers that use all bits of a float64: products and sums round",
}
VECTOR = {"B": 5, "...": (3,)}
MATRIX = {"B": 3, "...": (2, 5)}
CASES = {"softcap": [
    Ask("drawn cap", sizes=VECTOR),
    Ask("drawn cap, matrices", sizes=MATRIX),
    Ask("more components than examples", sizes={"B": 2, "...": (11,)}),
    Ask("more examples than components", sizes={"B": 13, "...": (2,)}),
    Ask("as many examples as components", ("square",), sizes={"B": 3, "...": (3,)}),
    Ask("one example", ("single_example",), sizes={"B": 1, "...": (7,)}),
    Ask("one number an example", ("bare",), sizes={"B": 7, "...": ()}),
    Ask("c = 1", ("primes", "cap_one"), sizes=VECTOR, change=put(cap=1.0)),
    Ask("c = 30, scores of the order of 15", ("primes", "extreme", "at_cap"), "extreme", VECTOR, change=put(cap=30.0)),
    Ask("c = 50, scores of the order of 15", ("primes", "extreme"), "extreme", MATRIX, change=put(cap=50.0)),
    Ask("c = 50, scores of the order of 200", ("primes", "extreme", "beyond_cap"), "extreme", VECTOR,
        change=both(put(cap=50.0), scaled(16.0, "x"))),
    Ask("c = 3, scores of the order of 15", ("primes", "beyond_cap"), "extreme", VECTOR, change=put(cap=3.0)),
    Ask("c = ½, numbers around 30", ("primes", "offset", "beyond_cap"), "offset", VECTOR, change=put(cap=0.5)),
    Ask("c = 30, numbers around 30", ("primes", "offset", "at_cap"), "offset", VECTOR, change=put(cap=30.0)),
    Ask("c = 30, numbers of the order of one", ("primes", "below_cap"), sizes=VECTOR, change=put(cap=30.0)),
    Ask("c = 1000, numbers of the order of one", ("primes", "below_cap"), sizes=VECTOR, change=put(cap=1000.0)),
    Ask("c = 30, numbers of the order of 1e-5", ("primes", "tiny", "below_cap"), "tiny", VECTOR, change=put(cap=30.0)),
    Ask("drawn cap, numbers of the order of 1e-5", ("primes", "tiny", "below_cap"), "tiny", MATRIX),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", VECTOR, change=put(cap=2.0)),
    Ask("magnitudes from 1e-3 to 20, c = 30", ("primes", "mixed"), "mixed", MATRIX, change=put(cap=30.0)),
    Ask("where one form takes over from another", ("primes", "at_cap"), sizes=VECTOR,
        change=both(put(cap=2.0), put(x=[[1, -1, 2], [0.9375, 1.0625, -2], [1.9375, 2.0625, -1.9375], [0.5, 0.25, 3],
                                         [0, -0.9375, 4]]))),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=VECTOR, change=thirds),
    *long({"B": 2, "...": (130,)}, {"B": 65, "...": (2,)}, {"B": 1, "...": (1025,)}),
]}

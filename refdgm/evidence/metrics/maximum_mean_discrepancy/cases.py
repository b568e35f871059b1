"""Points of data and samples, in batches of different sizes, and kernels of all widths."""

from refdgm.evidence.ask import Ask, both, close_to, moved, put, scaled, thirds

NOTES = {
    "more_samples": "more samples than data: a mean over both together weighs them by their numbers",
    "more_data": "more data than samples",
    "wide_kernel": "a kernel that is nearly one for all pairs: three means of it cancel",
    "narrow_kernel": "a kernel that is nearly nothing for all pairs",
    "whole_points": "whole numbers, of which the kernel's exponents are halves",
    "full": "numbers that use all bits of a float64: products and sums round",
}
MANY, FEW = {"B": 5, "M": 7, "D": 2}, {"B": 7, "M": 3, "D": 5}
BIASED = {"estimator": "biased"}
CASES = {"maximum_mean_discrepancy": [
    Ask("plain numbers, more samples than data", ("primes", "more_samples"), sizes=MANY),
    Ask("biased: plain numbers, more samples than data", ("primes", "more_samples"), sizes=MANY, options=BIASED),
    Ask("plain numbers, more data than samples", ("primes", "more_data"), sizes=FEW),
    Ask("biased: plain numbers, more data than samples", ("primes", "more_data"), sizes=FEW, options=BIASED),
    Ask("three data, eleven samples", ("primes", "more_samples"), sizes={"B": 3, "M": 11, "D": 5}),
    Ask("biased: eleven data, two samples", ("primes", "more_data"), sizes={"B": 11, "M": 2, "D": 3}, options=BIASED),
    Ask("two data, three samples", ("primes", "more_samples"), sizes={"B": 2, "M": 3, "D": 7}),
    Ask("as many data as samples", ("square",), sizes={"B": 5, "M": 5, "D": 3}),
    Ask("biased: all sizes alike", ("square",), sizes={"B": 3, "M": 3, "D": 3}, options=BIASED),
    Ask("two of each", ("square",), sizes={"B": 2, "M": 2, "D": 5}),
    Ask("one component", ("single_axis",), sizes={"B": 3, "M": 5, "D": 1}),
    Ask("biased: five data, two samples", ("primes", "more_data"), sizes={"B": 5, "M": 2, "D": 3}, options=BIASED),
    Ask("points around 30", ("primes", "offset"), "offset", MANY),
    Ask("biased: points around 30", ("primes", "offset"), "offset", FEW, options=BIASED),
    Ask("samples around 4, data around 0", ("primes", "more_data"), sizes=FEW, change=moved(4.0, "fake")),
    Ask("everything of the order of 1e-5, a width of the order of one", ("primes", "tiny", "wide_kernel"), "tiny", MANY,
        change=put(bandwidth=0.75)),
    Ask("biased: magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", MANY, options=BIASED),
    Ask("magnitudes from 1e-3 to 20, more data", ("primes", "mixed"), "mixed", FEW),
    Ask("biased: nearly the same batches", ("near",), sizes={"B": 5, "M": 5, "D": 2}, options=BIASED,
        change=close_to("fake", "real", 2.0**-5)),
    Ask("a width of a thousand", ("wide_kernel",), sizes=MANY, change=put(bandwidth=1024.0)),
    Ask("biased: a width of a thousand", ("wide_kernel",), sizes=FEW, change=put(bandwidth=1024.0), options=BIASED),
    Ask("a width of a quarter, points a few apart", ("narrow_kernel",), sizes={"B": 3, "M": 2, "D": 5},
        change=both(scaled(2.0, "real", "fake"), put(bandwidth=0.25))),
    Ask("whole numbers on a line", ("whole_points",), sizes={"B": 3, "M": 2, "D": 1},
        change=put(real=[[0], [1], [3]], fake=[[2], [-1]], bandwidth=1.0)),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=MANY, change=thirds),
    Ask("biased: numbers of 53 bits", ("primes", "full"), sizes=FEW, change=thirds, options=BIASED),
    Ask("65 components", ("long_axis", "more_samples"), sizes={"B": 2, "M": 3, "D": 65},
        change=put(bandwidth=8.0)),
    Ask("biased: 65 data", ("long_axis", "more_data"), sizes={"B": 65, "M": 2, "D": 1}, options=BIASED),
]}

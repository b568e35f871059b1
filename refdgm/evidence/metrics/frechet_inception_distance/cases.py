"""Features of data and samples, in batches of different sizes, with more and with fewer samples than components."""

from refdgm.evidence.ask import Ask, close_to, moved, put, scaled, thirds

NOTES = {
    "more_samples": "more samples than data: a mean over both together weighs them by their numbers",
    "more_data": "more data than samples",
    "few_samples": "fewer samples than components: covariances are singular, and the gradient in them does not exist",
    "one_line": "one component: a difference of two standard deviations",
    "same_mean": "two batches of one mean: only the covariances tell",
    "full": "numbers that use all bits of a float64: products and sums round",
}
MANY, FEW = {"B": 5, "M": 7, "D": 2}, {"B": 7, "M": 3, "D": 2}
CASES = {"frechet_inception_distance": [
    Ask("plain numbers, more samples than data", ("primes", "more_samples"), sizes=MANY),
    Ask("plain numbers, more data than samples", ("primes", "more_data"), sizes=FEW),
    Ask("plain numbers, other signs", ("primes", "more_samples"), sizes={"B": 3, "M": 11, "D": 2}),
    Ask("seven data, five samples", ("primes", "more_data"), sizes={"B": 7, "M": 5, "D": 2}),
    Ask("five data, seven samples, three components", ("primes", "more_samples"), sizes={"B": 5, "M": 7, "D": 3}),
    Ask("as many data as samples", ("square",), sizes={"B": 5, "M": 5, "D": 2}),
    Ask("all sizes alike", ("square", "few_samples"), sizes={"B": 3, "M": 3, "D": 3}),
    Ask("one component", ("single_axis", "one_line"), sizes={"B": 3, "M": 5, "D": 1}),
    Ask("one component, more data", ("one_line",), sizes={"B": 7, "M": 2, "D": 1}),
    Ask("two of each", ("few_samples", "full"), sizes={"B": 2, "M": 2, "D": 3}, change=thirds),
    Ask("two data, three samples, five components", ("primes", "few_samples"), sizes={"B": 2, "M": 3, "D": 5}),
    Ask("three data, two samples, seven components", ("primes", "few_samples"), sizes={"B": 3, "M": 2, "D": 7}),
    Ask("three data, seven samples, five components", ("primes", "few_samples"), sizes={"B": 3, "M": 7, "D": 5}),
    Ask("seven data, three samples, five components", ("primes", "few_samples"), sizes={"B": 7, "M": 3, "D": 5}),
    Ask("features around 30", ("primes", "offset"), "offset", MANY),
    Ask("samples around 64, data around 0", ("primes", "more_data"), sizes=FEW, change=moved(64.0, "fake")),
    Ask("everything of the order of 1e-5", ("primes", "tiny"), "tiny", MANY),
    Ask("magnitudes from 1e-3 to 20", ("primes", "mixed"), "mixed", {"B": 7, "M": 5, "D": 2}),
    Ask("features of the order of 15", ("primes", "extreme"), "extreme", FEW),
    Ask("nearly the same batches", ("near",), sizes={"B": 5, "M": 5, "D": 2},
        change=close_to("fake", "real", 2.0**-3)),
    Ask("samples an eighth as wide as data", ("primes", "more_samples"), sizes=MANY, change=scaled(0.125, "fake")),
    Ask("two batches of one mean", ("same_mean",), sizes={"B": 3, "M": 5, "D": 2}, change=put(
        real=[[1, 2], [-3, 1], [2, -3]], fake=[[2, 0], [-1, 3], [0, -4], [1, 3], [-2, -2]])),
    Ask("numbers of 53 bits", ("primes", "full"), sizes=MANY, change=thirds),
]}

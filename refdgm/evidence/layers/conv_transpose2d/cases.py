"""Images whose pixels lay kernels down: odd and even ones, as large as the stride and smaller, and long axes."""

from refdgm.cases import Case, draw
from refdgm.evidence.ask import long, put, scaled, thirds
from refdgm.evidence.layers.images import LONE, ask, constant, impulse, mirrored
from refdgm.reference import Reference

NOTES = {
    "odd_kernel_laid": "kernels of odd sizes: what is too much is cut off alike at both ends, but for the stride",
    "even_kernel_laid": "kernels of even sizes: on which side more is cut off shows",
    "large_kernel_laid": "a kernel larger than the image that comes out: most of what it lays down is cut off",
    "patches": "a kernel as large as the stride: nothing overlaps, and nothing is cut off",
    "gaps": "a kernel smaller than the stride: pixels that get the bias alone",
    "pointwise_laid": "a kernel of one pixel: a product of matrices at every pixel",
    "one_channel": "a single channel on one side: in and out exchanged fits",
    "channels_alike": "as many channels in as out: kernels that are transposed fit",
    "mirrored": "kernels that are their own mirror image: turned by half they are the same, and hide",
    "lone_pixel": "an image of one pixel",
    "impulse_laid": "a single pixel that is not zero: its kernel stands around it as it is",
    "flat_image_laid": "an image of one number: in the middle nothing shows but sums, at the border what is cut off",
    "full": "numbers that use all bits of a float64: products and sums round",
}
ODD = {"B": 3, "D": 7, "E": 2, "U": 2, "V": 5, "I": 3, "J": 5}
TALL = {"B": 3, "D": 2, "E": 7, "U": 5, "V": 7, "I": 5, "J": 3}
EVEN = {"B": 2, "D": 5, "E": 3, "U": 3, "V": 7, "I": 2, "J": 7}
FEW = {"B": 2, "D": 2, "E": 3, "U": 3, "V": 4, "I": 3, "J": 3}


CASES = {
    "conv_transpose2d": [
        ask("3 × 5", ("primes", "odd_kernel_laid"), 1, ODD),
        ask("3 × 5, twice as large", ("primes", "odd_kernel_laid"), 2, ODD),
        ask("3 × 5, three times as large", ("primes", "odd_kernel_laid"), 3, ODD),
        ask("5 × 3, twice as large", ("primes", "odd_kernel_laid"), 2, TALL),
        ask("5 × 3, few pixels, three times as large", ("primes", "odd_kernel_laid"), 3, ODD, I=5, J=3),
        ask("5 × 3, few pixels", ("primes", "odd_kernel_laid"), 1, ODD, I=5, J=3),
        ask("2 × 7", ("primes", "even_kernel_laid"), 1, EVEN),
        ask("2 × 7, twice as large", ("primes", "even_kernel_laid"), 2, EVEN),
        ask("2 × 7, three times as large", ("primes", "even_kernel_laid", "gaps"), 3, EVEN),
        ask("7 × 2", ("primes", "even_kernel_laid"), 1, EVEN, I=7, J=2),
        ask("7 × 2, twice as large", ("primes", "even_kernel_laid"), 2, EVEN, I=7, J=2),
        ask("5 × 11 on 3 × 2", ("primes", "odd_kernel_laid", "large_kernel_laid"), 1, ODD,
            B=5, D=7, E=2, U=3, V=2, I=5, J=11),
        ask("3 × 3", ("odd_kernel_laid",), 1, FEW),
        ask("3 × 3, twice as large: an output padding of 1", ("odd_kernel_laid",), 2, FEW),
        ask("4 × 4", ("even_kernel_laid",), 1, FEW, I=4, J=4),
        ask("4 × 4, twice as large, as DCGAN", ("even_kernel_laid",), 2, FEW, I=4, J=4),
        ask("2 × 2, twice as large: patches", ("even_kernel_laid", "patches"), 2, FEW, I=2, J=2),
        ask("2 × 2, three times as large", ("even_kernel_laid", "gaps"), 3, FEW, I=2, J=2),
        ask("1 × 1", ("pointwise_laid",), 1, FEW, I=1, J=1),
        ask("1 × 1, twice as large", ("pointwise_laid", "gaps"), 2, FEW, I=1, J=1),
        ask("6 × 8 on 3 × 2", ("even_kernel_laid", "large_kernel_laid"), 1, FEW, U=3, V=2, I=6, J=8),
        ask("all sizes equal", ("square", "odd_kernel_laid"), 1, dict.fromkeys("BDEUVIJ", 3)),
        ask("all sizes equal and even, twice as large", ("square", "even_kernel_laid"), 2, dict.fromkeys("BDEUVIJ", 4),
            B=2, U=3),
        ask("as many channels in as out", ("channels_alike", "odd_kernel_laid"), 1, FEW, D=3),
        ask("one example", ("single_example", "odd_kernel_laid"), 2, FEW, B=1),
        ask("one channel in", ("one_channel", "odd_kernel_laid"), 2, FEW, D=1),
        ask("one channel out", ("one_channel", "odd_kernel_laid"), 1, FEW, E=1),
        ask("one number of everything", ("lone_pixel", "pointwise_laid"), 1, LONE),
        ask("one pixel under 3 × 3", ("lone_pixel", "odd_kernel_laid"), 2, FEW, U=1, V=1),
        ask("an image of ones and a half", ("primes", "flat_image_laid", "odd_kernel_laid"), 2, ODD, change=constant),
        ask("one pixel that is not zero", ("primes", "impulse_laid", "odd_kernel_laid"), 2, ODD, change=impulse),
        ask("one pixel that is not zero, 2 × 7", ("primes", "impulse_laid", "even_kernel_laid"), 1, EVEN,
            change=impulse),
        ask("mirrored kernels", ("primes", "mirrored", "odd_kernel_laid"), 2, ODD, change=mirrored),
        ask("without a bias", ("primes", "odd_kernel_laid"), 2, ODD, change=put(bias=[0.0] * 2)),
        ask("numbers of the order of 1e-5", ("primes", "tiny", "odd_kernel_laid"), 2, ODD, "tiny"),
        ask("magnitudes from 1e-3 to 20", ("primes", "mixed", "odd_kernel_laid"), 2, ODD, "mixed"),
        ask("magnitudes from 1e-3 to 20, 2 × 7", ("primes", "mixed", "even_kernel_laid"), 1, EVEN, "mixed"),
        ask("numbers of the order of 15", ("primes", "extreme", "even_kernel_laid"), 1, EVEN, "extreme"),
        ask("numbers around 30", ("primes", "offset", "odd_kernel_laid"), 2, ODD, "offset"),
        ask("an image 1024 times the kernels", ("primes", "odd_kernel_laid"), 1, ODD, change=scaled(1024.0, "x")),
        ask("numbers of 53 bits", ("primes", "full", "odd_kernel_laid"), 1, ODD, change=thirds),
        *long({"B": 1025, "D": 1, "E": 1, "U": 2, "V": 1, "I": 3, "J": 1},
              {"B": 1, "D": 65, "E": 2, "U": 3, "V": 2, "I": 3, "J": 2},
              {"B": 1, "D": 2, "E": 130, "U": 2, "V": 1, "I": 2, "J": 3}, stride=1),
        *long({"B": 1, "D": 1, "E": 1, "U": 130, "V": 1, "I": 5, "J": 1},
              {"B": 1, "D": 1, "E": 2, "U": 65, "V": 2, "I": 65, "J": 1}, stride=2),
    ],
}


def other_steps(ref: Reference, seed: int, drawn: list[Case]) -> list[Case]:
    """As large as it was and twice as large, by odd and even kernels."""
    kernels = ({"I": 3, "J": 3}, {"I": 4, "J": 2}, {"I": 2, "J": 5})
    return [draw(ref, seed + 3 * stride + n, sizes={"U": 3, "V": 4} | kernel, options={"stride": stride})
            for stride in (1, 2) for n, kernel in enumerate(kernels)]


KILLING = {"conv_transpose2d": other_steps}

"""Images under kernels: odd and even ones, larger than the image, strides that divide and do not, and long axes."""

from refdgm.cases import Case, draw
from refdgm.evidence.ask import long, put, scaled, thirds
from refdgm.evidence.layers.images import LONE, ask, constant, impulse, mirrored
from refdgm.reference import Reference

NOTES = {
    "odd_kernel": "kernels of odd sizes: as many zeros before the image as behind it",
    "even_kernel": "kernels of even sizes: on which side the odd zero stands shows",
    "large_kernel": "a kernel larger than the image: most of what it sees are zeros",
    "pointwise": "a kernel of one pixel: a product of matrices at every pixel, of which a stride leaves most out",
    "stride_divides": "a stride that divides the image: libraries begin at different rows",
    "stride_left_over": "a stride that does not divide the image: the last place is less than a stride from its end",
    "one_place": "a stride as large as the image: one place, and rows that nobody sees",
    "one_channel": "a single channel on one side: in and out exchanged fits",
    "channels_alike": "as many channels in as out: kernels that are transposed fit",
    "mirrored": "kernels that are their own mirror image: turned by half they are the same, and hide",
    "lone_pixel": "an image of one pixel",
    "impulse": "a single pixel that is not zero: every kernel stands around it as it is",
    "flat_image": "an image of one number: in the middle nothing shows but sums, at the border which zeros there are",
    "full": "numbers that use all bits of a float64: products and sums round",
}
ODD = {"B": 3, "D": 2, "E": 7, "U": 7, "V": 5, "I": 3, "J": 5}
EVEN = {"B": 2, "D": 3, "E": 5, "U": 5, "V": 7, "I": 2, "J": 7}
FEW = {"B": 2, "D": 2, "E": 3, "U": 5, "V": 4, "I": 3, "J": 3}


CASES = {
    "conv2d": [
        ask("3 × 5", ("primes", "odd_kernel"), 1, ODD),
        ask("3 × 5, every second place", ("primes", "odd_kernel", "stride_left_over"), 2, ODD),
        ask("3 × 5, every third place", ("primes", "odd_kernel", "stride_left_over"), 3, ODD),
        ask("5 × 3, every second place", ("primes", "odd_kernel", "stride_left_over"), 2, ODD, I=5, J=3),
        ask("5 × 3, a tall image, every third place", ("primes", "odd_kernel", "stride_left_over"), 3, ODD,
            U=13, I=5, J=3),
        ask("2 × 7", ("primes", "even_kernel"), 1, EVEN),
        ask("2 × 7, every second place", ("primes", "even_kernel", "stride_left_over"), 2, EVEN),
        ask("2 × 7, every third place", ("primes", "even_kernel", "stride_left_over"), 3, EVEN),
        ask("7 × 2", ("primes", "even_kernel"), 1, EVEN, I=7, J=2),
        ask("7 × 2, every second place", ("primes", "even_kernel", "stride_left_over"), 2, EVEN, I=7, J=2),
        ask("5 × 11 on 3 × 2", ("primes", "odd_kernel", "large_kernel"), 1, ODD, B=5, D=7, E=2, U=3, V=2, I=5, J=11),
        ask("3 × 3", ("odd_kernel",), 1, FEW),
        ask("3 × 3, every second place of an even image, as DDPM", ("odd_kernel", "stride_divides"), 2, FEW, U=6, V=8),
        ask("3 × 3, every second place of an odd image", ("odd_kernel", "stride_left_over"), 2, FEW, U=7),
        ask("4 × 4", ("even_kernel",), 1, FEW, I=4, J=4),
        ask("4 × 4, every second place of an even image, as DCGAN", ("even_kernel", "stride_divides"), 2, FEW,
            U=6, V=8, I=4, J=4),
        ask("2 × 2, every second place of an even image: patches", ("even_kernel", "stride_divides"), 2, FEW,
            U=6, V=8, I=2, J=2),
        ask("2 × 2, every third place: rows that nobody sees", ("even_kernel", "stride_left_over"), 3, FEW, U=7, V=8,
            I=2, J=2),
        ask("1 × 1", ("pointwise",), 1, FEW, I=1, J=1),
        ask("1 × 1, every second place", ("pointwise", "stride_left_over"), 2, FEW, I=1, J=1),
        ask("6 × 8 on 3 × 2", ("even_kernel", "large_kernel"), 2, FEW, U=3, V=2, I=6, J=8),
        ask("a stride as large as the image", ("odd_kernel", "one_place"), 5, FEW),
        ask("all sizes equal", ("square", "odd_kernel"), 1, dict.fromkeys("BDEUVIJ", 3)),
        ask("all sizes equal and even, every second place", ("square", "even_kernel", "stride_divides"), 2,
            dict.fromkeys("BDEUVIJ", 4)),
        ask("as many channels in as out", ("channels_alike", "odd_kernel"), 1, FEW, D=3),
        ask("one example", ("single_example", "odd_kernel"), 2, FEW, B=1, U=6),
        ask("one channel in", ("one_channel", "odd_kernel"), 1, FEW, D=1),
        ask("one channel out", ("one_channel", "odd_kernel"), 2, FEW, E=1, U=6),
        ask("one number of everything", ("lone_pixel", "pointwise"), 1, LONE),
        ask("one pixel under 3 × 3", ("lone_pixel", "odd_kernel", "large_kernel"), 2, FEW, U=1, V=1),
        ask("an image of ones and a half", ("primes", "flat_image", "odd_kernel"), 2, ODD, change=constant),
        ask("one pixel that is not zero", ("primes", "impulse", "odd_kernel"), 1, ODD, change=impulse),
        ask("one pixel that is not zero, 2 × 7", ("primes", "impulse", "even_kernel"), 1, EVEN, change=impulse),
        ask("mirrored kernels", ("primes", "mirrored", "odd_kernel"), 2, ODD, change=mirrored),
        ask("without a bias", ("primes", "odd_kernel"), 3, ODD, change=put(bias=[0.0] * 7)),
        ask("numbers of the order of 1e-5", ("primes", "tiny", "odd_kernel"), 2, ODD, "tiny"),
        ask("numbers of the order of 1e-5, 2 × 7", ("primes", "tiny", "even_kernel"), 2, EVEN, "tiny"),
        ask("magnitudes from 1e-3 to 20", ("primes", "mixed", "odd_kernel"), 2, ODD, "mixed"),
        ask("magnitudes from 1e-3 to 20, 2 × 7", ("primes", "mixed", "even_kernel"), 1, EVEN, "mixed"),
        ask("numbers of the order of 15", ("primes", "extreme", "even_kernel"), 2, EVEN, "extreme"),
        ask("numbers around 30", ("primes", "offset", "odd_kernel"), 2, ODD, "offset"),
        ask("an image 1024 times the kernels", ("primes", "odd_kernel"), 3, ODD, change=scaled(1024.0, "x")),
        ask("numbers of 53 bits", ("primes", "full", "odd_kernel"), 2, ODD, change=thirds),
        *long({"B": 1025, "D": 1, "E": 1, "U": 2, "V": 1, "I": 3, "J": 1},
              {"B": 1, "D": 65, "E": 2, "U": 3, "V": 2, "I": 3, "J": 2},
              {"B": 1, "D": 2, "E": 130, "U": 2, "V": 3, "I": 2, "J": 3}, stride=1),
        *long({"B": 1, "D": 1, "E": 1, "U": 1025, "V": 1, "I": 3, "J": 1},
              {"B": 1, "D": 2, "E": 1, "U": 2, "V": 130, "I": 3, "J": 4},
              {"B": 1, "D": 1, "E": 2, "U": 65, "V": 2, "I": 65, "J": 1}, stride=2),
    ],
}


def other_steps(ref: Reference, seed: int, drawn: list[Case]) -> list[Case]:
    """Every place, and every second one of an even image, with odd and even kernels."""
    kernels = ({"I": 3, "J": 3}, {"I": 4, "J": 2})
    return [draw(ref, seed + 2 * stride + n, sizes={"U": 6, "V": 8} | kernel, options={"stride": stride})
            for stride in (1, 2) for n, kernel in enumerate(kernels)]


KILLING = {"conv2d": other_steps}

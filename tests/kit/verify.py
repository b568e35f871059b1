"""`verify(reference)`: the class of generic tests of one reference, against its definition."""

from functools import cache

import numpy as np
import pytest
from hypothesis import assume

from refdgm.cases import draw, flatten, options_grid, within
from refdgm.declaration.domain import Limit
from refdgm.evidence.definitions import definition

from .asking import ask, cast, named, nested
from .differences import derivative
from .drawing import LANE_SIZES, given, lane_cases, part
from .lanes import LANES, NEEDED, cupy_lane, torch_lane
from .orders import observed
from .signatures import cupy_namespace, recorded, unbindable
from .textbook import WIDE, autograd_gradients
from .tolerance import Judge

needs = pytest.mark.needs


def verify(ref):
    """Tests of a quantity, or of a reference with its derivative."""
    text = definition(ref.name)
    return derivative_tests(ref, text, value_tests(ref, text)) if ref.differentiable else value_tests(ref, text)


def value_tests(ref, text):
    @cache
    def judged_cases():
        """The same for every lane."""
        return [judged(ref, text, case) for case in lane_cases(ref)]

    class Values:
        @given(ref)
        def test_value_and_pullback_are_those_of_the_textbook(self, case):
            judge = Judge(ref, text, case).decided()
            judge.compare(ask(ref, case))

        @given(ref, dtype="float32")
        def test_float32_stays_float32_and_near(self, case):
            judge = Judge(ref, text, case, "float32").decided()
            got = ask(ref, case)
            for name, x in got.items():
                if not (name.startswith("output.") and ref.result[name[7:]].support.integer):
                    assert x.dtype == np.float32, name
            judge.compare(got)

        @pytest.mark.parametrize("name", [pytest.param(name, marks=needs(*NEEDED.get(name, ()))) for name in LANES])
        def test_lane(self, name):
            lane = LANES[name]()
            for judge in judged_cases():
                on_lane(judge, lane)

        @needs("torch")
        def test_torch_meta_reads_no_element(self):
            lane = torch_lane("meta")
            for case in part(ref, lane_cases(ref)):
                got, want = ask(ref, case, lane.there), ask(ref, case)
                for name, x in got.items():
                    assert tuple(x.shape) == want[name].shape and lane.same(x), name
                    assert str(x.dtype).split(".")[1] == str(want[name].dtype), name

        @needs("cupy")
        def test_calls_bind_to_cupy(self, monkeypatch):
            xp, every = cupy_namespace(), lane_cases(ref)
            calls = recorded(monkeypatch, lambda: [ref.answers(case) for case in every])
            assert calls or not ref.arrays, "nothing was recorded: the body does not take its namespace from the arrays"
            assert not unbindable(xp, calls)

        @pytest.mark.gpu
        def test_on_cupy(self):
            lane = cupy_lane()
            for judge in judged_cases():
                on_lane(judge, lane)

        def test_an_empty_batch_is_an_empty_answer(self):
            batched = any("B" in result.shape for result in ref.result.values())
            for case in lane_cases(ref)[:1] if batched else ():
                empty = draw(ref, 1, sizes=within(ref, LANE_SIZES) | {"B": 0}, options=case.options)
                for name, x in ask(ref, empty).items():
                    if name.startswith("output."):
                        assert x.shape[0] == 0, name
                    else:  # a sum over no examples
                        assert not np.any(x), name

    return Values


def derivative_tests(ref, text, base):
    approximate = isinstance(ref.derivative_of, Limit)

    class Derivatives(base):
        if not approximate:

            @given(ref, regimes=("unit",))
            def test_pullback_is_the_slope_in_a_direction(self, case):
                along_a_direction(ref, case)

        if approximate:

            @pytest.mark.parametrize("options", part(ref, options_grid(ref)),
                                     ids=lambda o: "-".join(map(str, o.values())))
            def test_pullback_tends_to_the_derivative_with_its_order(self, options):
                order_towards_the_derivative(ref, text, options)

        @given(ref)
        def test_pullback_is_linear(self, case):
            linear(ref, case)

        @given(ref)
        def test_wrt_changes_no_number(self, case):
            _, pullback = at(ref, case)
            everything = pullback(*case.cotangents())
            assert list(everything) == list(ref.wrt)
            for name in ref.wrt:
                alone = pullback(*case.cotangents(), wrt=name)
                assert list(alone) == [name]
                same(alone, {name: everything[name]})
            same(pullback(*case.cotangents(), wrt=ref.wrt[::-1]), everything)

        @given(ref)
        def test_cotangents_by_name_and_left_out(self, case):
            _, pullback = at(ref, case)
            bars = dict(zip((f"{name}_bar" for name in ref.bars), case.cotangents(), strict=True))
            same(pullback(**bars), pullback(*bars.values()))
            for name in bars:
                rest = [bar if n == name else np.zeros_like(bar) for n, bar in bars.items()]
                same(pullback(**{name: bars[name]}), pullback(*rest))

        @given(ref)
        def test_value_and_grad_is_the_mean(self, case):
            arguments = case.arguments()
            args = [arguments[name] for name in ref.arrays]
            if not ref.objective:
                with pytest.raises(TypeError, match="is not an objective"):
                    ref.value_and_grad(*args, **case.options)
                return
            mean, grads = ref.value_and_grad(*args, **case.options)
            value, pullback = ref.vjp(*args, **case.options)
            np.testing.assert_array_equal(mean, np.mean(value))
            same(grads, pullback(np.full_like(value, 1 / max(1, value.size))))

    return Derivatives


def at(ref, case):
    arguments = case.arguments()
    return ref.vjp(*(arguments[name] for name in ref.arrays), **case.options)


def same(left, right):
    left, right = flatten(left), flatten(right)
    assert left.keys() == right.keys()
    for name, x in left.items():
        np.testing.assert_array_equal(x, right[name], err_msg=name)


def judged(ref, text, case):
    """The judge of the case; one whose solve runs away to where log(1 + eᵃ) overflows in extended precision
    too (as in `decided`) is drawn anew."""
    judge = Judge(ref, text, case)
    if all(np.all(np.isfinite(want)) for want in judge.want.values()):
        return judge
    return judged(ref, text, draw(ref, case.seed + 1000, sizes=within(ref, LANE_SIZES), options=case.options))


def on_lane(judge, lane):
    """The public call on the lane's arrays: answers stay there, inputs stay as they were, numbers are right."""
    ref, case = judge.ref, judge.case
    kept = {name: x.copy() for name, x in case.arrays.items()}
    with lane.context():
        got = ask(ref, case, lane.there)
        for name, x in got.items():
            assert lane.same(x), f"{name} left the lane {lane.name}: {type(x)}"
        got = {name: lane.back(x) for name, x in got.items()}
    for name, x in kept.items():
        np.testing.assert_array_equal(case.arrays[name], x, err_msg=f"{name} was written to")
    judge.compare(got)


def along_a_direction(ref, case):
    """⟨gradient, direction⟩ against differences of what `derivative_of` names, for random cotangents.

    The differences are of long doubles, for their bound is not told of what cancels inside a body.
    """
    arguments = {name: nested(lambda x: cast(x, WIDE), x) for name, x in case.arguments().items()}
    bars = case.cotangents()
    rng = np.random.Generator(np.random.Philox(key=case.seed + 2))
    direction = {name: nested(lambda x: rng.uniform(-1, 1, size=x.shape), arguments[name]) for name in ref.wrt}
    options = ref.resolved(case.options)

    def moved(name, h):
        if name not in direction:
            return arguments[name]
        x, v = arguments[name], direction[name]
        return {n: x[n] + h * v[n] for n in x} if isinstance(x, dict) else x + h * v

    def paired(h):
        args = [moved(name, h) for name in ref.arrays]
        if ref.derivative_of is None:
            outputs = ref.body(*args, **options)[0]
        elif hasattr(ref.derivative_of, "body"):
            outputs = ref.derivative_of.body(*args, **options)[0]
        else:
            outputs = ref.derivative_of(arguments, *args, **options)
        outputs = outputs if len(ref.result) > 1 else (outputs,)
        chosen = [y for name, y in zip(ref.result, outputs, strict=True) if name in ref.bars]
        terms = [bar * y for bar, y in zip(bars, chosen, strict=True)]
        return sum(float(np.sum(t)) for t in terms), sum(float(np.sum(np.abs(t))) for t in terms) + moved_size

    grads = {name[9:]: x for name, x in ref.answers(case).items() if name.startswith("gradient.")}
    inputs = flatten({name: arguments[name] for name in ref.wrt})
    moved_size = sum(float(np.sum(np.abs(x * grads[name]))) for name, x in inputs.items())  # x + h v is rounded too
    along = {name: x * grads[name] for name, x in flatten(direction).items()}
    got = sum(float(np.sum(x)) for x in along.values())
    size = sum(float(np.sum(np.abs(x))) for x in along.values())
    want, bound = derivative(paired)
    if any("relu" in str(choice) for choice in case.options.values()):
        # all steps down to the smallest cross a kink: a question without an answer
        assume(bound <= 1e-6 * (1 + size))
    assert bound <= 1e-6 * (1 + size), f"the differences are blind here: {bound}"
    assert abs(got - want) <= 2 * bound + 1e-13 * size, f"{got} is not {want} ± {bound}"


def linear(ref, case):
    """p(2u) = 2 p(u) and p(0) = 0 to the last bit; p(u + v) = p(u) + p(v) up to the rounding of long doubles.

    To double is exact only above the smallest normal number. Far in a tail, where a slope is e^-708, terms lie below
    it and lose bits (a gradient of 9e-308 was off by 2e-323): what differs by less than that number is equal.
    """
    bars = case.cotangents()
    _, pullback = at(ref, case)
    once, zero = flatten(pullback(*bars)), flatten(pullback(*(np.zeros_like(bar) for bar in bars)))
    for name, x in flatten(pullback(*(2 * bar for bar in bars))).items():
        with np.errstate(invalid="ignore"):  # of two infinities
            lost = np.abs(x - 2 * once[name]) < np.finfo(x.dtype).tiny
        np.testing.assert_array_equal(np.where(lost, 2 * once[name], x), 2 * once[name], err_msg=name)
        assert not np.any(zero[name]), name
    rng = np.random.Generator(np.random.Philox(key=case.seed + 3))
    bars, others = ([np.asarray(x, WIDE) for x in these] for these in (bars, [rng.normal(size=x.shape) for x in bars]))
    arguments = {name: nested(lambda x: cast(x, WIDE), x) for name, x in case.arguments().items()}
    value, pullback = ref.body(*(arguments[name] for name in ref.arrays), **ref.resolved(case.options))
    u, v, total = (
        named(ref, value, pullback(*these))
        for these in (bars, others, [bar + other for bar, other in zip(bars, others, strict=True)])
    )
    for name in total:
        if name.startswith("gradient."):
            size = np.max(np.abs(u[name]) + np.abs(v[name]), initial=0)
            # 2^-43 of the largest: a million roundings of long doubles, a thousandth of what doubles would show
            assert np.max(np.abs(total[name] - u[name] - v[name]), initial=0) <= 2.0**-43 * size, name


def order_towards_the_derivative(ref, text, options):
    """The distance to the derivative of the textbook value falls with the declared order, as its option grows.

    Both tend to the derivative of the same limit with that order, so their distance does too; but for single
    arguments it may fall faster, so all of the gradient is taken together.
    """
    limit = ref.derivative_of
    order = limit.orders[options[limit.word]]
    case = draw(ref, 11, sizes=within(ref, LANE_SIZES), options=options)
    arguments = {name: nested(lambda x: x / 2, x) for name, x in case.arguments().items()}  # a smooth small problem
    args, bars = [arguments[name] for name in ref.arrays], case.cotangents()

    def distance(n):
        these = options | {limit.option: n}
        wide = [nested(lambda x: np.asarray(x, WIDE), x) for x in args], [np.asarray(bar, WIDE) for bar in bars]
        got = ref.body(*wide[0], **ref.resolved(these))[1](*wide[1])
        want = autograd_gradients(ref, text, these, *wide)
        got, want = (flatten({name: grads[name] for name in ref.wrt}) for grads in (got, want))
        return np.sqrt(sum(np.sum((got[name] - want[name]) ** 2) for name in want))

    last = observed(distance, steps=(16, 32, 64))[-1]
    assert abs(last - order) <= 0.25, f"observed order {last:.2f}, declared {order}"

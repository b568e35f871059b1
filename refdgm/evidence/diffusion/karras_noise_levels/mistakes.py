"""Mistakes in the levels of noise."""

from typing import Any

from refdgm.diffusion.karras_noise_levels import geometric_noise_levels, karras_noise_levels
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

KARRAS, GEOMETRIC = karras_noise_levels.body, geometric_noise_levels.body


def counted(x: Array, steps: int) -> Array:
    """0 … N − 1."""
    return namespace(x).arange(steps, dtype=x.dtype, device=x.device)


def of_powers(sigma_min: Array, sigma_max: Array, rho: Array, ramp: Array) -> Array:
    first, last = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    return ((1 - ramp) * first + ramp * last) ** rho


def of_factors(sigma_min: Array, sigma_max: Array, ramp: Array) -> Array:
    return sigma_max ** (1 - ramp) * sigma_min**ramp


def unless_alone(levels: Array) -> Array:
    """NaN for one level."""
    return levels if levels.shape[0] > 1 else levels * namespace(levels).nan


# karras_noise_levels


@mistake(karras_noise_levels, seen="huggingface/diffusers #5077")
def ends_exchanged(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """From σ_min up to σ_max: the two are named the other way round."""
    return namespace(rho).flip(KARRAS(sigma_min, sigma_max, rho, steps=steps))


@mistake(karras_noise_levels)
def power_not_inverted(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """ρ in the place of 1/ρ and 1/ρ in that of ρ: the steps are short near σ_max."""
    return of_powers(sigma_min, sigma_max, 1 / rho, counted(rho, steps) / max(steps - 1, 1))


@mistake(karras_noise_levels)
def last_level_not_reached(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """i/N for i/(N − 1): σ_min is never reached."""
    return of_powers(sigma_min, sigma_max, rho, counted(rho, steps) / steps)


@mistake(karras_noise_levels)
def roots_returned(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """The roots are not raised to the power ρ again."""
    return KARRAS(sigma_min, sigma_max, rho, steps=steps) ** (1 / rho)


@mistake(karras_noise_levels)
def equal_factors(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """The geometric levels, whatever ρ is."""
    return GEOMETRIC(sigma_min, sigma_max, steps=steps)


@mistake(karras_noise_levels)
def equal_steps(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """ρ = 1, whatever ρ is."""
    return of_powers(sigma_min, sigma_max, 0 * rho + 1, counted(rho, steps) / max(steps - 1, 1))


@mistake(karras_noise_levels)
def zero_among_the_levels(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """N − 1 levels and a zero, which is to be appended to N of them."""
    i = counted(rho, steps)
    ramp = namespace(rho).minimum(i / max(steps - 2, 1), 0 * i + 1)
    return namespace(rho).where(i == steps - 1, 0 * i, of_powers(sigma_min, sigma_max, rho, ramp))


# geometric_noise_levels


@mistake(geometric_noise_levels)
def variances_returned(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """The squares: variances for deviations."""
    return GEOMETRIC(sigma_min, sigma_max, steps=steps) ** 2


@mistake(geometric_noise_levels)
def smallest_never_reached(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """i/N for i/(N − 1)."""
    return of_factors(sigma_min, sigma_max, counted(sigma_max, steps) / steps)


@mistake(geometric_noise_levels)
def rising(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """From σ_min up to σ_max, as time runs in the process and not in the sampler."""
    return namespace(sigma_max).flip(GEOMETRIC(sigma_min, sigma_max, steps=steps))


@mistake(geometric_noise_levels)
def arithmetic(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """Equal steps in place of equal factors."""
    i = counted(sigma_max, steps) / max(steps - 1, 1)
    return (1 - i) * sigma_max + i * sigma_min


@mistake(geometric_noise_levels)
def root_of_the_factor(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """Each step has the root of the factor: the progression of σ² is taken for that of σ, and its root again."""
    return of_factors(sigma_min, sigma_max, counted(sigma_max, steps) / max(steps - 1, 1) / 2)


@mistake(geometric_noise_levels)
def logarithm_base_two(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """2 to the power of equal steps of the natural logarithm."""
    xp = namespace(sigma_max)
    return 2.0 ** xp.log(GEOMETRIC(sigma_min, sigma_max, steps=steps))


# --- planted by people who had not seen the cases, or after public code ---------------------------

# karras_noise_levels


@mistake(karras_noise_levels, seen="Tencent-Hunyuan/Hunyuan3D-2.1 #209", blind=True)
def last_level_twice(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """The end is met one level too early and then repeated: the last step of a sampler does nothing."""
    i = counted(rho, steps)
    ramp = namespace(rho).minimum(i / max(steps - 2, 1), 0 * i + 1)
    return of_powers(sigma_min, sigma_max, rho, ramp)


@mistake(karras_noise_levels, seen="AUTOMATIC1111/stable-diffusion-webui #4373", blind=True)
def ends_of_another_model(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """From 10 down to 0.1, whatever was asked for: the ends that one model was tried with."""
    return KARRAS(0 * sigma_min + 0.1, 0 * sigma_max + 10.0, rho, steps=steps)


@mistake(karras_noise_levels, blind=True)
def power_of_the_paper(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """ρ = 7 is written into the formula."""
    return KARRAS(sigma_min, sigma_max, 0 * rho + 7.0, steps=steps)


@mistake(karras_noise_levels, blind=True)
def small_levels_raised(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """No level is below 0.002, the smallest of the paper."""
    levels = KARRAS(sigma_min, sigma_max, rho, steps=steps)
    return namespace(rho).maximum(levels, 0 * levels + 0.002)


@mistake(karras_noise_levels, blind=True)
def lone_level_is_no_number(sigma_min: Array, sigma_max: Array, rho: Array, *, steps: int) -> Any:
    """i/(N − 1) of a single level is 0/0."""
    return unless_alone(KARRAS(sigma_min, sigma_max, rho, steps=steps))


# geometric_noise_levels


@mistake(geometric_noise_levels, blind=True, name="lone_level_is_no_number")
def lone_factor_is_no_number(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """i/(N − 1) of a single level is 0/0."""
    return unless_alone(GEOMETRIC(sigma_min, sigma_max, steps=steps))


@mistake(geometric_noise_levels, blind=True)
def one_level_is_the_smallest(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """A single level is σ_min, for the ladder is built upwards and turned round."""
    return GEOMETRIC(sigma_min, sigma_min if steps == 1 else sigma_max, steps=steps)


@mistake(geometric_noise_levels, blind=True)
def first_level_left_out(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """(i + 1)/N: σ_max is where the sample comes from and is left out."""
    return of_factors(sigma_min, sigma_max, (counted(sigma_max, steps) + 1) / steps)


@mistake(geometric_noise_levels, blind=True)
def levels_of_hundredths(sigma_min: Array, sigma_max: Array, *, steps: int) -> Any:
    """No level is below 0.01, the smallest of Song & Ermon."""
    levels = GEOMETRIC(sigma_min, sigma_max, steps=steps)
    return namespace(sigma_max).maximum(levels, 0 * levels + 0.01)

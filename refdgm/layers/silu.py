"""Numbers that are multiplied by a chance which they set themselves."""

from refdgm.declaration.domain import real
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.halves import halves
from refdgm.reference import reference

ARGS = {"x": real("B", "...", finite=True, meaning="x, any number")}
RESULT = real("B", "...", meaning="y")
SATURATED = 1 << 10  # beyond it every chance below is 0 or 1 in all dtypes


@reference(args=ARGS, wrt=("x",), result=RESULT, source="elfwing2018silu")
def silu(x: Array) -> Result:
    """SiLU, or swish: a number times the chance that a logit of this size gives.

        y = x σ(x)                                                           (1)

    Cotangent for y_bar:

        x_bar = y_bar σ(x) (1 + x σ(−x))                                     (2)

    σ(−x) is 1 − σ(x) with its digits. The slope is ½ at 0, above one from 1.28 on, and 0 at −1.28, where y has its
    least, −0.278. Swish with a factor β in the chance is x ↦ silu(β x)/β. Half of a product with another vector it is
    the gate of SwiGLU.
    Source: Elfwing, Uchibe & Doya (2018); as the Swish of Ramachandran, Zoph & Le (2017) with β = 1.
    """
    on, off = halves(x)

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {"x": y_bar * on * (1 + x * off)}                              # (2)

    return x * on, pullback                                                   # (1)


@reference(args=ARGS, wrt=("x",), result=RESULT, source="hendrycks2016gelu")
def gelu_tanh(x: Array) -> Result:
    """GELU in its form with tanh: nearly a number times the chance that a normal one is below it.

        w = 2 √(2/π) (x + a x³),   a = 0.044715                              (1)
        y = x σ(w) = ½ x (1 + tanh(w/2))                                     (2)

    Cotangent for y_bar:

        w′ = 2 √(2/π) (1 + 3 a x²)                                           (3)
        x_bar = y_bar σ(w) (1 + x σ(−w) w′)                                  (4)

    (2) with tanh loses its digits below −5, where 1 + tanh is nothing but rounding; the logistic function has them. It
    is off the exact form x Φ(x) by up to 5·10⁻⁴: F.gelu of PyTorch has that one unless it is asked for
    approximate="tanh", jax.nn.gelu has this one unless it is asked otherwise. GPT-2 has this, and so has DiT.
    Source: Hendrycks & Gimpel (2016), section 2.
    """
    xp = namespace(x)
    rate = 2 * xp.sqrt(2 / xp.full((), xp.pi, dtype=x.dtype, device=x.device))
    held = xp.maximum(xp.minimum(x, SATURATED), -SATURATED)
    square = held * held
    on, off = halves(rate * held * (1 + 44715 * square / 1_000_000))          # (1)

    def pullback(y_bar: Array) -> dict[str, Array]:
        slope = rate * (1 + 134145 * square / 1_000_000)                      # (3)
        return {"x": y_bar * on * (1 + held * off * slope)}                   # (4)

    return x * on, pullback                                                   # (2)

"""Fields without a network: an affine map, a triangular one, and a sine; what `nets.field` makes Fields of."""

from collections.abc import Callable
from typing import Any

from refdgm.namespace import Array, namespace
from refdgm.nets.directions import outer

Pullback = Callable[..., dict[str, Any]]


def affine_vjp(x: Array, theta: dict[str, Array]) -> tuple[Array, Pullback]:
    """s = A x + b;  x_bar = Aᵀ s_bar,  A_bar = Σ s_bar xᵀ,  b_bar = Σ s_bar."""
    xp = namespace(x)

    def pullback(s_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
        return {"x": s_bar @ theta["A"], "theta": {"A": s_bar.T @ x, "b": xp.sum(s_bar, axis=0)}}

    return x @ theta["A"].T + theta["b"], pullback


def affine_jvp(x: Array, x_dot: Array, theta: dict[str, Array]) -> tuple[tuple[Array, Array], Pullback]:
    """s_dot = A x_dot; its cotangent d_bar adds Σ d_bar x_dotᵀ to A_bar."""
    s, first_pullback = affine_vjp(x, theta)

    def pullback(s_bar: Array, s_dot_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
        grads = first_pullback(s_bar)
        grads["theta"]["A"] = grads["theta"]["A"] + outer(s_dot_bar, x_dot)
        return grads | {"x_dot": s_dot_bar @ theta["A"]}

    return (s, x_dot @ theta["A"].T), pullback


def triangular_vjp(x: Array, theta: dict[str, Array]) -> tuple[Array, Pullback]:
    """c = L x + b, L the part of A strictly below the diagonal; x_bar = Lᵀ c_bar, A_bar = that part of Σ c_bar xᵀ,
    b_bar = Σ c_bar."""
    xp = namespace(x)
    lower = xp.tril(theta["A"], k=-1)

    def pullback(c_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
        return {"x": c_bar @ lower, "theta": {"A": xp.tril(c_bar.T @ x, k=-1), "b": xp.sum(c_bar, axis=0)}}

    return x @ lower.T + theta["b"], pullback


def linear_velocity_vjp(z: Array, t: Array, theta: dict[str, Array]) -> tuple[Array, Pullback]:
    """f = A z + b, the same at all times."""
    f, state_pullback = affine_vjp(z, theta)

    def pullback(f_bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
        grads = state_pullback(f_bar)
        return {"z": grads["x"], "t": namespace(z).zeros_like(t), "theta": grads["theta"]}

    return f, pullback


def linear_velocity_jvp(
    z: Array, z_dot: Array, t: Array, theta: dict[str, Array]
) -> tuple[tuple[Array, Array], Pullback]:
    """f_dot = A z_dot, the same at all times."""
    outputs, state_pullback = affine_jvp(z, z_dot, theta)

    def pullback(
        f_bar: Array, f_dot_bar: Array, wrt: tuple[str, ...] = ("z", "z_dot", "t", "theta")
    ) -> dict[str, Any]:
        grads = state_pullback(f_bar, f_dot_bar)
        return {"z": grads["x"], "z_dot": grads["x_dot"], "t": namespace(z).zeros_like(t), "theta": grads["theta"]}

    return outputs, pullback


def theta_sin_vjp(z: Array, t: Array, theta: dict[str, Array]) -> tuple[Array, Pullback]:
    """f_d = θ_d sin z_d, which has a closed-form flow: tan(z(t)/2) = tan(z(0)/2) e^{θt}."""
    xp = namespace(z)
    rate, s, c = theta["theta"], xp.sin(z), xp.cos(z)

    def pullback(f_bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
        return {"z": f_bar * rate * c, "t": xp.zeros_like(t), "theta": {"theta": xp.sum(f_bar * s, axis=0)}}

    return rate * s, pullback


def theta_sin_jvp(
    z: Array, z_dot: Array, t: Array, theta: dict[str, Array]
) -> tuple[tuple[Array, Array], Pullback]:
    """f_dot_d = θ_d cos z_d z_dot_d; its cotangent d_bar adds −θ sin z ∘ Σ_r d_bar ∘ z_dot to z_bar and Σ_b cos z ∘ Σ_r
    d_bar ∘ z_dot to θ_bar."""
    xp = namespace(z)
    rate, s, c = theta["theta"], xp.sin(z), xp.cos(z)

    def pullback(
        f_bar: Array, f_dot_bar: Array, wrt: tuple[str, ...] = ("z", "z_dot", "t", "theta")
    ) -> dict[str, Any]:
        both = xp.sum(f_dot_bar * z_dot, axis=1)
        return {
            "z": rate * (f_bar * c - both * s),
            "z_dot": f_dot_bar * (rate * c)[:, None, :],
            "t": xp.zeros_like(t),
            "theta": {"theta": xp.sum(f_bar * s + both * c, axis=0)},
        }

    return (rate * s, (rate * c)[:, None, :] * z_dot), pullback

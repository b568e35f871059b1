"""The gallery: its numbers are those of its programs, its code is theirs, and a short training already learns."""

import ast
import importlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from refdgm import CATALOGUE, energy_distance, gradient_penalty

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "gallery"
if str(FOLDER) not in sys.path:
    sys.path.append(str(FOLDER))  # as a program has its folder there

import studio  # noqa: E402

NAMES = sorted({path.stem for path in FOLDER.glob("*.py")} - {"studio"})
PAGES = {name: (FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in NAMES}
PROGRAMS = {name: (FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in NAMES}
DIGITS = {"ddpm", "rbm", "vae", "vq_vae"}
OURS = {"numpy", "scipy", "refdgm", "studio", "style", "vae"}  # what a program may import; `studio` also sklearn


def program(name):
    return importlib.import_module(name)


def numbers(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def with_digits(*names):
    return [pytest.param(*each, marks=[pytest.mark.needs("sklearn")] if each[0] in DIGITS else []) for each in names]


def black_and_white():
    return (studio.digits(studio.seeded(0))[0] > 8).astype(float)


# --- a short training with the same code -----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "steps", "share"), with_digits(
    ("ddpm", 50, 0.95), ("ffjord", 25, 0.95), ("neural_ode", 60, 0.2), ("planar_flow", 150, 0.6),
    ("score_matching", 200, 0.75), ("vae", 150, 0.6), ("vq_vae", 150, 0.6)))
def test_the_loss_falls(name, steps, share):
    digits = [black_and_white() * (2 if name == "ddpm" else 1) - (name == "ddpm")] if name in DIGITS else []
    _, losses = program(name).train(steps, studio.seeded(0), *digits)
    assert len(losses) == steps and np.isfinite(losses).all()
    assert np.mean(losses[-10:]) < share * np.mean(losses[:3])


def test_the_implicit_objective_falls_by_the_divergence():
    """J has no zero; what it has lost is the Fisher divergence that was lost."""
    ism = program("implicit_score_matching")
    theta, losses = ism.train(150, studio.seeded(0))
    before, after = (ism.divergence(each, ism.data(studio.seeded(1), 10_000))
                     for each in (studio.layers(studio.seeded(0), 2, 48, 48, 2), theta))
    assert after[0] < 0.5 * before[0]
    for value, error, other, spread in (before, after):
        assert abs(value - other) < 4 * np.hypot(error, spread)
    assert np.mean(losses[-20:]) < losses[0] - 1


def test_the_generator_comes_nearer():
    gan, rng = program("wgan_gp"), studio.seeded(1)
    (phi, _), _ = gan.train(80, studio.seeded(0))
    first = studio.seeded(0)
    studio.layers(first, 2, 64, 64, 1)
    start = studio.layers(first, 2, 64, 64, 2)  # as `train` draws it
    real, z = gan.data(rng, 300), rng.standard_normal((300, 2))
    before, after = (energy_distance(real, gan.generate(z, each)) for each in (start, phi))
    assert after < 0.7 * before


@pytest.mark.needs("sklearn")
@pytest.mark.parametrize(("way", "steps"), [
    ("CD-1", 240), ("persistent CD", 240), ("pseudo-likelihood", 60), ("exact likelihood", 60)])
def test_a_machine_gains_likelihood(way, steps):
    rbm = program("rbm")
    assert way in rbm.WAYS
    _, curve = rbm.train(steps, studio.seeded(0), black_and_white(), way, every=steps // 2)
    assert len(curve) == 3 and curve[-1] < curve[0] - 0.1


# --- what the programs compose by hand -------------------------------------------------------------------------------


def agrees(value, gradient, at, rng):
    """The gradient along one direction is the slope of the value there."""
    way = {name: rng.standard_normal(x.shape) for name, x in at.items()}
    up, down = (value({name: x + h * way[name] for name, x in at.items()}) for h in (1e-5, -1e-5))
    assert sum(np.sum(gradient[name] * way[name]) for name in at) == pytest.approx((up - down) / 2e-5, rel=1e-6)


@pytest.mark.parametrize(("name", "field", "inputs"), [("score_matching", "SCORE", 3), ("neural_ode", "FIELD", 2)])
def test_a_field_has_its_pullback(name, field, inputs, rng):
    field, theta = getattr(program(name), field), studio.layers(rng, inputs, 8, 2)
    z, t, bar = rng.standard_normal((5, 2)), np.asarray(0.7), rng.standard_normal((5, 2))
    grads = field.vjp(z, t, theta)[1](bar, wrt=("z", "theta"))
    agrees(lambda at: np.sum(bar * field.value(at["z"], t, theta)), grads, {"z": z}, rng)
    agrees(lambda at: np.sum(bar * field.value(z, t, at)), grads["theta"], theta, rng)


def test_the_score_of_the_banana(rng):
    banana = program("planar_flow")
    x, bar = rng.standard_normal((5, 2)), rng.standard_normal(5)
    grads = {"x": banana.log_banana_vjp(x)[1](bar)}
    agrees(lambda at: np.sum(bar * banana.log_banana_vjp(at["x"])[0]), grads, {"x": x}, rng)


def test_the_gradient_of_the_critic(rng):
    gan, theta = program("wgan_gp"), studio.layers(rng, 2, 8, 1)
    real, fake, u = rng.standard_normal((6, 2)), rng.standard_normal((6, 2)), rng.random(6)

    def lowered(at):
        penalty = gradient_penalty(real, fake, u, at, critic=gan.CRITIC, sides="two").mean()
        return gan.CRITIC.value(fake, at).mean() - gan.CRITIC.value(real, at).mean() + gan.WEIGHT * penalty

    agrees(lowered, gan.critic_gradient(real, fake, u, theta)[1], theta, rng)


# --- what the programs compare with ----------------------------------------------------------------------------------


def test_the_limit_cycle_solves_its_equation(rng):
    ode = program("neural_ode")
    z, t, h = ode.starts(rng, 20), 0.8, 1e-5
    np.testing.assert_allclose((ode.flow(z, t + h) - ode.flow(z, t - h)) / (2 * h), ode.velocity(ode.flow(z, t)),
                               atol=1e-8)
    np.testing.assert_allclose(ode.flow(z, 0.0), z, atol=1e-12)


def test_a_score_is_that_of_the_points(rng):
    """Stein: E s*(x)ᵀ x = −D, under the law that the points are drawn from."""
    clusters = program("score_matching")
    x = clusters.data(rng, 100_000) + 0.5 * rng.standard_normal((100_000, 2))
    assert np.mean(np.sum(x * clusters.true_score(x, 0.5), axis=1)) == pytest.approx(-2, abs=0.05)


@pytest.mark.parametrize("name", ["vae", "vq_vae"])
def test_a_likelihood_without_latents_is_known(name, rng):
    """A decoder that gives every code the same logits; and of any decoder no bound is above the likelihood."""
    model, x, logits = program(name), (rng.random((4, 64)) > 0.5).astype(float), rng.standard_normal(64)
    inputs = 2 if name == "vae" else model.POSITIONS * model.SIZE
    theta = {"W1": np.zeros((64, inputs)), "b1": logits}
    codes = [] if name == "vae" else [rng.standard_normal((model.CODES, model.SIZE))]
    np.testing.assert_allclose(model.log_likelihood(x, *codes, theta), x @ logits - np.log1p(np.exp(logits)).sum(),
                               rtol=1e-5)
    if codes:
        phi, theta = studio.layers(rng, 64, 8, inputs), studio.layers(rng, inputs, 8, 64)
        assert (model.bound(x, phi, *codes, theta) <= model.log_likelihood(x, *codes, theta)).all()


def test_denoisers_in_closed_form(rng):
    """Memory of one digit is that digit; the linear one is the conditional mean, as a solve has it."""
    ddpm, eps, kept = program("ddpm"), rng.standard_normal((6, 64)), np.full(6, 0.7)
    x = rng.standard_normal((200, 64))
    xt = np.sqrt(0.7) * x[:1] + np.sqrt(0.3) * eps
    np.testing.assert_allclose(ddpm.memory(x[:1])(xt, kept), np.tile(x[:1], (6, 1)), rtol=1e-12)
    near = np.sum((xt[:, None] - np.sqrt(0.7) * x) ** 2, axis=-1).argmin(axis=1)
    np.testing.assert_allclose(ddpm.memory(x)(xt, kept), x[near], atol=1e-6)  # the others are far in 64 dimensions
    law = 0.7 * np.cov(x.T) + 0.3 * np.eye(64)
    gain = np.sqrt(0.7) * np.linalg.solve(law, np.cov(x.T)).T
    told = x.mean(axis=0) + (xt - np.sqrt(0.7) * x.mean(axis=0)) @ gain.T
    np.testing.assert_allclose(ddpm.linear(x)(xt, kept), told, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(ddpm.velocity(x[:1], xt, kept), np.sqrt(0.7) * eps - np.sqrt(0.3) * x[:1], atol=1e-12)


def test_adam():
    """The first step is the rate, whatever the gradient is; a minimum is found."""
    theta = {"x": np.array([3.0, -2.0])}
    adam = studio.Adam(theta, 0.1)
    adam.step({"x": np.array([1e-3, -50.0])})
    np.testing.assert_allclose(theta["x"], [2.9, -1.9], rtol=1e-5)
    for _ in range(500):
        adam.step({"x": theta["x"] - 1})
    np.testing.assert_allclose(theta["x"], [1.0, 1.0], atol=1e-2)


# --- pages, numbers, pictures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_no_number_of_a_page_is_written_by_hand(name):
    """The table is that of the record, and what the prose says to a decimal stands there or in the program."""
    page, told = PAGES[name], numbers(name)
    assert studio.table(told) in page, f"run python docs/gallery/{name}.py"
    assert all(len(row) == len(told["columns"]) for row in told["rows"])
    prose = re.sub(r"^```.*?^```$|<!-- numbers -->.*?<!-- and end here -->", "", page, flags=re.M | re.S)
    known = studio.table(told) + PROGRAMS[name]
    assert not [each for each in re.findall(r"\d+\.\d+", prose) if each not in known]


@pytest.mark.parametrize("name", NAMES)
def test_code_of_a_page_is_that_of_its_program(name):
    bare = [line.strip() for line in PROGRAMS[name].splitlines()]
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGES[name], re.M | re.S)
    assert blocks
    for block in blocks:
        lines = [line.strip() for line in block.splitlines()]
        assert any(bare[at:at + len(lines)] == lines for at in range(len(bare))), block


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_its_picture_its_program_and_what_it_uses(name):
    page, text = PAGES[name], PROGRAMS[name]
    words = re.findall(rf"!\[([^\]]+)\]\({name}\.svg\)", page)
    assert len(words) == 1 and len(words[0].split()) >= 5
    assert (FOLDER / f"{name}.svg").stat().st_size < 200_000
    assert f"({name}.py)" in page and f"`python docs/gallery/{name}.py`" in ast.get_docstring(ast.parse(text))
    assert f"({name}.md)" in (FOLDER / "index.md").read_text(encoding="utf-8")
    used = re.findall(r"`(\w+)`", page.rpartition("Used:")[2])
    imported = {alias.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)
                for alias in node.names} & CATALOGUE.keys()
    assert imported == {*used} and len(used) >= 3


@pytest.mark.parametrize("name", [*NAMES, "studio"])
def test_no_gradient_but_those_of_the_package(name):
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    imported = {module.split(".")[0] for node in ast.walk(ast.parse(text))
                for module in ([alias.name for alias in node.names] if isinstance(node, ast.Import)
                               else [node.module] if isinstance(node, ast.ImportFrom) else [])}
    if name == "studio":
        imported -= {"json", "re", "sys", "itertools", "pathlib", "sklearn"}
    assert imported <= OURS
    assert not re.search(r"approx_fprime|check_grad|minimize\(", text)


@pytest.mark.long
@pytest.mark.needs("sklearn", "matplotlib", "scipy")
@pytest.mark.parametrize("name", NAMES)
def test_a_whole_run_has_the_numbers_of_its_page(name, monkeypatch):
    """To a tenth and some: what an order of sums rounds off grows while a network is trained."""
    from matplotlib import pyplot

    made = program(name)
    found = []
    monkeypatch.setattr(made, "publish", lambda *given: found.append(given))
    made.main()
    (_, columns, rows, figure), told = found[0], numbers(name)
    pyplot.close(figure)
    assert columns == told["columns"] and len(rows) == len(told["rows"])
    for row, was in zip(rows, told["rows"], strict=True):
        assert row[0] == was[0]
        for one, other in zip(row[1:], was[1:], strict=True):
            assert one == other or one == pytest.approx(other, rel=0.15, abs=0.05), row[0]

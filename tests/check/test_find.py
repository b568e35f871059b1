"""`refdgm find`: what people type finds what they mean, and says why."""

import json
import os
import subprocess
import sys

import pytest

from refdgm import CATALOGUE
from refdgm.check.report import exits
from refdgm.cli import main as cli
from refdgm.cli.searching import few, search
from refdgm.cli.words import asked, words
from refdgm.evidence.aliases import aliases

from ..turns import in_turn

MEANT = {
    "mmd": "maximum_mean_discrepancy",
    "kl": "gaussian_kl", "KL divergence": "gaussian_kl", "kl of two gaussians": "gaussian_kl_between", "elbo": "elbo",
    "vae loss": "elbo", "vae_loss": "elbo", "beta-VAE": "elbo", "reparameterize": "gaussian_reparameterization",
    "reparametrization trick": "gaussian_reparameterization", "iwae": "importance_weighted_bound",
    "bce": "bernoulli_log_likelihood", "BCEWithLogitsLoss": "bernoulli_log_likelihood",
    "nn.BCEWithLogitsLoss": "bernoulli_log_likelihood",
    "F.binary_cross_entropy_with_logits": "bernoulli_log_likelihood", "torch.logsumexp": "log_sum_exp",
    "F.gumbel_softmax": "gumbel_softmax", "F.gumbel_softmax(logits, tau=0.5)": "gumbel_softmax",
    "vq": "vector_quantization", "VQ-VAE": "vector_quantization", "VectorQuantizer2": "vector_quantization",
    "REINFORCE": "score_function_estimator", "rloo": "leave_one_out_estimator", "dsm": "denoising_score_matching",
    "ncsn": "noise_conditional_score_matching", "q_sample": "forward_marginal", "add_noise": "forward_marginal",
    "scheduler.add_noise": "forward_marginal", "get_velocity": "v_from_x0_eps",
    "predict_start_from_noise": "x0_from_eps", "DDIMScheduler.step": "ddim_step", "ddim": "ddim_step",
    "p_sample": "ancestral_step", "DDPMScheduler.step": "ancestral_step", "cosine_beta_schedule": "cosine_schedule",
    "alphas_cumprod": "alpha_products", "min-SNR": "min_snr_weight", "cfg": "classifier_free_guidance",
    "rescale_noise_cfg": "guidance_rescale", "get_sigmas_karras": "karras_noise_levels", "EDMLoss": "edm_loss",
    "c_skip": "edm_preconditioning", "dpm++ 2m": "dpm_solver_pp_2m_step", "rk4": "odeint", "dopri5": "dopri5_steps",
    "adjoint method": "odeint_adjoint", "realnvp": "affine_coupling", "MAF": "masked_autoregressive",
    "slogdet": "log_abs_det", "hutchinson": "hutchinson_trace", "FFJORD": "ffjord_log_density",
    "cfm": "flow_matching_path", "sd3 shift": "timestep_shift", "wgan-gp": "gradient_penalty",
    "R1": "zero_centered_penalty", "lsgan": "least_squares_discriminator_loss",
    "spectral norm": "spectral_normalization", "CLIP loss": "info_nce", "InfoNCE": "info_nce",
    "fid": "frechet_inception_distance", "Frechet": "frechet_inception_distance",
    "FrechetInceptionDistance": "frechet_inception_distance", "ula": "langevin_step", "mala": "mala_log_ratio",
    "marginal_prob": "perturbation_kernel", "pc sampler": "predictor_corrector",
    "w = γ − 1": "classifier_free_guidance", "rk4 is the 3/8 rule": "odeint", "Kutta": "odeint",
}


@pytest.mark.parametrize(("text", "name"), MEANT.items())
def test_what_people_type_finds_what_they_mean(text, name):
    assert search(text)[0].reference.name == name


@pytest.mark.parametrize("name", in_turn(CATALOGUE))
def test_a_reference_is_found_by_its_name_and_by_each_of_its_aliases(name):
    """The name first of all; by an alias it is among the few, unless the alias is one of more references than that."""
    assert search(name)[0].reference.name == name
    for one in aliases(name):
        found = search(one.name)
        best = [each.reference.name for each in found if each.score >= 0.6 * found[0].score]
        assert name in best, one


def test_few_are_told_and_why(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main(["find", "F.gumbel_softmax"]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[:3] == [
        "gumbel_softmax", "    Gumbel-softmax: a differentiable stand-in for a categorical draw.",
        "    · PyTorch: F.gumbel_softmax, of hard=False; it draws its noise itself"]
    assert cli.main(["find", "w", "=", "γ"]) == 0
    assert "    · convention: w = γ − 1" in capsys.readouterr().out.splitlines()
    assert all(len(few(search(text))) <= 8 for text in (*MEANT, "loss", "step", "x"))


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("text", ["kl", "loss", "adjoint", "Kingma"])
def test_lines_are_as_wide_as_the_terminal(text, columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert cli.main(["find", "--all", text]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= columns


def test_the_rest_is_named_and_can_be_asked_for(capsys):
    cli.main(["find", "kl"])
    last = capsys.readouterr().out.splitlines()[-1]
    more = len(search("kl")) - len(few(search("kl")))
    assert last == f"{more} more, further off: refdgm find --all kl"
    cli.main(["find", "--all", "--json", "kl"])
    assert len(json.loads(capsys.readouterr().out)) == len(search("kl"))


def test_as_json(capsys):
    assert cli.main(["find", "--json", "F.gumbel_softmax"]) == 0
    first, *_ = json.loads(capsys.readouterr().out)
    assert first["name"] == "gumbel_softmax" and first["page"] == "gumbel_softmax"
    assert first["found"][0] == {
        "by": "library", "told": "PyTorch: F.gumbel_softmax, of hard=False; it draws its noise itself",
        "library": "PyTorch", "function": "torch.nn.functional.gumbel_softmax",
        "under": "of hard=False; it draws its noise itself"}


@pytest.mark.parametrize(("text", "said"), [
    ("gumbol", "nothing is known by 'gumbol'; the nearest words are gumbel, "),
    ("kl zzzz", "nothing has all of 'kl zzzz'; kl by itself is found"),
    ("zzzzzz", "nothing is known by 'zzzzzz', nor by a word like it; `refdgm list` has them all"),
    ("", "nothing is known by '', nor by a word like it"),
    ("∑", "nothing is known by '∑', nor by a word like it"),
])
def test_nothing_found_is_one_sentence(text, said, capsys):
    assert cli.main(["find", text]) == exits.USAGE
    caught = capsys.readouterr()
    assert caught.out == "" and caught.err.startswith(f"refdgm: {said}") and caught.err.count("\n") == 1
    assert cli.main(["find", "--json", text]) == exits.USAGE
    assert json.loads(capsys.readouterr().out) == []


def test_words_are_those_that_people_write_otherwise():
    assert words("BCEWithLogitsLoss") == ("bce", "with", "logits", "loss") and words("DPM++ 2M") == ("dpmpp", "2m")
    assert words("Fréchet_distance") == ("frechet", "distance") and asked("softmax(x, dim=-1)") == ("softmax",)
    assert asked("p(x)") == ("p", "x")


def test_a_terminal_of_few_letters_is_told_the_same():
    told = subprocess.run([sys.executable, "-m", "refdgm", "find", "kl"], capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONIOENCODING": "ascii", "COLUMNS": "80"}).stdout
    assert told.isascii() and told.startswith("gaussian_kl\n")

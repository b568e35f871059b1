"""Every picture has a program that draws it and a page that shows it, and the deep pages have one."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
DRAWN = {path.stem for path in (DOCS / "pictures").glob("*.svg")}
PROGRAMS = {path.stem for path in (DOCS / "pictures").glob("*.py")} - {"__main__", "style"}
SHOWN = {
    path.stem: re.findall(r"!\[([^\]]+)\]\(\.\./pictures/(\w+)\.svg\)", path.read_text(encoding="utf-8"))
    for path in (DOCS / "derivations").glob("*.md")
}


def test_programs_and_pictures_belong_together():
    assert PROGRAMS == DRAWN
    assert {name for shown in SHOWN.values() for _, name in shown} == DRAWN
    for name in DRAWN:
        assert (DOCS / "pictures" / f"{name}.svg").stat().st_size < 200_000, name


def test_the_deep_pages_have_a_picture_with_words_for_it():
    deep = ("softmax", "gumbel_softmax", "gaussian_kl", "vector_quantization", "mlp", "implicit_score_matching",
            "sliced_score_matching", "denoising_score_matching", "variational_bound", "odeint", "cnf_log_density",
            "perturbation_kernel", "reverse_sde", "reverse_euler_maruyama", "flow_matching_path", "edm_preconditioning",
            "edm_sampler", "affine_transform", "planar_transform", "masked_autoregressive", "probability_flow_drift",
            "dbn_bound", "forward_marginal", "ddim_step", "ancestral_step", "langevin", "linear_schedule",
            "classifier_guidance", "classifier_free_guidance", "gaussian_mixture", "mala_log_ratio", "power_iteration",
            "gan_generator_loss", "wasserstein_critic_loss", "free_bits_kl", "maximum_mean_discrepancy",
            "frechet_inception_distance", "karras_noise_levels", "importance_weighted_bound", "euler_maruyama")
    assert not [page for page in deep if not SHOWN[page]]
    assert all(len(words.split()) >= 5 for shown in SHOWN.values() for words, _ in shown)

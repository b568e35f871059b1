"""The forms that the check blames today, with who is right. Whoever mends one of them takes its line out.

`HOW` names the three rounds in which every form is asked; a blame is of a form in one of them.
"""

HOW = ("float64", "float32", "fresh")

WHO = {
    "check": "The form is right and only loses digits",
    "open": "Open",
    "form": "The check is right, the form fails at this input",
}

OVERFLOW = "an exponential without a shift overflows or underflows, so the answer is infinite and its gradient NaN"
ZERO = ("the gradient is formed as σ(x) − 1 or as σ (1 − σ), which rounds to 0 at x ≈ 600 for e^{−600}: an absolute "
        "error of 10⁻²⁶¹; where x = 61.2, in case 014, the same 0 passes for −1.5·10⁻²⁷")
CANCELS = ("½‖s‖² − ⟨s, t⟩ + ½‖t‖² is the same polynomial; it loses what the scores share, an absolute error of some "
           "eps ‖s‖², which is what its operations round off")
LOGADDEXP = ("torch's logaddexp has no second derivative where one of its terms vanishes, a difference of infinities: "
             "NaN for a number of the order of 0.1")
BEYOND = ("the right value is above the largest float32, so no answer has digits; the form returns ∞ − log ∞ = NaN, "
          "where the textbook one returns ∞")
EXPANDED = ("‖z‖² + ‖e‖² − 2⟨z, e⟩ around 30000 has an absolute error of hundreds in float32, so the index is any; "
            "the form is the most usual one, and a planted mistake holds that this is one")

BLAMED: dict[tuple[str, str], tuple[str, str]] = {
    ("fisher_expanded", "float64"): ("check", CANCELS),
    ("fisher_expanded", "float32"): ("check", CANCELS),
    ("log_sigmoid_of_bce", "float64"): ("check", ZERO),
    ("bce_of_ones", "float64"): ("check", ZERO),
    ("log_of_sigmoid", "float64"): ("check", ZERO),
    ("kl_of_distributions", "float32"): ("open", BEYOND),
    ("kl_of_matrices", "float32"): ("open", BEYOND),
    ("vq_expanded", "float32"): ("open", EXPANDED),
    ("vq_of_inner_products", "float32"): ("open", EXPANDED),
    ("log_of_sigmoid", "float32"): ("form", OVERFLOW),
    ("log_of_softmax", "float64"): ("form", OVERFLOW),
    ("log_of_softmax", "float32"): ("form", OVERFLOW),
    ("lse_naive", "float32"): ("form", OVERFLOW),
    ("softplus_naive", "float32"): ("form", OVERFLOW),
    ("tangent_by_jvp", "float32"): ("form", LOGADDEXP),
    ("tangent_by_double_backward", "float32"): ("form", LOGADDEXP),
    ("tangent_of_jacobian", "float32"): ("form", LOGADDEXP),
}

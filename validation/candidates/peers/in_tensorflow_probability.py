"""The determinant of a matrix with an update of low rank, by the lemma, in TensorFlow Probability on NumPy, which has
no gradients."""

from tensorflow_probability.python.internal.backend.numpy import v2 as tf


def rank_one_log_det(matrix, u, v):
    base = tf.linalg.LinearOperatorFullMatrix(matrix)
    update = tf.linalg.LinearOperatorLowRankUpdate(base, u[..., None], v=v[..., None])
    return update.log_abs_determinant()


CANDIDATES = {"rank_one_log_det": {"function": rank_one_log_det, "framework": "numpy", "gradients": []}}

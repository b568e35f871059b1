"""A layer norm and its backward pass as ONNX models, run by ONNX's reference evaluator.

The forward model is the operator LayerNormalization, which also hands out the mean and the reciprocal deviation; the
backward one is a graph of elementary operators, as an exporter of training graphs writes it.
"""

import onnx
from onnx.reference import ReferenceEvaluator

FORWARD = """<ir_version: 8, opset_import: ["" : 17]>
forward (float[B,N,D] x, float[D] weight, float[D] bias) => (float[B,N,D] y, float[B,N,1] mean, float[B,N,1] inverse) {
    y, mean, inverse = LayerNormalization <axis = -1, epsilon = EPS> (x, weight, bias)
}"""
BACKWARD = """<ir_version: 8, opset_import: ["" : 18]>
backward (float[B,N,D] x, float[D] weight, float[B,N,1] mean, float[B,N,1] inverse, float[B,N,D] y_bar)
    => (float[B,N,D] x_bar, float[D] weight_bar, float[D] bias_bar) {
    last = Constant <value_ints = [-1]> ()
    rows = Constant <value_ints = [0, 1]> ()
    centred = Sub (x, mean)
    n = Mul (centred, inverse)
    h = Mul (y_bar, weight)
    product = Mul (h, n)
    along = ReduceMean (product, last)
    common = ReduceMean (h, last)
    taken = Mul (n, along)
    less = Sub (h, common)
    rest = Sub (less, taken)
    x_bar = Mul (rest, inverse)
    outer = Mul (y_bar, n)
    weight_bar = ReduceSum <keepdims = 0> (outer, rows)
    bias_bar = ReduceSum <keepdims = 0> (y_bar, rows)
}"""
backward = ReferenceEvaluator(onnx.parser.parse_model(BACKWARD))


def layer_norm(x, weight, bias, eps):
    """The ϵ of the operator is an attribute, and so part of the model."""
    forward = ReferenceEvaluator(onnx.parser.parse_model(FORWARD.replace("EPS", f"{float(eps):.9g}")))
    y, mean, inverse = forward.run(None, {"x": x, "weight": weight, "bias": bias})

    def pullback(y_bar):
        given = {"x": x, "weight": weight, "mean": mean, "inverse": inverse, "y_bar": y_bar}
        return dict(zip(("x", "weight", "bias"), backward.run(None, given), strict=True))

    return y, pullback


CANDIDATES = {"layer_norm": {"function": layer_norm, "framework": "numpy", "dtype": "float32"}}

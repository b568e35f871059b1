"""Forms of the layers of normalizing flows."""

import autograd.numpy as anp
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("affine_transform", "pointwise affine layers of nflows")
def pointwise_affine(z, scale, shift):
    outputs = z * scale + shift
    logabsdet = torch.log(torch.abs(scale)).flatten(1).sum(-1) if z.dim() > 1 else scale.abs().log()
    return outputs, logabsdet


@form("affine_transform", "the determinant of a diagonal matrix")
def affine_by_slogdet(z, scale, shift):
    matrix = torch.diag_embed(scale.reshape(len(scale), -1))
    x = torch.einsum("bij,bj->bi", matrix, z.reshape(len(z), -1)).reshape(z.shape) + shift
    return {"x": x, "log_det": torch.linalg.slogdet(matrix).logabsdet}


@form("affine_transform", "minus the log-determinant of the inverse", framework="autograd")
def affine_of_inverse(z, scale, shift):
    x = shift + z * scale
    inverse = 1.0 / scale
    return x, -anp.sum(anp.reshape(anp.log(anp.abs(inverse)), (z.shape[0], -1)), axis=1)


@form("affine_coupling", "Real NVP ports: a loop's two branches")
def real_nvp_ports(x, log_scale, shift, direction, scale):
    s = log_scale if scale == "exp" else torch.nn.functional.logsigmoid(log_scale + 2.0)
    sldj = s.reshape(s.size(0), -1).sum(-1)
    if direction == "inverse":
        return (x - shift) * s.mul(-1).exp(), -sldj
    return x * s.exp() + shift, sldj


@form("affine_coupling", "nflows: the scale and its logarithm")
def nflows_coupling(x, log_scale, shift, direction, scale):
    a = torch.exp(log_scale) if scale == "exp" else torch.sigmoid(log_scale + 2)
    log_a = torch.log(a)
    logabsdet = log_a.flatten(1).sum(1) if x.ndim > 1 else log_a
    if direction == "forward":
        return {"y": x * a + shift, "log_det": logabsdet}
    return {"y": (x - shift) / a, "log_det": -logabsdet}


@form("affine_coupling", "an additive layer after a scaling one", framework="autograd")
def scaled_then_added(x, log_scale, shift, direction, scale):
    s = log_scale if scale == "exp" else -anp.logaddexp(0.0, -(log_scale + 2))
    way = 1.0 if direction == "forward" else -1.0
    before, after = (0.0, shift) if direction == "forward" else (shift, 0.0)
    return anp.exp(way * s) * (x - before) + after, way * anp.sum(anp.reshape(s, (len(s), -1)), axis=1)


@form("affine_coupling", "Glow's code: (x + t) e^s", convention="shifted before it is scaled")
def glow_revnet(x, log_scale, shift, direction, scale):
    a = log_scale.exp() if scale == "exp" else torch.sigmoid(log_scale + 2.0)
    logdet = a.log().reshape(len(a), -1).sum(1)
    return ((x + shift) * a, logdet) if direction == "forward" else (x / a - shift, -logdet)


@form("planar_transform", "tutorials of variational flows")
def planar_of_tutorials(z, u, w, b, constraint):
    if constraint == "softplus":
        wtu = (w * u).sum()
        m = -1 + torch.log(1 + torch.exp(wtu))
        u = u + (m - wtu) * w / torch.norm(w) ** 2
    lin = (z @ w + b).unsqueeze(1)
    f = z + u * torch.tanh(lin)
    phi = (1 - torch.tanh(lin) ** 2) * w
    return f, torch.log((1 + phi @ u).abs())


@form("planar_transform", "the Jacobian by automatic differentiation")
def planar_by_jacobian(z, u, w, b, constraint):
    if constraint == "softplus":
        wtu = torch.dot(w, u)
        u = u + (torch.nn.functional.softplus(wtu) - 1 - wtu) * w / w.square().sum()
    layer = lambda row: row + u * torch.tanh(torch.dot(w, row) + b)
    jacobian = torch.func.vmap(torch.func.jacrev(layer))(z)
    return {"x": torch.func.vmap(layer)(z), "log_det": torch.linalg.slogdet(jacobian)[1]}


@form("planar_transform", "sech² by cosh, one example after the other", framework="autograd")
def planar_one_by_one(z, u, w, b, constraint):
    inner = anp.sum(w * u)
    hat = u + (anp.logaddexp(0.0, inner) - 1 - inner) * w / anp.sum(w**2) if constraint == "softplus" else u
    rows = [row + hat * anp.tanh(anp.sum(w * row) + b) for row in z]
    logs = [anp.log(anp.abs(1 + anp.sum(w * hat) / anp.cosh(anp.sum(w * row) + b) ** 2)) for row in z]
    return anp.reshape(anp.array(rows), z.shape), anp.reshape(anp.array(logs), (len(z),))


@form("planar_inverse", "the layer's Jacobian, solved by a root finder that halves", framework="autograd")
def planar_by_halving(x, u, w, b, constraint):
    inner = anp.sum(w * u)
    k = anp.logaddexp(0.0, inner) - 1
    y = anp.dot(x, w) + b
    low, high = y - anp.abs(k) - 1, y + anp.abs(k) + 1
    still = lambda v: getattr(v, "_value", v)
    low, high, at, target = still(still(low)), still(still(high)), still(still(k)), still(still(y))
    for _ in range(80):
        middle = (low + high) / 2
        below = middle + at * anp.tanh(middle) < target
        low, high = anp.where(below, middle, low), anp.where(below, high, middle)
    a = (low + high) / 2
    a = a - (a + k * anp.tanh(a) - y) / (1 + k / anp.cosh(a) ** 2)
    hat = u + (k - inner) * w / anp.sum(w**2)
    return x - anp.outer(anp.tanh(a), hat), -anp.log(1 + k / anp.cosh(a) ** 2)


@form("planar_inverse", "an unrolled iteration, differentiated through")
def planar_unrolled(x, u, w, b, constraint):
    wtu = torch.dot(w, u)
    k = torch.nn.functional.softplus(wtu) - 1
    y = x @ w + b
    a = y / (1 + k + y.abs() / (1 + y.abs()))
    for _ in range(50):
        a = a - (a + k * torch.tanh(a) - y) / (1 + k / torch.cosh(a) ** 2)
    return {"z": x - torch.tanh(a)[:, None] * (u + (k - wtu) * w / w.pow(2).sum()),
            "log_det": -torch.log(1 + k / torch.cosh(a) ** 2)}


@form("planar_flow", "tutorials of variational flows: a list of log-Jacobians, summed at the end")
def planar_flow_of_tutorials(z, u, w, b, constraint):
    log_jacobians, zk = [torch.zeros(len(z), dtype=z.dtype)], z
    for k in range(len(b)):
        zk, log_jacobian = planar_of_tutorials(zk, u[k], w[k], b[k], constraint)
        log_jacobians.append(log_jacobian)
    return zk, torch.stack(log_jacobians, dim=1).sum(dim=1)


@form("planar_flow", "a recursion: the layers below, then the last one", framework="autograd")
def planar_flow_by_recursion(z, u, w, b, constraint):
    if len(u) == 0:
        return z, anp.zeros(len(z))
    below, log_det = planar_flow_by_recursion(z, u[:-1], w[:-1], b[:-1], constraint)
    inner = anp.dot(w[-1], u[-1])
    hat = u[-1]
    if constraint == "softplus":
        hat = hat + (anp.logaddexp(0.0, inner) - 1 - inner) * w[-1] / anp.dot(w[-1], w[-1])
    h = anp.tanh(below @ w[-1] + b[-1])
    return below + anp.outer(h, hat), log_det + anp.log(anp.abs(1 + (1 - h**2) * anp.dot(hat, w[-1])))

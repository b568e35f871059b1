"""Forms of what U-nets are made of."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("group_norm", "U-nets on torch's own function")
def groups_of_torch(x, weight, bias, eps):
    many, groups, each, pixels = x.shape
    y = F.group_norm(x.reshape(many, groups * each, pixels), groups, weight.reshape(-1), bias.reshape(-1), float(eps))
    return y.reshape(x.shape)


@form("group_norm", "the paper's own code, moments over the axes of a group")
def groups_of_the_paper(x, weight, bias, eps):
    var, mean = torch.var_mean(x, (2, 3), correction=0, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps) * weight[None, :, :, None] + bias[None, :, :, None]


@form("group_norm", "channels last: transposed, grouped, and back")
def groups_with_channels_last(x, weight, bias, eps):
    last = x.permute(0, 3, 1, 2)
    mean = last.mean((1, 3), keepdim=True)
    var = (last - mean).square().mean((1, 3), keepdim=True)
    return ((last - mean) * torch.rsqrt(var + eps) * weight + bias).permute(0, 2, 3, 1)


@form("group_norm", "the layer normalisation of what is folded into the batch, then an affine map")
def groups_by_layer_norm(x, weight, bias, eps):
    y = F.layer_norm(x.flatten(0, 1), x.shape[2:], eps=float(eps)).view(x.shape)
    return torch.addcmul(bias[..., None], y, weight[..., None])


@form("group_norm", "an affine map of every channel, with the moments inside")
def groups_as_an_affine_map(x, weight, bias, eps):
    var, mean = torch.var_mean(x, (2, 3), correction=0, keepdim=True)
    scale = weight[..., None] * (var + eps).rsqrt()
    return x * scale + (bias[..., None] - mean * scale)


@form("group_norm", "one pass: mean(x²) − mean(x)², as Flax has by default")
def groups_of_moments(x, weight, bias, eps):
    mean = x.mean((2, 3), keepdim=True)
    var = (x.square().mean((2, 3), keepdim=True) - mean.square()).clamp(min=0.0)
    return (x - mean) * (torch.rsqrt(var + eps) * weight[..., None]) + bias[..., None]


@form("group_norm", "a deviation, and ϵ beside it", convention="ϵ outside the root")
def groups_and_eps(x, weight, bias, eps):
    c = x - x.mean((2, 3), keepdim=True)
    deviation = c.flatten(2).norm(dim=2)[..., None, None] / (x.shape[2] * x.shape[3]) ** 0.5
    return c / (deviation + eps) * weight[..., None] + bias[..., None]


class GroupNormC(torch.autograd.Function):
    """As in PyTorch's kernels: of every channel two sums, ds and db, from which all three gradients are made."""

    @staticmethod
    def forward(ctx, x, weight, bias, eps):
        mean = x.mean((2, 3))
        rstd = (x - mean[..., None, None]).square().mean((2, 3)).add(eps).rsqrt()
        ctx.save_for_backward(x, weight, mean, rstd)
        return (x - mean[..., None, None]) * rstd[..., None, None] * weight[..., None] + bias[..., None]

    @staticmethod
    def backward(ctx, dy):
        x, weight, mean, rstd = ctx.saved_tensors
        ds, db, s = (dy * x).sum(3), dy.sum(3), 1 / (x.shape[2] * x.shape[3])
        ds_val, db_val = (ds * weight).sum(2), (db * weight).sum(2)
        c2 = (db_val * mean - ds_val) * rstd**3 * s
        c3 = -c2 * mean - db_val * rstd * s
        dx = dy * weight[..., None] * rstd[..., None, None] + c2[..., None, None] * x + c3[..., None, None]
        dweight = ((ds - db * mean[..., None]) * rstd[..., None]).sum(0)
        return dx, dweight, db.sum(0), None


@form("group_norm", "PyTorch's kernels, written out with their own backward pass")
def groups_with_their_own_backward(x, weight, bias, eps):
    return GroupNormC.apply(x, weight, bias, eps)


@form("group_norm", "an autograd script", framework="autograd")
def groups_of_autograd(x, weight, bias, eps):
    c = x - anp.mean(x, axis=(2, 3), keepdims=True)
    return weight[:, :, None] * c * (anp.mean(c**2, axis=(2, 3), keepdims=True) + eps) ** -0.5 + bias[:, :, None]


@form("group_norm", "NumPy with the gradients by hand, group after group", framework="numpy")
def groups_by_hand(x, weight, bias, eps):
    flat = x.reshape(len(x), x.shape[1], -1)
    xhat = (flat - flat.mean(2, keepdims=True)) / np.sqrt(flat.var(2, keepdims=True) + eps)
    istd = 1 / np.sqrt(flat.var(2, keepdims=True) + eps)
    n = xhat.reshape(x.shape)

    def backward(dout):
        dhat = (dout * weight[..., None]).reshape(flat.shape)
        many = flat.shape[2]
        dx = istd / many * (many * dhat - dhat.sum(2, keepdims=True) - xhat * (dhat * xhat).sum(2, keepdims=True))
        return {"x": dx.reshape(x.shape), "weight": (dout * n).sum((0, 3)), "bias": dout.sum((0, 3))}

    return n * weight[..., None] + bias[..., None], backward


@form("adaln_modulation", "DiT: a norm without an affine map, and modulate")
def modulate_of_dit(x, shift, scale, eps):
    n = F.layer_norm(x, (x.shape[-1],), eps=float(eps))
    return n * (1 + scale.unsqueeze(1)) + shift.unsqueeze(1)


@form("adaln_modulation", "one linear map that gives both halves, taken apart")
def modulate_of_halves(x, shift, scale, eps):
    beta, gamma = torch.cat([shift, scale], dim=1).chunk(2, dim=1)
    mean, var = x.mean(-1, keepdim=True), x.var(-1, correction=0, keepdim=True)
    return torch.addcmul(beta[:, None], (x - mean) * torch.rsqrt(var + eps), 1 + gamma[:, None])


@form("adaln_modulation", "a fused kernel: the factor first, then its own backward pass", framework="numpy")
def modulate_by_hand(x, shift, scale, eps):
    mu = x.mean(-1, keepdims=True)
    rstd = 1 / np.sqrt(((x - mu) ** 2).mean(-1, keepdims=True) + eps)
    xhat = (x - mu) * rstd
    factor = (1 + scale)[:, None]

    def backward(dy):
        wdy = dy * factor
        c1, c2 = (xhat * wdy).mean(-1, keepdims=True), wdy.mean(-1, keepdims=True)
        return {"x": (wdy - (xhat * c1 + c2)) * rstd, "shift": dy.sum(1), "scale": (dy * xhat).sum(1)}

    return xhat * factor + shift[:, None], backward


@form("adaln_modulation", "layers with a weight of every example, an affine map of the batch")
def modulate_as_an_affine_map(x, shift, scale, eps):
    var, mean = torch.var_mean(x, -1, correction=0, keepdim=True)
    factor = (1 + scale)[:, None] * (var + eps).rsqrt()
    return x * factor + (shift[:, None] - mean * factor)


@form("adaln_modulation", "FiLM, which multiplies by the scale itself", convention="the scale is the whole factor")
def modulate_of_film(x, shift, scale, eps):
    return F.layer_norm(x, (x.shape[-1],), eps=float(eps)) * scale[:, None] + shift[:, None]


@form("adaln_modulation", "an autograd script", framework="autograd")
def modulate_of_autograd(x, shift, scale, eps):
    c = x - anp.mean(x, axis=-1, keepdims=True)
    n = c / anp.sqrt(anp.mean(c * c, axis=-1, keepdims=True) + eps)
    return n + scale[:, None, :] * n + shift[:, None, :]


@form("gelu", "models on torch's own function")
def gelu_erf_of_torch(x):
    return F.gelu(x)


@form("gelu", "BERT's own code")
def gelu_of_bert(x):
    return x * 0.5 * (1.0 + torch.erf(x / math.sqrt(2.0)))


@form("gelu", "by the complement of the error function, which keeps the tail")
def gelu_by_erfc(x):
    return 0.5 * x * torch.special.erfc(-x / math.sqrt(2.0))


@form("gelu", "by the normal distribution of a library")
def gelu_by_ndtr(x):
    return x * torch.special.ndtr(x)


class GeluC(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.special.ndtr(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        beta = 1 / math.sqrt(2 * math.pi)
        return grad * (0.5 * (1 + torch.erf(x * math.sqrt(0.5))) + x * torch.exp(-0.5 * x * x) * beta)


@form("gelu", "PyTorch's kernels, written out with their own backward pass")
def gelu_with_its_own_backward(x):
    return GeluC.apply(x)


@form("gelu", "jax.nn.gelu as it is called by default", convention="the form with tanh")
def gelu_of_jax_by_default(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@form("gelu", "NumPy with the gradient by hand", framework="numpy")
def gelu_exact_by_hand(x):
    cdf = 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(x / np.sqrt(2.0))).astype(x.dtype)
    pdf = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi).astype(x.dtype)
    return x * cdf, lambda dy: {"x": dy * (cdf + x * pdf)}


@form("embedding", "torch's own function")
def looked_up(index, weight):
    return F.embedding(index, weight)


@form("embedding", "fancy indexing")
def indexed(index, weight):
    return weight[index]


@form("embedding", "a product with one-hot rows, as on processors that gather slowly")
def one_hot_product(index, weight):
    return F.one_hot(index, weight.shape[0]).to(weight.dtype) @ weight


@form("embedding", "index_select of the flat indices")
def selected(index, weight):
    return weight.index_select(0, index.reshape(-1)).unflatten(0, index.shape)


@form("embedding", "padding_idx=0 of torch", convention="row 0 is padding: it hears nothing")
def padded(index, weight):
    return F.embedding(index, weight, padding_idx=0)


@form("embedding", "scale_grad_by_freq of torch", convention="divided by how often an index comes")
def by_how_often(index, weight):
    return F.embedding(index, weight, scale_grad_by_freq=True)


@form("embedding", "a Transformer's, times √D", convention="times √D")
def times_the_root_of_the_width(index, weight):
    return F.embedding(index, weight) * math.sqrt(weight.shape[1])


class Scattered(torch.autograd.Function):
    """A gather, and a scatter that adds up."""

    @staticmethod
    def forward(ctx, index, weight):
        ctx.save_for_backward(index)
        ctx.rows = weight.shape[0]
        return weight.gather(0, index.reshape(-1, 1).expand(-1, weight.shape[1])).view(*index.shape, -1)

    @staticmethod
    def backward(ctx, dy):
        (index,) = ctx.saved_tensors
        flat = dy.reshape(-1, dy.shape[-1])
        total = flat.new_zeros(ctx.rows, flat.shape[1])
        return None, total.scatter_add_(0, index.reshape(-1, 1).expand_as(flat), flat)


@form("embedding", "a gather, and a scatter that adds up, on the way back")
def scattered(index, weight):
    return Scattered.apply(index, weight)


@form("embedding", "an autograd script", framework="autograd")
def rows_of_autograd(index, weight):
    return weight[index]


@form("embedding", "NumPy with the gradient by hand, a loop over the places", framework="numpy")
def rows_by_hand(index, weight):
    def backward(dout):
        dW = np.zeros_like(weight)
        for place in np.ndindex(index.shape):
            dW[index[place]] += dout[place]
        return {"weight": dW}

    return weight[index], backward

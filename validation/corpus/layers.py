"""Forms of what networks are made of."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("rms_norm", "models on torch's own function")
def rms_of_torch(x, weight, eps):
    return F.rms_norm(x, (x.shape[-1],), weight, float(eps))


@form("rms_norm", "Llama and its heirs")
def rms_of_llama(x, weight, eps):
    variance = x.pow(2).mean(-1, keepdim=True)
    return weight * (x * torch.rsqrt(variance + eps))


@form("rms_norm", "Llama and its heirs, in float32 inside")
def rms_in_float32(x, weight, eps):
    wide = x.to(torch.float32)
    return weight * (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)).type_as(x)


@form("rms_norm", "Gemma, whose weight is stored less one", convention="the weight is stored less one")
def rms_of_gemma(x, weight, eps):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * (1.0 + weight)


@form("rms_norm", "a vector of length one times √D, with ϵ under the root")
def rms_of_lengths(x, weight, eps):
    many = x.shape[-1]
    return many**0.5 * weight * x / (x.square().sum(-1, keepdim=True) + many * eps).sqrt()


@form("rms_norm", "ϵ outside the root", convention="ϵ outside the root")
def rms_and_eps(x, weight, eps):
    return weight * x / (x.norm(dim=-1, keepdim=True) * x.shape[-1] ** -0.5 + eps)


class FusedRMS(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, eps):
        rstd = torch.rsqrt((x * x).mean(-1, keepdim=True) + eps)
        ctx.save_for_backward(x, weight, rstd)
        return x * rstd * weight

    @staticmethod
    def backward(ctx, dy):
        x, weight, rstd = ctx.saved_tensors
        wdy = dy * weight
        dot = (wdy * x).sum(-1, keepdim=True)
        dx = rstd * wdy - rstd**3 / x.shape[-1] * dot * x
        return dx, (dy * x * rstd).reshape(-1, x.shape[-1]).sum(0), None


@form("rms_norm", "fused kernels with their own backward pass")
def rms_with_its_own_backward(x, weight, eps):
    return FusedRMS.apply(x, weight, eps)


@form("rms_norm", "an autograd script", framework="autograd")
def rms_of_autograd(x, weight, eps):
    return weight * x * (anp.mean(x**2, axis=-1, keepdims=True) + eps) ** -0.5


@form("layer_norm", "models on torch's own function")
def layer_of_torch(x, weight, bias, eps):
    return F.layer_norm(x, (x.shape[-1],), weight, bias, float(eps))


@form("layer_norm", "the paper, written out")
def layer_written_out(x, weight, bias, eps):
    mean, var = x.mean(-1, keepdim=True), x.var(-1, unbiased=False, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps) * weight + bias


@form("layer_norm", "TensorFlow's bert and GPT-2")
def layer_of_gpt2(x, weight, bias, eps):
    u = x.mean(dim=-1, keepdim=True)
    s = (x - u).pow(2).mean(dim=-1, keepdim=True)
    return weight * ((x - u) * torch.rsqrt(s + eps)) + bias


@form("layer_norm", "one pass: mean(x²) − mean(x)², as Flax has by default")
def layer_of_moments(x, weight, bias, eps):
    mean = x.mean(-1, keepdim=True)
    var = torch.clamp((x * x).mean(-1, keepdim=True) - mean * mean, min=0.0)
    return (x - mean) * (torch.rsqrt(var + eps) * weight) + bias


@form("layer_norm", "a scale with its mean added first")
def layer_as_an_affine_map(x, weight, bias, eps):
    scale = weight * torch.rsqrt(x.var(-1, correction=0, keepdim=True) + eps)
    return x * scale + (bias - x.mean(-1, keepdim=True) * scale)


@form("layer_norm", "adaptive layers, whose scale is one more", convention="the weight is stored less one")
def layer_modulated(x, weight, bias, eps):
    return F.layer_norm(x, (x.shape[-1],), eps=float(eps)) * (1 + weight) + bias


@form("layer_norm", "The Annotated Transformer", convention="the deviation of a sample, ϵ outside the root")
def layer_annotated(x, weight, bias, eps):
    mean = x.mean(-1, keepdim=True)
    return weight * (x - mean) / (((x - mean) ** 2).sum(-1, keepdim=True) / (x.shape[-1] - 1)).sqrt().add(eps) + bias


class LayerNormC(nn.Module):
    """As in llm.c: rstd kept from the forward pass."""

    def forward(self, x, weight, bias, eps):
        return FusedLayer.apply(x, weight, bias, eps)


class FusedLayer(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, eps):
        mean = x.mean(-1, keepdim=True)
        xshift = x - mean
        rstd = ((xshift**2).mean(-1, keepdim=True) + eps) ** -0.5
        ctx.save_for_backward(xshift, weight, rstd)
        return xshift * rstd * weight + bias

    @staticmethod
    def backward(ctx, dout):
        xshift, weight, rstd = ctx.saved_tensors
        norm = xshift * rstd
        dnorm = dout * weight
        dx = dnorm - dnorm.mean(-1, keepdim=True) - norm * (dnorm * norm).mean(-1, keepdim=True)
        return dx * rstd, (dout * norm).sum((0, 1)), dout.sum((0, 1)), None


@form("layer_norm", "fused kernels with their own backward pass")
def layer_with_its_own_backward(x, weight, bias, eps):
    return LayerNormC()(x, weight, bias, eps)


@form("layer_norm", "NumPy with the gradients by hand", framework="numpy")
def layer_by_hand(x, weight, bias, eps):
    many = x.shape[-1]
    mu = np.mean(x, axis=-1, keepdims=True)
    istd = 1 / np.sqrt(np.var(x, axis=-1, keepdims=True) + eps)
    hat = (x - mu) * istd

    def backward(dout):
        dhat = dout * weight
        dx = istd / many * (many * dhat - dhat.sum(-1, keepdims=True) - hat * (dhat * hat).sum(-1, keepdims=True))
        return {"x": dx, "weight": (dout * hat).sum((0, 1)), "bias": dout.sum((0, 1))}

    return weight * hat + bias, backward


@form("silu", "models on torch's own function")
def silu_of_torch(x):
    return F.silu(x)


@form("silu", "EfficientNet and YOLO before torch had it")
def silu_by_sigmoid(x):
    return x * torch.sigmoid(x)


class MemoryEfficientSwish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, i):
        ctx.save_for_backward(i)
        return i * torch.sigmoid(i)

    @staticmethod
    def backward(ctx, grad_output):
        (i,) = ctx.saved_tensors
        sigmoid_i = torch.sigmoid(i)
        return grad_output * (sigmoid_i * (1 + i * (1 - sigmoid_i)))


@form("silu", "memory-efficient swish with its own backward pass")
def silu_with_its_own_backward(x):
    return MemoryEfficientSwish.apply(x)


@form("silu", "darknet: the slope by the saved output", framework="numpy")
def silu_of_darknet(x):
    sigma = np.where(x > 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))
    swish = x * sigma
    return swish, lambda delta: {"x": delta * (swish + sigma * (1 - swish))}


@form("silu", "an autograd script", framework="autograd")
def silu_of_autograd(x):
    return x * 0.5 * (1 + anp.tanh(x / 2))


@form("gelu_tanh", "models on torch's own function")
def gelu_of_torch(x):
    return F.gelu(x, approximate="tanh")


@form("gelu_tanh", "minGPT and nanoGPT before 2023")
def gelu_of_mingpt(x):
    return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * torch.pow(x, 3.0))))


@form("gelu_tanh", "Megatron's fused form")
def gelu_of_megatron(x):
    return x * 0.5 * (1.0 + torch.tanh(0.7978845608028654 * x * (1 + 0.044715 * x * x)))


@form("gelu_tanh", "a logistic function in place of tanh")
def gelu_by_sigmoid(x):
    return x * torch.sigmoid(math.sqrt(8 / math.pi) * x * (1 + 0.044715 * x * x))


@form("gelu_tanh", "llm.c, with its backward pass", framework="numpy")
def gelu_of_llm_c(x):
    scale, cube = np.sqrt(2 / np.pi), 0.044715 * x * x * x
    t = np.tanh(scale * (x + cube))

    def backward(dout):
        sech = 1 - t * t
        return {"x": dout * (0.5 * (1 + t) + x * 0.5 * sech * scale * (1 + 3 * 0.044715 * x * x))}

    return 0.5 * x * (1 + t), backward


@form("softcap", "Gemma 2 in transformers")
def cap_of_gemma(x, cap):
    x = x / cap
    x = torch.tanh(x)
    return x * cap


@form("softcap", "attention with a score modification")
def cap_of_flex_attention(x, cap):
    return cap * torch.tanh(x * (1 / cap))


@form("softcap", "as a difference of logistic functions")
def cap_by_sigmoid(x, cap):
    return cap * (2 * torch.sigmoid(2 * x / cap) - 1)


@form("softcap", "an autograd script", framework="autograd")
def cap_of_autograd(x, cap):
    return cap * anp.tanh(x / cap)


@form("softcap", "a kernel that keeps tanh for its backward pass", framework="numpy")
def cap_by_hand(x, cap):
    t = np.tanh(x / cap)
    return cap * t, lambda dy: {"x": dy * (1 - t * t), "cap": np.sum(dy * (t - x / cap * (1 - t * t)))}

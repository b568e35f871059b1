"""Forms of attention, and of turned queries and keys."""

import math

import autograd.numpy as anp
import numpy as np
import torch
import torch.nn.functional as F

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("attention", "models on torch's own function")
def attention_of_torch(query, key, value, bias, scale):
    out = F.scaled_dot_product_attention(query * scale, key, value, attn_mask=bias, scale=1.0)
    return out, torch.logsumexp(query @ key.transpose(-2, -1) * scale + bias, dim=-1)


@form("attention", "the paper, written out")
def attention_written_out(query, key, value, bias, scale):
    scores = torch.matmul(query, key.transpose(-2, -1)) * scale + bias
    return torch.softmax(scores, dim=-1) @ value, torch.logsumexp(scores, dim=-1)


@form("attention", "guided-diffusion: the root of the scale on either side")
def attention_of_roots(query, key, value, bias, scale):
    root = scale.sqrt()
    scores = torch.einsum("bnd,bkd->bnk", query * root, key * root) + bias
    return torch.einsum("bnk,bke->bne", scores.softmax(-1), value), scores.logsumexp(-1)


@form("attention", "a mask that is filled in")
def attention_with_a_filled_mask(query, key, value, bias, scale):
    masked = bias == -math.inf
    scores = torch.baddbmm(bias.masked_fill(masked, 0.0), query, key.mT * scale)
    scores = scores.masked_fill(masked, -math.inf)
    return torch.bmm(F.softmax(scores, dim=-1), value), torch.logsumexp(scores, dim=-1)


@form("attention", "BERT's large negative number for a mask")
def attention_with_a_large_number(query, key, value, bias, scale):
    scores = query @ key.mT * scale + bias.clamp(min=-10000.0)
    return F.softmax(scores, dim=-1) @ value, torch.logsumexp(scores, dim=-1)


class FlashAttention(torch.autograd.Function):
    """Blocks of keys with a running maximum; shares are formed again on the way back."""

    @staticmethod
    def forward(ctx, q, k, v, bias, scale):
        m = torch.full(q.shape[:2], -math.inf, dtype=q.dtype)
        total = torch.zeros_like(m)
        acc = torch.zeros(*q.shape[:2], v.shape[2], dtype=q.dtype)
        for start in range(0, k.shape[1], 2):
            s = scale * (q @ k[:, start : start + 2].mT) + bias[:, :, start : start + 2]
            new = torch.maximum(m, s.amax(-1))
            safe = torch.where(new == -math.inf, torch.zeros_like(new), new)
            p, alpha = torch.exp(s - safe[..., None]), torch.exp(m - safe)
            total = alpha * total + p.sum(-1)
            acc = alpha[..., None] * acc + p @ v[:, start : start + 2]
            m = new
        out, lse = acc / total[..., None], m + torch.log(total)
        ctx.save_for_backward(q, k, v, bias, scale, out, lse)
        return out, lse

    @staticmethod
    def backward(ctx, dout, dlse):
        q, k, v, bias, scale, out, lse = ctx.saved_tensors
        delta = (dout * out).sum(-1) - dlse
        p = torch.exp(scale * (q @ k.mT) + bias - lse[..., None])
        ds = p * (dout @ v.mT - delta[..., None])
        return scale * (ds @ k), scale * (ds.mT @ q), p.mT @ dout, ds, (ds * (q @ k.mT)).sum()


@form("attention", "fused kernels with their own backward pass")
def attention_of_blocks(query, key, value, bias, scale):
    return FlashAttention.apply(query, key, value, bias, scale)


@form("attention", "an autograd script", framework="autograd")
def attention_of_autograd(query, key, value, bias, scale):
    scores = scale * anp.einsum("bnd,bkd->bnk", query, key) + bias
    top = anp.max(scores, axis=-1, keepdims=True)
    e = anp.exp(scores - top)
    total = anp.sum(e, axis=-1, keepdims=True)
    return anp.einsum("bnk,bke->bne", e / total, value), (top + anp.log(total))[:, :, 0]


@form("attention", "NumPy with the gradients by hand", framework="numpy")
def attention_by_hand(query, key, value, bias, scale):
    products = query @ key.swapaxes(1, 2)
    scores = scale * products + bias
    top = scores.max(-1, keepdims=True)
    e = np.exp(scores - top)
    total = e.sum(-1, keepdims=True)
    p = e / total
    out = p @ value

    def backward(dout, dlse):
        dp = dout @ value.swapaxes(1, 2)
        ds = p * (dp - (dp * p).sum(-1, keepdims=True)) + p * dlse[..., None]
        return {"query": scale * ds @ key, "key": scale * ds.swapaxes(1, 2) @ query,
                "value": p.swapaxes(1, 2) @ dout, "bias": ds, "scale": np.sum(ds * products)}

    return (out, (top + np.log(total))[..., 0]), backward


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


@form("rotary_embedding", "Llama in transformers")
def rope_of_transformers(x, position, base):
    n = x.shape[2] // 2
    inv_freq = 1.0 / (base ** (torch.arange(0, 2 * n, 2, dtype=x.dtype) / max(2 * n, 1)))
    freqs = torch.outer(position, inv_freq)
    emb = torch.cat((freqs, freqs), dim=-1)
    even, rest = x[..., : 2 * n], x[..., 2 * n :]
    return torch.cat((even * emb.cos() + rotate_half(even) * emb.sin(), rest), dim=-1)


@form("rotary_embedding", "the first code of Llama", convention="pairs of neighbours")
def rope_of_complex_numbers(x, position, base):
    n = x.shape[2] // 2
    freqs = torch.outer(position, base ** (-torch.arange(n, dtype=x.dtype) / max(n, 1)))
    pairs = torch.view_as_complex(x[..., : 2 * n].reshape(*x.shape[:2], n, 2).contiguous())
    turned = torch.view_as_real(pairs * torch.polar(torch.ones_like(freqs), freqs)).flatten(2)
    return torch.cat((turned, x[..., 2 * n :]), dim=-1)


@form("rotary_embedding", "nanochat", convention="turned the other way")
def rope_of_nanochat(x, position, base):
    n = x.shape[2] // 2
    angle = torch.outer(position, 1.0 / (base ** (torch.arange(n, dtype=x.dtype) / max(n, 1))))
    x1, x2, rest = x[..., :n], x[..., n : 2 * n], x[..., 2 * n :]
    return torch.cat([x1 * angle.cos() + x2 * angle.sin(), -x1 * angle.sin() + x2 * angle.cos(), rest], 2)


class FusedRope(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, position, omega):
        angle = torch.outer(position, omega)
        sin, cos, n = angle.sin(), angle.cos(), len(omega)
        y = torch.cat([x[..., :n] * cos - x[..., n : 2 * n] * sin, x[..., n : 2 * n] * cos + x[..., :n] * sin,
                       x[..., 2 * n :]], -1)
        ctx.save_for_backward(y, sin, cos, omega)
        return y

    @staticmethod
    def backward(ctx, dy):
        y, sin, cos, omega = ctx.saved_tensors
        n = len(omega)
        d1, d2 = dy[..., :n], dy[..., n : 2 * n]
        dx = torch.cat([d1 * cos + d2 * sin, d2 * cos - d1 * sin, dy[..., 2 * n :]], -1)
        return dx, ((d2 * y[..., :n] - d1 * y[..., n : 2 * n]) * omega).sum((0, 2)), None


@form("rotary_embedding", "fused kernels, turned back with the sine negated")
def rope_with_its_own_backward(x, position, base):
    n = x.shape[2] // 2
    return FusedRope.apply(x, position, base.detach() ** (-torch.arange(n, dtype=x.dtype) / max(n, 1)))


@form("rotary_embedding", "an autograd script", framework="autograd")
def rope_of_autograd(x, position, base):
    n = x.shape[2] // 2
    angle = position[:, None] * anp.exp(-anp.log(base) * anp.arange(n) / max(n, 1))
    one, other = x[:, :, :n], x[:, :, n : 2 * n]
    return anp.concatenate([one * anp.cos(angle) - other * anp.sin(angle),
                            one * anp.sin(angle) + other * anp.cos(angle), x[:, :, 2 * n :]], axis=2)

"""A layer norm as Triton kernels, forward and backward, run in Triton's interpreter; on a GPU without TRITON_INTERPRET.

The backward kernel of the inputs takes a row; that of weight and bias a block of columns, of which
it adds up all rows, block by block.
"""

import os

os.environ["TRITON_INTERPRET"] = "1"  # before triton is imported

import torch
import triton
import triton.language as tl

BLOCK = 64  # rows and columns of which a program adds up weight and bias


@triton.jit
def forward(x, w, b, y, mean, rstd, columns, eps, WIDE: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, WIDE)
    there = at < columns
    v = tl.load(x + row * columns + at, mask=there, other=0.0)
    m = tl.sum(v, 0) / columns
    c = tl.where(there, v - m, 0.0)
    r = 1 / tl.sqrt(tl.sum(c * c, 0) / columns + eps)
    weight, bias = tl.load(w + at, mask=there, other=0.0), tl.load(b + at, mask=there, other=0.0)
    tl.store(y + row * columns + at, c * r * weight + bias, mask=there)
    tl.store(mean + row, m)
    tl.store(rstd + row, r)


@triton.jit
def backward_inputs(x, w, bar, mean, rstd, out, columns, WIDE: tl.constexpr):
    row, at = tl.program_id(0), tl.arange(0, WIDE)
    there = at < columns
    r = tl.load(rstd + row)
    n = tl.where(there, (tl.load(x + row * columns + at, mask=there, other=0.0) - tl.load(mean + row)) * r, 0.0)
    h = tl.load(bar + row * columns + at, mask=there, other=0.0) * tl.load(w + at, mask=there, other=0.0)
    along = tl.sum(h * n, 0) / columns
    tl.store(out + row * columns + at, (h - tl.sum(h, 0) / columns - n * along) * r, mask=there)


@triton.jit
def backward_parameters(x, bar, mean, rstd, w_out, b_out, rows, columns, SIZE: tl.constexpr):
    at = tl.program_id(0) * SIZE + tl.arange(0, SIZE)
    w_bar, b_bar = tl.zeros((SIZE,), dtype=x.dtype.element_ty), tl.zeros((SIZE,), dtype=x.dtype.element_ty)
    for start in range(0, rows, SIZE):
        row = start + tl.arange(0, SIZE)
        there, place = (row < rows)[:, None] & (at < columns)[None, :], row[:, None] * columns + at[None, :]
        m, r = tl.load(mean + row, mask=row < rows, other=0.0), tl.load(rstd + row, mask=row < rows, other=0.0)
        n = (tl.load(x + place, mask=there, other=0.0) - m[:, None]) * r[:, None]
        y_bar = tl.load(bar + place, mask=there, other=0.0)
        w_bar += tl.sum(y_bar * n, 0)
        b_bar += tl.sum(y_bar, 0)
    tl.store(w_out + at, w_bar, mask=at < columns)
    tl.store(b_out + at, b_bar, mask=at < columns)


class LayerNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, eps):
        shape, columns = x.shape, x.shape[-1]
        x = x.contiguous().reshape(-1, columns)
        y, mean, rstd = torch.empty_like(x), x.new_empty(len(x)), x.new_empty(len(x))
        if len(x):
            wide = triton.next_power_of_2(columns)
            forward[(len(x),)](x, weight, bias, y, mean, rstd, columns, float(eps), WIDE=wide)
        ctx.save_for_backward(x, weight, mean, rstd)
        return y.reshape(shape)

    @staticmethod
    def backward(ctx, bar):
        x, weight, mean, rstd = ctx.saved_tensors
        rows, columns = x.shape
        flat, out = bar.contiguous().reshape(rows, columns), torch.empty_like(x)
        w_bar, b_bar = torch.zeros_like(weight), torch.zeros_like(weight)
        if rows:
            wide = triton.next_power_of_2(columns)
            backward_inputs[(rows,)](x, weight, flat, mean, rstd, out, columns, WIDE=wide)
            backward_parameters[(triton.cdiv(columns, BLOCK),)](x, flat, mean, rstd, w_bar, b_bar, rows, columns,
                                                                SIZE=BLOCK)
        return out.reshape(bar.shape), w_bar, b_bar, None


CANDIDATES = {"layer_norm": {"function": LayerNorm, "dtype": "float32"}}

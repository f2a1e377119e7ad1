"""Reference values for test/golden/window-ops.json, from PyTorch and SciPy in double precision.

Run: python3 scripts/golden/window_ops.py > test/golden/window-ops.json
Operations that mix the rows of windows, (B, T, H). Heads are slices of the columns.
"""
import json
import sys

import scipy
import torch
import torch.nn.functional as F

from tape_cases import case, draw, joined, listed, split, versions

SEED = 6


def attention(q, k, v, heads, causal=False, weights=None):
    q, k, v = (split(x, heads) for x in (q, k, v))
    if weights is not None:
        q = q @ weights
    return joined(F.scaled_dot_product_attention(q, k, v, is_causal=causal))


def convolution(x, weights, bias, dilation=1, causal=False, stride=1, groups=1):
    """weights (K, I, O); PyTorch's own padding where it has one."""
    x, weights = x.transpose(1, 2), weights.permute(2, 1, 0)
    span = dilation * (weights.shape[-1] - 1)
    if causal or stride > 1:
        before = span if causal else span // 2
        x = F.pad(x, (before, span - before))
    padding = 0 if causal or stride > 1 else "same"
    y = F.conv1d(x, weights, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)
    return y.transpose(1, 2)


def depthwise(x, weights, bias, **options):
    return convolution(x, weights.unsqueeze(1), bias, groups=x.shape[-1], **options)


def span_dynamic(query, key, value, taps, pointwise, to_kernels, heads):
    """ConvBERT: kernels from the span around each key, times the query; neighbours unfolded with zeros beyond the ends."""
    size, columns = taps.shape
    spanned = depthwise(key, taps, None) @ pointwise
    kernels = torch.softmax(((spanned * query) @ to_kernels).unflatten(-1, (heads, size)), -1)
    unfolded = F.unfold(value.transpose(1, 2).unsqueeze(-1), (size, 1), padding=((size - 1) // 2, 0))
    neighbours = unfolded.unflatten(1, (heads, columns // heads, size))  # (B, heads, d, K, T)
    return torch.einsum("bhdkt,bthk->bthd", neighbours, kernels).flatten(2)


def fourier(x, heads):
    return joined(torch.fft.fft2(split(x, heads), norm="ortho").real)


def cosine_case(x, heads):
    """The transform is orthonormal, so the gradient goes back through its inverse."""
    y = joined(torch.from_numpy(scipy.fft.dctn(split(x, heads).numpy(), type=2, axes=(2, 3), norm="ortho")))
    target = draw(*y.shape)
    error = split(2 * (y - target) / y.numel(), heads).numpy()
    gradient = joined(torch.from_numpy(scipy.fft.idctn(error, type=2, axes=(2, 3), norm="ortho")))
    return {"inputs": [listed(x)], "output": listed(y), "gradients": [listed(gradient)], "target": listed(target)}


def pooled(pool, x, size, stride):
    return pool(x.transpose(1, 2), size, stride).transpose(1, 2)


def attentions():
    q, k, v = (draw(2, 5, 6) for _ in range(3))
    return {
        "attention": case(lambda *t: attention(*t, heads=2), [q, k, v]),
        "attention-causal": case(lambda *t: attention(*t, heads=3, causal=True), [q, k, v]),
        "attention-multiplicative": case(lambda q, k, v, w: attention(q, k, v, 2, weights=w), [q, k, v, draw(2, 3, 3)]),
    }


def convolutions():
    x = draw(2, 9, 3)
    weights, bias = draw(3, 3, 5), draw(5)
    even = draw(4, 3, 5)
    taps, shift = draw(5, 3), draw(3)
    return {
        "conv1d": case(convolution, [x, weights, bias]),
        "conv1d-dilated": case(lambda *t: convolution(*t, dilation=2), [x, even, bias]),
        "conv1d-causal": case(lambda *t: convolution(*t, dilation=3, causal=True), [x, weights, bias]),
        "conv1d-strided": case(lambda *t: convolution(*t, stride=2), [x, even, bias]),
        "depthwise-conv1d": case(lambda *t: depthwise(*t, dilation=2), [x, taps, shift]),
        "depthwise-conv1d-causal": case(lambda *t: depthwise(*t, causal=True), [x, taps, shift]),
        "span-dynamic-conv": case(lambda *t: span_dynamic(*t, heads=2), [
            *(draw(2, 7, 6) for _ in range(3)), draw(5, 6), draw(6, 6, spread=.5), draw(6, 10)]),
    }


def main():
    torch.manual_seed(SEED)
    x = draw(2, 7, 6)
    json.dump({
        "source": "scripts/golden/window_ops.py",
        "versions": {**versions(), "scipy": scipy.__version__},
        "seed": SEED,
        "tolerance": {"double": 1e-11, "single": 1e-5},
        "why": "the same sums in another order; in single precision some dozen roundings of 6e-8 each, of the largest"
               " element",
        "cases": {
            **attentions(),
            **convolutions(),
            "fourier-mix": case(lambda x: fourier(x, 2), [x]),
            "cosine-mix": cosine_case(x, 2),
            "max-rows": case(lambda x: pooled(F.max_pool1d, x, 3, 2), [x]),
            "mean-rows": case(lambda x: pooled(F.avg_pool1d, x, 2, 2), [x]),
        }}, sys.stdout, separators=(",", ":"))


main()

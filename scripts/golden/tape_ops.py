"""Reference values for test/golden/tape-ops.json, from PyTorch in double precision.

Run: python3 scripts/golden/tape_ops.py > test/golden/tape-ops.json
tape_cases.py says what a case holds.
"""
import json
import sys

import torch
import torch.nn.functional as F

from tape_cases import case, draw, versions

SEED = 5
torch.manual_seed(SEED)


def weighted(loss, mask):
    return (loss * mask).sum() / max(1.0, mask.sum().item())


def huber(p, t, mask, delta):
    return weighted(F.huber_loss(p, t, delta=delta, reduction="none"), mask)


def gaussian_nll(mean, log_variance, t, mask):
    return weighted(F.gaussian_nll_loss(mean, t, log_variance.exp(), eps=1e-12, reduction="none"), mask)


def quantile(p, t, levels):
    error = t.unsqueeze(-1) - p
    return torch.maximum(levels * error, (levels - 1) * error).mean()


def cross_entropy(z, t, weights):
    return weighted(F.cross_entropy(z, t, reduction="none"), weights)


def losses():
    p, t = draw(5, 7, spread=2), draw(5, 7, spread=2)
    mask = (torch.rand(5, 7) > .4).to(torch.float64)
    levels = torch.tensor([.125, .5, .875])
    distribution = torch.softmax(draw(6, 5), -1).to(torch.float32).to(torch.float64)
    rows = torch.tensor([1.0, 0, .5, 2, 0, 1])
    return {
        "mean-squared-error": case(lambda p, t, m: weighted((p - t) ** 2, m), [p], [t, mask], True),
        "huber-loss": case(lambda p, t, m: huber(p, t, m, .75), [p], [t, mask], True),
        "gaussian-nll": case(gaussian_nll, [p, draw(5, 7)], [t, mask], True),
        "quantile-loss": case(lambda p, t: quantile(p, t, levels), [draw(4, 3, 3)], [draw(4, 3)], True),
        "binary-cross-entropy": case(F.binary_cross_entropy_with_logits, [draw(4, 5, spread=3)],
                                     [torch.rand(4, 5).to(torch.float32).to(torch.float64)], True),
        "cross-entropy": case(cross_entropy, [draw(6, 5, spread=2)], [distribution, rows], True),
    }


def main():
    x = draw(6, 7, spread=3)
    windows = draw(3, 5, 6)
    json.dump({
        "source": "scripts/golden/tape_ops.py",
        "versions": versions(),
        "seed": SEED,
        "tolerance": {"double": 1e-11, "single": 1e-5},
        "why": "the same formulas in double precision; in single precision a few roundings of 6e-8 each, of the largest"
               " element",
        "cases": {
            "gelu": case(F.gelu, [x]),
            "relu": case(F.relu, [x]),
            "leaky-relu": case(F.leaky_relu, [x]),
            "sigmoid": case(torch.sigmoid, [x]),
            "tanh": case(torch.tanh, [x]),
            "softplus": case(lambda x: F.softplus(x, threshold=1e9), [x]),
            "silu": case(F.silu, [x]),
            "softmax": case(lambda x: torch.softmax(x, -1), [x]),
            "layer-norm": case(lambda x, g, b: F.layer_norm(x, (7,), g, b), [x, draw(7), draw(7)]),
            "add": case(torch.add, [windows, draw(5, 6)]),
            "multiply-elements": case(torch.mul, [windows, draw(6)]),
            "pool-mean": case(lambda x: x.mean(1), [windows]),
            "pool-max": case(lambda x: x.amax(1), [windows]),
            "last-rows": case(lambda x: x[:, -2:], [windows]),
            **losses(),
        }}, sys.stdout, separators=(",", ":"))


main()

"""Reference values for test/golden/dynaprop.json, from PyTorch in double precision.

Run: python3 scripts/golden/dynaprop.py > test/golden/dynaprop.json
tape_cases.py says what a case holds. Pruning is done by masks: of operands before the product, and of gradients by hooks on
the result of the product, so that PyTorch's own backward pass gets the pruned gradient for both of its products.
"""
import json
import sys

import torch
import torch.nn.functional as F

from tape_cases import case, draw, versions

SEED = 11
torch.manual_seed(SEED)


def pruned(x, form, threshold):
    """x with zeros where it is small; columns of (B, T, K) are judged window by window."""
    sizes = x.abs()
    judged = sizes.amax(dim=1, keepdim=True) if form == "columns" else sizes
    return x * (judged > threshold)


def linear(x, weights, bias, form, threshold, gradient):
    y = pruned(x, form, threshold) @ weights + bias
    y.register_hook(lambda g: g * (g.abs().amax(dim=-1, keepdim=True) > gradient))
    return y


def two_layers(form, threshold, gradient):
    def network(x, w1, b1, w2, b2):
        hidden = F.relu(linear(x, w1, b1, form, -1, gradient / 3))
        return linear(hidden, w2, b2, form, threshold, gradient)

    return network


def main():
    layers = [draw(4, 5, 6), draw(6, 9), draw(9), draw(9, 3), draw(3)]
    json.dump({
        "source": "scripts/golden/dynaprop.py",
        "versions": versions(),
        "seed": SEED,
        "tolerance": {"double": 1e-11, "single": 1e-5},
        "why": "double against double; single precision sums up to 20 rows of products",
        "cases": {
            "dynaprop elements": case(two_layers("elements", .9, .15), layers, []),
            "dynaprop columns": case(two_layers("columns", 3.5, .12), layers, []),
            "dynaprop off": case(two_layers("columns", -1, -1), layers, []),
        },
    }, sys.stdout, separators=(",", ":"))


main()

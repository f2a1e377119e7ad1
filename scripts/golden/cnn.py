"""Reference values for test/golden/cnn.json: a causal network of cells in PyTorch, in double precision.

Run: python3 scripts/golden/cnn.py > test/golden/cnn.json
Written with PyTorch's own strided and padded convolutions and pools, on channels first.
"""
import json
import sys

import torch
import torch.nn.functional as F

from tape_cases import draw, listed, versions

SEED = 11


class Weights:
    """Made when they are first asked for."""

    def __init__(self):
        self.all = {}

    def get(self, name, *shape):
        start = 1.0 if name.endswith("gain") else 0.0
        self.all[name] = (start + draw(*shape, spread=0.4)).requires_grad_(True)
        return self.all[name]

    def norm(self, x, name):
        columns = x.shape[1]
        gain, bias = (self.get(f"{name}.{part}", columns) for part in ("gain", "bias"))
        return F.layer_norm(x.transpose(1, 2), (columns,), gain, bias).transpose(1, 2)

    def point(self, x, columns, name, suffix="weights"):
        weights = self.get(f"{name}.{suffix}", x.shape[1], columns)
        return F.conv1d(x, weights.T.unsqueeze(-1), self.get(f"{name}.bias", columns))


def before(x, rows, mode="constant"):
    return F.pad(x, (rows, 0), mode=mode)


def convolution(w, x, name, size, dilation=1):
    channels = x.shape[1]
    kernel = w.get(f"{name}.kernel", size, channels, channels)
    x = before(x, dilation * (size - 1))
    return F.conv1d(x, kernel.permute(2, 1, 0), w.get(f"{name}.bias", channels), dilation=dilation)


def separable(w, x, name):
    channels = x.shape[1]
    taps = w.get(f"{name}.depth.taps", 5, channels)
    along = F.conv1d(before(x, 4), taps.T.unsqueeze(1), groups=channels)
    return w.point(along, channels, f"{name}.point")


def apply(w, x, operation, name):
    match operation:
        case {"op": "convolution", "kernel": size}:
            return convolution(w, x, name, size)
        case {"op": "dilated"}:
            return convolution(w, x, name, 3, dilation=2)
        case {"op": "separable"}:
            return separable(w, x, name)
        case {"op": "pool", "of": "max"}:
            return F.max_pool1d(before(x, 2, "replicate"), 3, stride=1)
        case {"op": "pool", "of": "mean"}:
            return F.avg_pool1d(before(x, 2, "replicate"), 3, stride=1)
        case {"op": "skip"}:
            return w.point(x, x.shape[1], name)


def entering(w, x, channels, name):
    """Later cells: a convolution of two rows with stride two, such that the newest row is in the last pair."""
    if name == "cell1":
        return w.point(x, channels, f"{name}.input")
    columns = x.shape[1]
    weights = w.get(f"{name}.input.weights", 2 * columns, channels)
    kernel = weights.reshape(2, columns, channels).permute(2, 1, 0)
    return F.conv1d(x[:, :, x.shape[-1] % 2:], kernel, w.get(f"{name}.input.bias", channels), stride=2)


def network(w, x, cells):
    y = x.transpose(1, 2)
    for i, cell in enumerate(cells):
        name = f"cell{i + 1}"
        bend = {"relu": F.relu, "silu": F.silu}[cell["activation"]]
        made = [entering(w, y, cell["channels"], name)]
        for j, vertex in enumerate(cell["vertices"]):
            at, operation = f"{name}.vertex{j + 1}", vertex["operation"]
            z = apply(w, sum(made[k] for k in vertex["inputs"]), operation, at)
            if operation["op"] not in ("pool", "skip"):
                z = bend(w.norm(z, f"{at}.norm"))
            made.append(z)
        y = sum(made[k] for k in cell["output"])
    return w.norm(y, "norm").transpose(1, 2)


def main():
    torch.manual_seed(SEED)
    vertex = lambda inputs, op, **rest: {"operation": {"op": op, **rest}, "inputs": inputs}
    cells = [
        {"channels": 5, "activation": "silu", "output": [0, 3, 4], "vertices": [
            vertex([0], "convolution", kernel=3), vertex([1], "dilated"),
            vertex([0, 2], "separable"), vertex([1, 2], "pool", of="max")]},
        {"channels": 6, "activation": "relu", "output": [2, 4, 5], "vertices": [
            vertex([0], "convolution", kernel=5), vertex([1], "skip"),
            vertex([0, 1], "pool", of="mean"), vertex([3], "separable"), vertex([0], "dilated")]},
        {"channels": 4, "activation": "silu", "output": [0, 1], "vertices": [vertex([0], "convolution", kernel=3)]},
    ]
    w = Weights()
    x = draw(2, 15, 3)
    output = network(w, x, cells)
    target = draw(*output.shape)
    loss = F.mse_loss(output, target)
    loss.backward()
    json.dump({
        "source": "scripts/golden/cnn.py",
        "versions": versions(),
        "seed": SEED,
        "tolerance": {"double": 1e-12, "single": 1e-4},
        "why": "three cells add some hundred roundings of 1e-16 of the largest element; in single precision each is"
               " 6e-8, which the norms of layers may raise tenfold",
        "point": {"cells": cells},
        "x": listed(x),
        "target": listed(target),
        "output": listed(output),
        "loss": loss.item(),
        "weights": {name: listed(values) for name, values in w.all.items()},
        "gradients": {name: listed(values.grad) for name, values in w.all.items()},
    }, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main()

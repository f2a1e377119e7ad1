"""Reference values for test/golden/encoder.json: whole encoders in PyTorch, in double precision.

Run: python3 scripts/golden/encoder.py > test/golden/encoder.json
Masked reconstruction: output, loss, and the gradients of all weights. Neither weights nor windows are stored; both sides
compute them from name and place, see `numbers`.
"""
import json
import math
import sys

import numpy
import scipy
import torch
import torch.nn.functional as F

from tape_cases import joined, split, versions

#: Digits that are stored; the test asks for nine.
DIGITS = 12


def numbers(name, size):
    """Between -1 and 1, the same on both sides: whole numbers below 2^53, divided once."""
    code = 7
    for letter in name:
        code = (31 * code + ord(letter)) % 1000003
    return torch.tensor([((code * (i + 1) + 7919 * i * i) % 2003) / 1001.5 - 1 for i in range(size)])


class Weights:
    """Made when they are first asked for."""

    def __init__(self):
        self.all = {}

    def get(self, name, *shape):
        size = int(numpy.prod(shape))
        scale = 1 / math.sqrt(shape[-2] if len(shape) > 1 else 4)
        start = 1.0 if name.endswith("gain") else 0.0
        values = start + scale * numbers(name, size)
        self.all[name] = values.reshape(shape).requires_grad_(True)
        return self.all[name]

    def project(self, x, columns, name):
        weights = self.get(f"{name}.weights", x.shape[-1], columns)
        return F.linear(x, weights.T, self.get(f"{name}.bias", columns))

    def norm(self, x, name):
        columns = x.shape[-1]
        return F.layer_norm(x, (columns,), self.get(f"{name}.gain", columns), self.get(f"{name}.bias", columns))


def attention(w, x, head, count, width, name):
    q, k, v = (split(w.project(x, count * width, f"{name}.{part}"), count) for part in ("query", "key", "value"))
    if head["form"] == "multiplicative":
        q = q @ w.get(f"{name}.between.weights", count, width, width)
    return joined(F.scaled_dot_product_attention(q, k, v))


def transform(w, x, head, count, width, name):
    values = split(w.project(x, count * width, f"{name}.value"), count)
    if head["basis"] == "dft":
        return joined(torch.fft.fft2(values, norm="ortho").real)
    rows, columns = (torch.from_numpy(scipy.fft.dct(numpy.eye(n), norm="ortho", axis=0)) for n in values.shape[-2:])
    return joined(rows @ values @ columns.T)


def convolution(w, x, head, count, width, name):
    size, columns = head["kernel"], count * width
    query = w.project(x, columns, f"{name}.query")
    key = w.project(x, columns, f"{name}.key")
    taps = w.get(f"{name}.span.taps", size, columns)
    bias = w.get(f"{name}.span.bias", columns)
    span = F.conv1d(key.transpose(1, 2), taps.T.unsqueeze(1), bias, padding="same", groups=columns).transpose(1, 2)
    mixed = w.project(span, columns, f"{name}.pointwise") * query
    kernels = w.project(mixed, count * size, f"{name}.kernel").unflatten(-1, (count, size)).softmax(-1)
    values = w.project(x, columns, f"{name}.value")
    beyond = F.pad(values, (0, 0, size // 2, size // 2))
    neighbours = beyond.unfold(1, size, 1).unflatten(2, (count, width))
    return torch.einsum("bthdk,bthk->bthd", neighbours, kernels).flatten(2)


OPS = {"attention": attention, "transform": transform, "convolution": convolution}


def groups(heads):
    """Equal heads side by side are one."""
    found = []
    for head in heads:
        if found and found[-1][0] == head:
            found[-1][1] += 1
        else:
            found.append([head, 1])
    return found


def layer(w, x, design, name):
    hidden, heads = design["hidden"], design["heads"]
    normed = w.norm(x, f"{name}.heads.norm")
    mixed = []
    for i, (head, count) in enumerate(groups(heads)):
        kind = "-".join(str(part) for part in head.values())
        mixed.append(OPS[head["op"]](w, normed, head, count, hidden // len(heads), f"{name}.heads{i + 1}.{kind}"))
    between = x + w.project(torch.cat(mixed, -1), hidden, f"{name}.heads.output")
    y = w.norm(between, f"{name}.feed.norm")
    for i, columns in enumerate(design["feedForward"]):
        y = F.gelu(w.project(y, columns, f"{name}.feed{i + 1}"))
    return between + w.project(y, hidden, f"{name}.feed.output")


def encode(w, x, layers, patch):
    batch, rows, _ = x.shape
    y = w.project(x.reshape(batch, rows // patch, -1), layers[0]["hidden"], "embedding")
    y = y + w.get("embedding.positions", rows // patch, layers[0]["hidden"])
    for i, design in enumerate(layers):
        if design["hidden"] != y.shape[-1]:
            y = w.project(y, design["hidden"], f"layer{i + 1}.widen")
        y = layer(w, y, design, f"layer{i + 1}")
    return w.norm(y, "norm")


def case(layers, batch, rows, width, patch):
    w = Weights()
    shape = (batch, rows, width)
    x, target, mask = (numbers(name, batch * rows * width).reshape(shape) for name in ("x", "target", "mask"))
    mask = (mask > 0).to(x.dtype)
    output = w.project(encode(w, x, layers, patch), patch * width, "reconstruction").reshape(shape)
    loss = (mask * (output - target) ** 2).sum() / mask.sum()
    loss.backward()
    return {
        "point": {"layers": layers},
        "shape": {"batch": batch, "rows": rows, "width": width, "patch": patch},
        "output": listed(output),
        "loss": loss.item(),
        "gradients": {name: listed(weights.grad) for name, weights in w.all.items()},
    }


def listed(tensor):
    return [float(f"{value:.{DIGITS}g}") for value in tensor.detach().reshape(-1).tolist()]


def main():
    scaled, multiplicative = ({"op": "attention", "form": form} for form in ("scaled", "multiplicative"))
    dft, dct = ({"op": "transform", "basis": basis} for basis in ("dft", "dct"))
    five, nine, thirteen = ({"op": "convolution", "kernel": kernel} for kernel in (5, 9, 13))
    everything = [
        {"hidden": 12, "heads": [scaled, multiplicative, dft, dct], "feedForward": [10, 7]},
        {"hidden": 8, "heads": [five, nine], "feedForward": [9]},
        {"hidden": 15, "heads": [thirteen, thirteen, multiplicative], "feedForward": [5, 6, 4]},
    ]
    twice = [{"hidden": 10, "heads": [dct, scaled, scaled, dct, dct], "feedForward": [12]}]
    json.dump({
        "source": "scripts/golden/encoder.py",
        "versions": {**versions(), "scipy": scipy.__version__, "numpy": numpy.__version__},
        "seed": None,
        "tolerance": {"double": 1e-9, "single": 1e-4},
        "why": "twelve digits are stored, and three layers add some hundred roundings; in single precision each is 6e-8"
               " of the largest element, which the norms of layers may raise tenfold",
        "cases": {
            "every operation": case(everything, batch=2, rows=26, width=3, patch=2),
            "a group that comes twice": case(twice, batch=3, rows=7, width=2, patch=1),
        }}, sys.stdout, separators=(",", ":"))


main()

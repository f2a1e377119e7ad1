"""The encoder of `npm run bench` in PyTorch, on one thread. Commands come and answers go line by line, in JSON.

The first line is the start: weights, input and target. Then `results` answers the first window's output and the losses
of the first training steps, `forward N` and `train N` the seconds that N of them took, `peak` the VmHWM in MB.
"""
import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)


class Layer(nn.Module):
    def __init__(self, weights, name, heads):
        super().__init__()
        self.heads = heads
        part = f"{name}.heads1.attention-scaled"
        self.query, self.key, self.value = (linear(weights, f"{part}.{p}") for p in ("query", "key", "value"))
        self.output = linear(weights, f"{name}.heads.output")
        self.norm1, self.norm2 = norm(weights, f"{name}.heads.norm"), norm(weights, f"{name}.feed.norm")
        self.feed1, self.feed2 = linear(weights, f"{name}.feed1"), linear(weights, f"{name}.feed.output")

    def forward(self, x):
        normed = self.norm1(x)
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        q, k, v = split(self.query(normed)), split(self.key(normed)), split(self.value(normed))
        mixed = nn.functional.scaled_dot_product_attention(q, k, v)
        x = x + self.output(mixed.transpose(1, 2).flatten(-2))
        return x + self.feed2(nn.functional.gelu(self.feed1(self.norm2(x))))


class Encoder(nn.Module):
    def __init__(self, weights, layers, heads):
        super().__init__()
        self.embedding = linear(weights, "embedding")
        self.positions = nn.Parameter(weights["embedding.positions"].clone())
        self.layers = nn.Sequential(*(Layer(weights, f"layer{i + 1}", heads) for i in range(layers)))
        self.norm, self.output = norm(weights, "norm"), linear(weights, "output")

    def forward(self, x):
        return self.output(self.norm(self.layers(self.embedding(x) + self.positions)))


def linear(weights, name):
    matrix, bias = weights[f"{name}.weights"], weights[f"{name}.bias"]
    module = nn.Linear(*matrix.shape)
    module.load_state_dict({"weight": matrix.T.contiguous(), "bias": bias})
    return module


def norm(weights, name):
    gain, bias = weights[f"{name}.gain"], weights[f"{name}.bias"]
    module = nn.LayerNorm(len(gain), eps=1e-5)
    module.load_state_dict({"weight": gain, "bias": bias})
    return module


class Bench:
    def __init__(self, start):
        self.start = start
        weights = {w["name"]: torch.tensor(w["values"]).reshape(w["shape"]) for w in start["weights"]}
        self.encoder = Encoder(weights, start["layers"], start["heads"])
        self.adam = torch.optim.Adam(self.encoder.parameters(), lr=start["rate"])
        self.input, self.target = (torch.tensor(start[name]).reshape(start["shape"]) for name in ("input", "target"))

    def forward(self):
        with torch.inference_mode():
            return self.encoder(self.input[:1])

    def train(self):
        self.adam.zero_grad()
        loss = nn.functional.mse_loss(self.encoder(self.input), self.target)
        loss.backward()
        self.adam.step()
        return loss.item()

    def results(self):
        fresh = Bench(self.start)
        output = fresh.forward().flatten().tolist()
        return {"output": output, "losses": [fresh.train() for _ in range(self.start["steps"])]}


def seconds(run, count):
    began = time.perf_counter()
    for _ in range(count):
        run()
    return time.perf_counter() - began


def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def main():
    bench = Bench(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        command, *count = line.split()
        if command == "results":
            answer = bench.results()
        elif command == "peak":
            answer = peak()
        else:
            answer = seconds(getattr(bench, command), int(count[0]))
        print(json.dumps(answer), flush=True)


main()

#!/usr/bin/env python3
"""Golden values of the official GON: training and scoring of a few windows in PyTorch, float64.

Written from a description of the upstream program (imperial-qore/GON), not from its text: windows of 15 rows
padded with the first one and ending one row early, a linear 15m-16-16-1 discriminator with a sigmoid, input
optimisation by Adam with a cosine rate and a clamp, binary cross entropy to .9 / .1, squared distance of the
last row as score. The initial weights are written out, so no random generator has to be matched.

    python3 scripts/golden/gon_official.py > test/golden/gon-official.json
"""
import json
import math
import platform
import sys

import torch

SEED, ROWS, CHANNELS, LENGTH, HIDDEN = 7, 24, 3, 15, 16
TRAIN_EPSILON, SCORE_EPSILON = 1e-3, 1e-4
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(SEED)


def round_f32(tensor):
    """Values that single precision can hold, so that both sides start from the same numbers."""
    return tensor.to(torch.float32).to(torch.float64)


def series():
    t = torch.arange(ROWS, dtype=torch.float64)
    columns = [0.5 + 0.35 * torch.sin(0.4 * t + phase) for phase in (0.0, 1.1, 2.3)]
    return round_f32((torch.stack(columns, 1) + 0.05 * torch.rand(ROWS, CHANNELS)).clamp(0, 1))


def windows(data):
    """Window i holds rows i-15 .. i-1; rows before the first are the first."""
    index = [[max(0, min(r, ROWS - 1)) for r in range(i - LENGTH, i)] for i in range(ROWS)]
    return [data[rows].reshape(-1) for rows in index]


def discriminator():
    layers = [torch.nn.Linear(LENGTH * CHANNELS, HIDDEN), torch.nn.Linear(HIDDEN, HIDDEN), torch.nn.Linear(HIDDEN, 1)]
    with torch.no_grad():
        for layer in layers:
            layer.weight.copy_(round_f32(layer.weight))
            layer.bias.copy_(round_f32(layer.bias))
    # LeakyReLU with slope 1, upstream's LeakyReLU(True), is the identity.
    slope = torch.nn.LeakyReLU(1.0)
    return torch.nn.Sequential(layers[0], slope, layers[1], slope, layers[2], torch.nn.Sigmoid())


def generate(model, start, epsilon, target=0.9):
    bce = torch.nn.BCELoss()
    x = start.clone().requires_grad_(True)
    optimiser = torch.optim.Adam([x], lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=10)
    previous, equal, steps = 10.0, 0, 0
    while steps < 100:
        before = x.detach().clone()
        optimiser.zero_grad()
        z = bce(model(x), torch.tensor([target]))
        z.backward()
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            x.clamp_(0, 1)
        steps += 1
        still = bool(((before - x.detach()).abs() < epsilon).all()) or 0 < previous - z.item() < epsilon
        equal = equal + 1 if still else 0
        if equal > 10:
            break
        previous = z.item()
    return x.detach(), steps


def weights_of(model):
    names = ["w1", "b1", "w2", "b2", "w3", "b3"]
    return {n: p.detach().reshape(-1).tolist() for n, p in zip(names, model.parameters())}


def train(model, data, epochs):
    bce = torch.nn.BCELoss()
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-4, weight_decay=1e-5)
    losses, steps = [], []
    for _ in range(epochs):
        for window in data:
            fake, count = generate(model, window, TRAIN_EPSILON)
            optimiser.zero_grad()
            loss = (bce(model(window), torch.tensor([0.9])) + bce(model(fake), torch.tensor([0.1]))) / 2
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
            steps.append(count)
    return losses, steps


def score(model, data):
    results = []
    for window in data:
        z, steps = generate(model, window, SCORE_EPSILON)
        error = (z - window)[-CHANNELS:] ** 2
        results.append({"steps": steps, "z": z.tolist(), "perChannel": error.tolist(), "value": error.mean().item()})
    return results


def main():
    values = series()
    data = windows(values)
    model = discriminator()
    initial = weights_of(model)
    untrained = score(model, data[15:20])
    losses, steps = train(model, data, epochs=2)
    result = {
        "reference": {"torch": torch.__version__, "python": platform.python_version(), "precision": "float64"},
        "seed": SEED,
        "tolerance": {"ascent": 1e-9, "training": 1e-6},
        "toleranceReason": "both sides compute in float64; training descends along twice the loss, which Adam cancels "
        "except for its epsilon of 1e-8 beside gradients that may be small",
        "rows": ROWS,
        "channels": CHANNELS,
        "series": values.reshape(-1).tolist(),
        "epochs": 2,
        "initial": initial,
        "untrained": untrained,
        "losses": losses,
        "steps": steps,
        "trained": weights_of(model),
        "scores": score(model, data[15:20]),
        "scoredWindows": [15, 20],
    }
    assert all(math.isfinite(loss) for loss in losses)
    json.dump(result, sys.stdout)



if __name__ == "__main__":
    main()

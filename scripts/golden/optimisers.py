"""Reference values for test/golden/optimisers.json, from PyTorch in double precision.

Run: python3 scripts/golden/optimisers.py > test/golden/optimisers.json
The problem is Rosenbrock's valley in several dimensions, shifted, whose gradient and Hessian are easily written down.
AdaHessian is written here from the paper and its authors' description, with Hessian-vector products of autograd.
"""
import json
import sys
import warnings

import torch
from torch.optim import lr_scheduler as schedulers

SEED = 5
SIZE = 12
STEPS = 30


def signs(seed, count):
    """+1 and -1 by xoshiro128** (Blackman and Vigna), seeded through splitmix32, as src/engine/random.ts draws them."""
    mask = 0xffffffff

    def scramble(z):
        z = (z ^ z >> 16) * 0x85ebca6b & mask
        z = (z ^ z >> 13) * 0xc2b2ae35 & mask
        return z ^ z >> 16

    def turn(word, bits):
        return (word << bits | word >> 32 - bits) & mask
    a, b, c, d = (scramble(seed + k * 0x9e3779b9 & mask) for k in (1, 2, 3, 4))
    found = []
    for _ in range(count):
        found.append(2. * (turn(b * 5 & mask, 7) * 9 & 1) - 1)
        shifted = b << 9 & mask
        c, d = c ^ a, d ^ b
        b, a = b ^ c, a ^ d
        c, d = c ^ shifted, turn(d, 11)
    return found


def loss_of(w):
    return (10 * (w[1:] - w[:-1] ** 2) ** 2 + (0.5 - w[:-1]) ** 2).sum()


def trajectory(start, make):
    w = start.clone().requires_grad_()
    optimiser = make([w])
    path = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss_of(w).backward()
        optimiser.step()
        path.append(w.detach().tolist())
    return path


def adahessian(start, probes, shape, rate, power, decay, average, betas=(.9, .999), epsilon=1e-4):
    """`average`: |H z| is averaged over the first axis of `shape`."""
    w, mean, square = start.clone(), torch.zeros(SIZE), torch.zeros(SIZE)
    path = []
    for t, z in enumerate(probes, 1):
        w = w.detach().requires_grad_()
        g, = torch.autograd.grad(loss_of(w), w, create_graph=True)
        d = torch.autograd.grad(g, w, z)[0].abs().reshape(shape)
        if average:
            d = d.mean(dim=0, keepdim=True).expand(shape)
        d, g = d.reshape(-1), g.detach()
        mean = betas[0] * mean + (1 - betas[0]) * g
        square = betas[1] * square + (1 - betas[1]) * d * d
        root = (square / (1 - betas[1] ** t)).sqrt()
        with torch.no_grad():
            w = w - rate * (mean / (1 - betas[0] ** t) / (root ** power + epsilon) + decay * w)
        path.append(w.tolist())
    return path


def products(scale):
    """H v by weights and by inputs, of a network of two hidden layers with weights `scale` times their usual size."""
    shapes = {"w1": (5, 8), "b1": (8,), "w2": (8, 7), "b2": (7,), "w3": (7, 3), "b3": (3,)}
    # Single precision holds them, so that both precisions see the same network.
    draw = [torch.randn(shape).float().double() for shape in ((6, 5), (6, 3))]
    weights = {name: (scale * torch.randn(shape) / shape[0] ** .5).float().double() for name, shape in shapes.items()}
    x, target = draw[0].requires_grad_(), draw[1]
    for w in weights.values():
        w.requires_grad_()
    hidden = torch.tanh(torch.tanh(x @ weights["w1"] + weights["b1"]) @ weights["w2"] + weights["b2"])
    loss = ((hidden @ weights["w3"] + weights["b3"] - target) ** 2).mean()

    def product(variables):
        vectors = [torch.randint(0, 2, v.shape) * 2. - 1 for v in variables]
        gradients = torch.autograd.grad(loss, variables, create_graph=True)
        found = torch.autograd.grad(gradients, variables, vectors, retain_graph=True)
        return {"v": [v.reshape(-1).tolist() for v in vectors], "hv": [h.reshape(-1).tolist() for h in found]}
    return {"x": x.reshape(-1).tolist(), "target": target.reshape(-1).tolist(),
            "weights": {name: {"shape": list(w.shape), "values": w.reshape(-1).tolist()} for name, w in weights.items()},
            "byWeights": product(list(weights.values())), "byInput": product([x])}


def rates(make, steps=40, rate=.3):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    schedule = make(optimiser)
    found = []
    for _ in range(steps):
        found.append(schedule.get_last_lr()[0])
        optimiser.step()
        schedule.step()
    return found


def warm_up(optimiser):
    up = schedulers.LinearLR(optimiser, start_factor=1 / 9, total_iters=8)
    down = schedulers.CosineAnnealingLR(optimiser, T_max=31, eta_min=.01)
    return schedulers.SequentialLR(optimiser, [up, down], milestones=[8])


def main():
    # SequentialLR does what PyTorch warns of.
    warnings.simplefilter("ignore")
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(SEED)
    start = torch.randn(SIZE) * .5
    probes = torch.tensor(signs(SEED, STEPS * SIZE)).reshape(STEPS, SIZE)
    optim = torch.optim
    made = {
        "sgd": lambda w: optim.SGD(w, lr=2e-3),
        "sgd momentum": lambda w: optim.SGD(w, lr=1e-3, momentum=.8, weight_decay=.03),
        "sgd nesterov": lambda w: optim.SGD(w, lr=1e-3, momentum=.8, nesterov=True, weight_decay=.03),
        "adam": lambda w: optim.Adam(w, lr=.02, betas=(.8, .99), eps=1e-6, weight_decay=.05),
        "adamw": lambda w: optim.AdamW(w, lr=.02, betas=(.8, .99), eps=1e-6, weight_decay=.05),
        "adamw defaults": lambda w: optim.AdamW(w),
    }
    second = {
        "adahessian": dict(shape=(SIZE,), rate=.15, power=1, decay=0, average=False),
        "adahessian decay": dict(shape=(SIZE,), rate=.1, power=.5, decay=.05, average=False),
        "adahessian average": dict(shape=(3, 4), rate=.1, power=.7, decay=0, average=True),
    }
    json.dump({
        "source": "scripts/golden/optimisers.py",
        "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
        "seed": SEED, "tolerance": {"first": 1e-12, "second": 1e-6, "rates": 1e-12, "double": 1e-8, "single": 1e-3},
        "why": "first order: the same sums in another order, over 30 steps; second: products with the Hessian by central "
               "differences, 1e-8 to 1e-9 off in double precision, some of which the valley enlarges; "
               "double and single: of these products in the mean square, as src/engine/optimisers/adahessian.ts says",
        "start": start.tolist(),
        "first": {name: trajectory(start, make) for name, make in made.items()},
        "second": {name: adahessian(start, probes, **how) for name, how in second.items()},
        "products": [products(scale) for scale in (.3, 1, 3)],
        "rates": {
            "warm-up": rates(warm_up),
            "cosine": rates(lambda o: schedulers.CosineAnnealingLR(o, T_max=39)),
            "restarts": rates(lambda o: schedulers.CosineAnnealingWarmRestarts(o, T_0=5, T_mult=2, eta_min=.02)),
            "equal restarts": rates(lambda o: schedulers.CosineAnnealingWarmRestarts(o, T_0=7)),
            "stepped": rates(lambda o: schedulers.StepLR(o, step_size=6, gamma=.4)),
        },
    }, sys.stdout, separators=(",", ":"))


main()

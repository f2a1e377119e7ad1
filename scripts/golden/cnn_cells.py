"""Reference values for test/golden/cnn-cells.json: cells of searched convolutional networks, in PyTorch and networkx.

Run: /usr/bin/python3 scripts/golden/cnn_cells.py > test/golden/cnn-cells.json
Debian's packages python3-torch and python3-networkx. 50 random cells forward and back in double precision, with the rule of
CNNBench for channels written out as a search for the least raise; how many cells there are up to isomorphism; edit distances of
cells by networkx, with our costs and with those of CODEBench.
"""
import json
import random
import sys
from importlib.metadata import version
from itertools import combinations, product

import networkx as nx
import torch
import torch.nn.functional as F
from networkx.algorithms.isomorphism import categorical_node_match

from cnn import Weights, before
from tape_cases import draw, versions

SEED = 25
OPS = [
    {"op": "convolution", "kernel": 3}, {"op": "convolution", "kernel": 5}, {"op": "convolution", "kernel": 9},
    {"op": "dilated"}, {"op": "separable"}, {"op": "pool", "of": "max"}, {"op": "pool", "of": "mean"}, {"op": "skip"},
]
CONVOLUTIONS = ("convolution", "dilated", "separable")


class ShortWeights(Weights):
    """Of three decimals, which make a short file."""

    def get(self, name, *shape):
        values = super().get(name, *shape).detach().round(decimals=3).requires_grad_(True)
        self.all[name] = values
        return values


def listed(tensor):
    values = tensor.detach().reshape(-1).tolist()
    return {"shape": list(tensor.shape), "values": [float(f"{v:.12g}") for v in values]}


def subsets(count):
    return [list(s) for size in range(1, count + 1) for s in combinations(range(count), size)]


def shapes(vertices):
    """All edges of so many vertices: each reads an earlier place, and leads somewhere."""
    for inputs in product(*[subsets(i + 1) for i in range(vertices)]):
        for output in subsets(vertices + 1):
            read = set(output).union(*inputs)
            if all(i + 1 in read for i in range(vertices)):
                yield list(inputs), output


def graph(cell):
    g = nx.DiGraph()
    g.add_node("in", label="in")
    g.add_node("out", label="out")
    for i, vertex in enumerate(cell["vertices"]):
        g.add_node(i + 1, label=json.dumps([vertex["operation"], vertex.get("channels")], sort_keys=True), vertex=vertex)
    for i, vertex in enumerate(cell["vertices"]):
        g.add_edges_from((("in" if j == 0 else j), i + 1) for j in vertex["inputs"])
    g.add_edges_from((("in" if j == 0 else j), "out") for j in cell["output"])
    return g


SAME = categorical_node_match("label", None)


def classes(cells):
    """Cells that no isomorphism turns into each other, sorted into buckets by a hash first."""
    buckets = {}
    for g in map(graph, cells):
        bucket = buckets.setdefault(nx.weisfeiler_lehman_graph_hash(g, node_attr="label"), [])
        if not any(nx.is_isomorphic(g, other, SAME) for other in bucket):
            bucket.append(g)
    return sum(map(len, buckets.values()))


def labelled(vertices, ops):
    for inputs, output in shapes(vertices):
        for chosen in product(ops, repeat=vertices):
            yield {"output": output, "vertices": [{"operation": o, "inputs": i} for o, i in zip(chosen, inputs)]}


def widens(vertex):
    return vertex["operation"]["op"] != "pool"


def raised(cell, join):
    """Least columns, not below those asked for, of all that satisfy the rule: by growth from the asked ones."""
    vertices = cell["vertices"]
    made = [cell["channels"], *[v.get("channels", cell["channels"]) if widens(v) else 0 for v in vertices]]
    for _ in range(100):
        for i, v in enumerate(vertices):
            if not widens(v):
                made[i + 1] = max(made[j] for j in v["inputs"])
        for places in [*[v["inputs"] for v in vertices], *([cell["output"]] if join == "sum" else [])]:
            for j in places:
                if j > 0 and widens(vertices[j - 1]):
                    made[j] = max(made[k] for k in places)
    return made


def operate(w, x, operation, columns, name):
    match operation:
        case {"op": "convolution" | "dilated"}:
            size, dilation = operation.get("kernel", 3), 2 if operation["op"] == "dilated" else 1
            kernel = w.get(f"{name}.kernel", size, x.shape[1], columns)
            x = before(x, dilation * (size - 1))
            return F.conv1d(x, kernel.permute(2, 1, 0), w.get(f"{name}.bias", columns), dilation=dilation)
        case {"op": "separable"}:
            taps = w.get(f"{name}.depth.taps", 5, x.shape[1])
            return w.point(F.conv1d(before(x, 4), taps.T.unsqueeze(1), groups=x.shape[1]), columns, f"{name}.point")
        case {"op": "pool"}:
            pool = F.max_pool1d if operation["of"] == "max" else F.avg_pool1d
            return pool(before(x, 2, "replicate"), 3, stride=1)
        case {"op": "skip"}:
            return w.point(x, columns, name)


def network(w, x, point):
    y = x.transpose(1, 2)
    join, norm, pooling = point.get("join", "sum"), point.get("norm", "layer"), point.get("pooling", "last")
    for i, cell in enumerate(point["cells"]):
        name, bend = f"cell{i + 1}", {"relu": F.relu, "silu": F.silu}[cell["activation"]]
        stride = cell.get("stride", 1 if i == 0 else 2)
        rows = y.shape[-1] // stride * stride
        # stride * columns, row after row
        y = y[:, :, y.shape[-1] - rows:].unflatten(-1, (-1, stride)).permute(0, 3, 1, 2).flatten(1, 2)
        made = raised(cell, join)
        values = [w.point(y, cell["channels"], f"{name}.input")]

        def summed(places, own):
            most = max(made[j] for j in places)
            return sum(values[j] if made[j] == most else w.point(values[j], most, f"{own}.from{j}") for j in places)

        for j, vertex in enumerate(cell["vertices"]):
            own, operation = f"{name}.vertex{j + 1}", vertex["operation"]
            z = operate(w, summed(vertex["inputs"], own), operation, made[j + 1], own)
            if operation["op"] in CONVOLUTIONS:
                z = bend(z if norm == "none" else w.norm(z, f"{own}.norm"))
            values.append(z)
        if join == "sum":
            y = summed(cell["output"], f"{name}.output")
        else:
            y = torch.cat([values[j] for j in cell["output"] if j > 0], 1)
            if 0 in cell["output"]:
                y = y + w.point(values[0], y.shape[1], f"{name}.residual")
    y = w.norm(y, "norm")
    if pooling == "mean":
        y = y.mean(-1, keepdim=True)
    if pooling == "attention":
        q, k = (w.point(y, y.shape[1], f"pooling.{part}") for part in ("query", "key"))
        scores = q[:, :, -1:].transpose(1, 2) @ k / y.shape[1] ** 0.5
        y = (scores.softmax(-1) @ y.transpose(1, 2)).transpose(1, 2)
    return y.transpose(1, 2)


def random_cell(rng, vertices, channels):
    inputs, output = rng.choice(list(shapes(vertices)))
    cell = {"channels": rng.choice(channels), "activation": rng.choice(["relu", "silu"]), "output": output, "vertices": []}
    for places in inputs:
        vertex = {"operation": rng.choice(OPS), "inputs": places}
        if rng.random() < .5:
            vertex["channels"] = rng.choice(channels)
        cell["vertices"].append(vertex)
    return cell


def computed(rng, i):
    point = {"cells": [random_cell(rng, rng.randint(1, 3), [4, 5, 6])], "join": ["sum", "concatenate"][i % 2],
             "norm": rng.choice(["layer", "none"]), "pooling": ["last", "mean", "attention"][i % 3]}
    if i % 5 == 0:
        point["cells"].append({**random_cell(rng, 2, [4, 5, 6]), "stride": rng.choice([1, 2, 3])})
    w, x = ShortWeights(), draw(1, rng.randint(5, 7), 2).round(decimals=3)
    output = network(w, x, point)
    target = draw(*output.shape).round(decimals=3)
    F.mse_loss(output, target).backward()
    return {"point": point, "x": listed(x), "target": listed(target), "output": listed(output),
            "weights": {name: listed(values) for name, values in w.all.items()},
            "gradients": {name: listed(values.grad) for name, values in w.all.items()}}


def family(operation):
    return "convolution" if operation["op"] in CONVOLUTIONS else operation["op"]


def ours(a, b):
    (p, one), (q, other) = a, b
    channels = 0 if one == other else 2
    if p == q:
        return channels
    return channels + (3 if family(p) == family(q) else 6)


def weight(vertex):
    operation, c = vertex
    return {"convolution": operation.get("kernel", 0) * c * c, "dilated": 3 * c * c, "separable": 5 * c + c * c, "skip": c * c,
            "pool": 1 if operation.get("of") == "max" else 2}[operation["op"]]


def theirs(a, b):
    apart = abs(OPS.index(a[0]) - OPS.index(b[0]))
    return (1 + .1 * apart) * abs(weight(a) - weight(b))


FORBIDDEN = 1e12


def edit_distance(a, b, exchange, vertex, edge):
    graphs = []
    for cell in (a, b):
        made, g = raised(cell, "concatenate"), graph(cell)
        for i, v in enumerate(cell["vertices"]):
            g.nodes[i + 1]["own"] = (v["operation"], made[i + 1])
        graphs.append(g)
    fixed = ("in", "out")
    return nx.graph_edit_distance(
        *graphs,
        node_subst_cost=lambda m, n: (0 if m["label"] == n["label"] else FORBIDDEN) if m["label"] in fixed or n["label"] in fixed
        else exchange(m["own"], n["own"]),
        node_del_cost=lambda m: FORBIDDEN if m["label"] in fixed else vertex(m["own"]),
        node_ins_cost=lambda m: FORBIDDEN if m["label"] in fixed else vertex(m["own"]),
        edge_subst_cost=lambda m, n: 0, edge_del_cost=lambda m: edge, edge_ins_cost=lambda m: edge)


def compared(rng):
    a, b = (random_cell(rng, rng.randint(1, 3), [8, 16]) for _ in range(2))
    b["channels"] = a["channels"]
    return {"a": a, "b": b, "ours": edit_distance(a, b, ours, lambda _: 9, 1),
            "authors": edit_distance(a, b, theirs, weight, 1e-9)}


def main():
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    json.dump({
        "source": "scripts/golden/cnn_cells.py",
        "versions": {**versions(), "networkx": version("networkx")},
        "seed": SEED,
        "tolerance": {"double": 1e-10, "single": 1e-4, "distance": 1e-6},
        "why": "values are written with 12 digits; single"
               " precision rounds by 6e-8, which norms may raise tenfold; distances of authors' costs are thousands",
        "classes": [
            {"vertices": n, "ops": [f"{o['op']}" + "".join(f"-{v}" for k, v in o.items() if k != "op") for o in ops],
             "count": classes(labelled(n, ops))}
            for n, ops in [(1, OPS), (2, OPS), (3, OPS[:1]), (3, OPS[4:6]), (3, OPS[:3])]],
        "distances": [compared(rng) for _ in range(60)],
        "networks": [computed(rng, i) for i in range(50)],
    }, sys.stdout, separators=(",", ":"))
    print()


main()

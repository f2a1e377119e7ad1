"""Reference values for test/golden/graphs.json, from networkx and SciPy.

Run: /usr/bin/python3 scripts/golden/graphs.py > test/golden/graphs.json
Debian's packages python3-networkx and python3-scipy. How many connected graphs with two labels there are, by isomorphism; for
some of them eigenvalues, diameters and edit distances; and Weisfeiler-Lehman kernels by a count of written-out labels.
"""
import json
import sys
from collections import Counter
from importlib.metadata import version
from itertools import product

import networkx as nx
import numpy as np
import scipy
from networkx.algorithms.isomorphism import categorical_node_match
from networkx.generators.atlas import graph_atlas_g
from scipy.linalg import eigvalsh

SEED = 23
COUNTED, LARGEST = 5, 6
SAME_LABEL = categorical_node_match("label", 0)


def labelled(graph, labels):
    copy = nx.convert_node_labels_to_integers(graph)
    nx.set_node_attributes(copy, dict(enumerate(labels)), "label")
    return copy


def distinct(graph):
    """Labellings of a graph that no isomorphism turns into each other."""
    kinds = []
    for labels in product((0, 1), repeat=len(graph)):
        one = labelled(graph, labels)
        if not any(nx.is_isomorphic(one, other, SAME_LABEL) for other in kinds if sum(nx.get_node_attributes(other, "label").values()) == sum(labels)):
            kinds.append(one)
    return kinds


def connected(nodes):
    return [graph for graph in graph_atlas_g() if len(graph) == nodes and nx.is_connected(graph)]


def written(graph):
    labels = [graph.nodes[i]["label"] for i in range(len(graph))]
    return {"labels": labels, "edges": sorted([min(e), max(e)] for e in graph.edges)}


def invariants(graph):
    laplacian = nx.laplacian_matrix(graph, nodelist=range(len(graph))).toarray().astype(float)
    labels = nx.get_node_attributes(graph, "label")
    return {
        **written(graph),
        "connectivity": float(eigvalsh(laplacian)[1]),
        "diameter": nx.diameter(graph),
        "cost": sum(1 if labels[a] == labels[b] else 2 for a, b in graph.edges),
    }


def refined(graph, iterations):
    """How often each written-out label occurs after 0 to `iterations` refinements."""
    labels = {i: str(graph.nodes[i]["label"]) for i in graph}
    counts = Counter((0, label) for label in labels.values())
    for h in range(1, iterations + 1):
        labels = {i: f"{labels[i]}({'|'.join(sorted(labels[j] for j in graph[i]))})" for i in graph}
        counts.update((h, label) for label in labels.values())
    return counts


def kernel(a, b, iterations):
    one, other = refined(a, iterations), refined(b, iterations)
    return sum(count * other[label] for label, count in one.items())


def main():
    random = np.random.default_rng(SEED)
    counts = {str(n): sum(len(distinct(graph)) for graph in connected(n)) for n in range(1, COUNTED + 1)}
    sample = []
    for nodes in range(2, LARGEST + 1):
        graphs = connected(nodes)
        for _ in range(8):
            graph = graphs[random.integers(len(graphs))]
            sample.append(labelled(graph, random.integers(0, 2, nodes).tolist()))
    small = [graph for graph in sample if len(graph) <= 5]
    pairs = [(int(a), int(b)) for a, b in random.integers(0, len(small), (16, 2))]
    json.dump({
        "source": "scripts/golden/graphs.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "networkx": version("networkx")},
        "seed": SEED, "tolerance": {"eigenvalue": 1e-10}, "why": "rounding",
        "counts": counts,
        "graphs": [invariants(graph) for graph in sample],
        "distances": [{"a": written(small[a]), "b": written(small[b]), "distance": nx.graph_edit_distance(small[a], small[b], node_match=SAME_LABEL)}
                      for a, b in pairs],
        "kernels": [{"a": written(sample[a]), "b": written(sample[b]), "values": [kernel(sample[a], sample[b], h) for h in range(4)]}
                    for a, b in random.integers(0, len(sample), (12, 2)).tolist()]},
        sys.stdout, separators=(",", ":"))
    print()


main()

"""Reference values for test/golden/optimisation.json, from DEAP and SciPy.

Run: /usr/bin/python3 scripts/golden/optimisation.py > test/golden/optimisation.json
Debian's packages python3-deap and python3-scipy. Function values of the problems that DEAP has, minima of those that it has
not, and hypervolumes of random points by inclusion and exclusion of all boxes, and expected hypervolume improvements by quadrature to 1e-6.
"""
import json
import sys
from itertools import combinations
from importlib.metadata import version

import numpy as np
import scipy
from deap import benchmarks
from scipy.optimize import differential_evolution, minimize

SEED = 11
POINTS = 5


def boxes(low, high, count):
    return [(low, high)] * count


UNIT5, UNIT6 = boxes(0, 1, 5), boxes(0, 1, 6)
FUNCTIONS = {
    "ZDT1(5)": (UNIT5, benchmarks.zdt1), "ZDT1(30)": (boxes(0, 1, 30), benchmarks.zdt1),
    "ZDT2(5)": (UNIT5, benchmarks.zdt2), "ZDT3(5)": (UNIT5, benchmarks.zdt3),
    "ZDT4(5)": ([(0, 1)] + boxes(-5, 5, 4), benchmarks.zdt4), "ZDT6(5)": (UNIT5, benchmarks.zdt6),
    "DTLZ1(5,3)": (UNIT5, lambda x: benchmarks.dtlz1(x, 3)),
    "DTLZ2(5,2)": (UNIT5, lambda x: benchmarks.dtlz2(x, 2)), "DTLZ2(6,3)": (UNIT6, lambda x: benchmarks.dtlz2(x, 3)),
    "DTLZ7(6,2)": (UNIT6, lambda x: benchmarks.dtlz7(x, 2)), "DTLZ7(6,3)": (UNIT6, lambda x: benchmarks.dtlz7(x, 3)),
    "Ackley-10": (boxes(-32.768, 32.768, 10), benchmarks.ackley),
    "Rosenbrock-10": (boxes(-2.048, 2.048, 10), benchmarks.rosenbrock),
}


def branin(x):
    bent = x[1] - 5.1 / (4 * np.pi**2) * x[0] ** 2 + 5 / np.pi * x[0] - 6
    return bent**2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x[0]) + 10


def hartmann6(x):
    a = np.array([[10, 3, 17, 3.5, 1.7, 8], [.05, 10, 17, .1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, .05, 10, .1, 14]])
    p = 1e-4 * np.array([[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
                         [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]])
    return -float(np.sum(np.array([1, 1.2, 3, 3.2]) * np.exp(-np.sum(a * (np.asarray(x) - p) ** 2, axis=1))))


def dtlz5(x):
    """DEAP's own multiplies the first objective by cosines of the distance variables, too, which leaves the sphere."""
    g = sum((a - .5) ** 2 for a in x[2:])
    a, b = np.pi / 2 * x[0], np.pi / (4 * (1 + g)) * (1 + 2 * g * x[1])
    return (1 + g) * np.cos(a) * np.cos(b), (1 + g) * np.cos(a) * np.sin(b), (1 + g) * np.sin(a)


FUNCTIONS["DTLZ5(6,3)"] = (UNIT6, dtlz5)
WRITTEN_OUT = {"Branin": ([(-5, 10), (0, 15)], branin), "Hartmann6": (UNIT6, hartmann6)}


def minimum(bounds, function):
    rough = differential_evolution(function, bounds, rng=np.random.default_rng(SEED), tol=1e-10)
    fine = minimize(function, rough.x, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-12})
    return {"x": fine.x.tolist(), "value": float(fine.fun)}


def inclusion_exclusion(points, reference):
    boxes = [p for p in points if np.all(p < reference)]
    return float(sum((-1) ** (size + 1) * np.prod(reference - np.max(some, axis=0))
                     for size in range(1, len(boxes) + 1) for some in combinations(boxes, size)))


def expected_improvement(front, reference, means, deviations):
    """By quadrature of the improvement of the area over both normal densities, with breaks where it has kinks."""
    front = sorted(p for p in front if np.all(p < reference))

    def area(points):
        total, lowest = 0.0, reference[1]
        for x, y in sorted(points):
            total += (reference[0] - x) * max(lowest - y, 0)
            lowest = min(lowest, y)
        return total

    def density(j, y):
        return np.exp(-((y - means[j]) / deviations[j]) ** 2 / 2) / (deviations[j] * np.sqrt(2 * np.pi))

    before = area([tuple(p) for p in front])

    def pieces(j):
        low, high = means[j] - 10 * deviations[j], reference[j]
        return sorted({low, high, *(p[j] for p in front if low < p[j] < high)})

    nodes, weights = np.polynomial.legendre.leggauss(40)

    def rule(j):
        cuts = pieces(j)
        steps = [np.linspace(a, b, 9) for a, b in zip(cuts, cuts[1:])]
        for grid in steps:
            for a, b in zip(grid, grid[1:]):
                for node, weight in zip(nodes, weights):
                    y = (a + b) / 2 + (b - a) / 2 * node
                    yield y, weight * (b - a) / 2 * density(j, y)

    first, second = ([(y, w) for y, w in rule(j) if w > 1e-18] for j in (0, 1))
    return float(sum(v * w * (area([tuple(p) for p in front] + [(x, y)]) - before) for x, v in first for y, w in second))


def main():
    random = np.random.default_rng(SEED)

    def some(bounds):
        low, high = np.array(bounds, float).T
        return [(low + (high - low) * random.random(len(bounds))).tolist() for _ in range(POINTS)]

    values = {name: [{"x": x, "f": [float(v) for v in f(x)]} for x in some(bounds)] for name, (bounds, f) in FUNCTIONS.items()}
    values |= {name: [{"x": x, "f": [float(f(x))]} for x in some(bounds)] for name, (bounds, f) in WRITTEN_OUT.items()}
    volumes = []
    for objectives, count in ((2, 12), (3, 12), (4, 10)):
        points = random.random((count, objectives))
        reference = np.full(objectives, .9)
        volumes.append({"points": points.tolist(), "reference": reference.tolist(),
                        "volume": inclusion_exclusion(points, reference)})
    improvements = []
    for count in (0, 1, 4):
        front = np.column_stack([np.sort(random.random(count)), np.sort(random.random(count))[::-1]])
        for deviations in ([.2, .1], [.02, .3]):
            means = (random.random(2) * .9).tolist()
            improvements.append({"front": front.tolist(), "reference": [1.1, 1.1], "means": means, "deviations": deviations,
                                 "value": expected_improvement(front.tolist(), [1.1, 1.1], means, deviations)})
    json.dump({
        "source": "scripts/golden/optimisation.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "deap": version("deap")},
        "seed": SEED, "tolerance": 1e-9, "why": "the same sums in double precision, in another order",
        "values": values, "minima": {name: minimum(*problem) for name, problem in WRITTEN_OUT.items()},
        "volumes": volumes, "improvements": improvements}, sys.stdout, separators=(",", ":"))
    print()


main()

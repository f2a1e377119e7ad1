"""Reference values for test/golden/optimisation.json, from DEAP and SciPy.

Run: /usr/bin/python3 scripts/golden/optimisation.py > test/golden/optimisation.json
Debian's packages python3-deap and python3-scipy. Function values of the problems that DEAP has, minima of those that it has
not, and hypervolumes of random points by inclusion and exclusion of all boxes, and expected hypervolume improvements by quadrature to 1e-6.
"""
import json
import sys
from itertools import combinations, product
from importlib.metadata import version

import numpy as np
import scipy
from deap import benchmarks
from scipy.optimize import differential_evolution, minimize
from scipy.stats import norm

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


def gain(front, reference, y):
    """What y adds to the hypervolume: its box less the union of its intersections with the others, by inclusion and exclusion."""
    if any(value >= limit for value, limit in zip(y, reference)):
        return 0.0
    clipped = [tuple(max(a, b) for a, b in zip(point, y)) for point in front if all(a < r for a, r in zip(point, reference))]
    total = np.prod([r - v for r, v in zip(reference, y)])
    for bits in range(1, 2 ** len(clipped)):
        some = [clipped[i] for i in range(len(clipped)) if bits >> i & 1]
        corner = [max(values) for values in zip(*some)]
        total += (-1) ** len(some) * np.prod([max(0, r - c) for r, c in zip(reference, corner)])
    return float(total)


def expected(front, reference, mean, deviation):
    """The integral of gain times density, cut at the kinks of the gain, beyond which the gain is 0 or the density is."""
    order = len(reference)
    ends = [(m - 9 * s, r) for m, s, r in zip(mean, deviation, reference)]
    nodes, weights = np.polynomial.legendre.leggauss(40)
    axes = []
    for j in range(order):
        low, high = ends[j]
        cuts = sorted({low, high, *[p[j] for p in front if low < p[j] < high], *[mean[j] + k * deviation[j] for k in (-3, 0, 3) if low < mean[j] + k * deviation[j] < high]})
        x = np.concatenate([(b - a) / 2 * nodes + (a + b) / 2 for a, b in zip(cuts, cuts[1:])])
        w = np.concatenate([(b - a) / 2 * weights for a, b in zip(cuts, cuts[1:])])
        axes.append([(value, weight * norm.pdf(value, mean[j], deviation[j])) for value, weight in zip(x, w)])
    return sum(float(np.prod([w for _, w in point])) * gain(front, reference, [v for v, _ in point]) for point in product(*axes))


CASES = [
    ([[1, 4], [2, 2], [4, 1]], [5, 5], [2, 3], [1, .5]),
    ([[1, 4], [2, 2], [4, 1]], [5, 5], [3, 3], [.3, 2]),
    ([[1, 4], [2, 2], [4, 1]], [5, 5], [6, 1], [.8, .8]),
    ([], [1, 1], [.4, .6], [.2, .3]),
]


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
    cases = list(CASES)
    for count in (0, 1, 4):
        front = np.column_stack([np.sort(random.random(count)), np.sort(random.random(count))[::-1]])
        cases += [(front.tolist(), [1.1, 1.1], (random.random(2) * .9).tolist(), deviation) for deviation in ([.2, .1], [.02, .3])]
    improvements = [{"front": front, "reference": reference, "mean": mean, "deviation": deviation,
                     "value": expected(front, reference, mean, deviation)} for front, reference, mean, deviation in cases]
    json.dump({
        "source": "scripts/golden/optimisation.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "deap": version("deap")},
        "seed": SEED, "tolerance": 1e-9, "improvementTolerance": 1e-6,
        "why": "the same sums in double precision, in another order; the quadrature of improvements has 40 points between kinks",
        "values": values, "minima": {name: minimum(*problem) for name, problem in WRITTEN_OUT.items()},
        "volumes": volumes, "improvements": improvements}, sys.stdout, separators=(",", ":"))
    print()


main()

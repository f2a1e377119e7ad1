"""Reference values for test/golden/linear-algebra.json, from SciPy (LAPACK).

Run: python3 scripts/golden/linear_algebra.py > test/golden/linear-algebra.json
"""
import json
import sys

import numpy as np
import scipy
import scipy.linalg as la

SEED = 3


def positive_definite(random):
    points = np.linspace(0, 1, 12)
    square = random.normal(size=(6, 6))
    return {"well conditioned": square @ square.T + 6 * np.eye(6),
            "kernel of near points": np.exp(-((points[:, None] - points) ** 2) / .08) + 1e-6 * np.eye(12),
            "Hilbert": la.hilbert(8),
            "scales apart": np.diag([1e8, 1, 1e-8]) + .5 * np.array([[0, 1, 0], [1, 0, 1e-5], [0, 1e-5, 0]]),
            "one number": np.array([[2.25]])}


def rectangular(random):
    left, right = la.qr(random.normal(size=(8, 5)), mode="economic")[0], la.qr(random.normal(size=(5, 5)))[0]
    return {"tall": random.normal(size=(7, 4)), "wide": random.normal(size=(4, 7)), "square": random.normal(size=(5, 5)),
            "condition 1e12": left @ np.diag(np.logspace(0, -12, 5)) @ right,
            "rank 2 of 4": random.normal(size=(6, 2)) @ random.normal(size=(2, 4)),
            "one column": random.normal(size=(5, 1)), "zero": np.zeros((3, 2))}


def symmetric_case(name, a, random):
    """What is compared is scaled by the condition number: no algorithm can do better on rounded input."""
    b = random.normal(size=(len(a), 2))
    return {"name": name, "a": a.tolist(), "condition": float(np.linalg.cond(a)),
            "lower": la.cholesky(a, lower=True).tolist(), "logDeterminant": float(np.linalg.slogdet(a)[1]),
            "b": b.tolist(), "x": la.cho_solve(la.cho_factor(a), b).tolist(),
            "eigenvalues": la.eigvalsh(a)[::-1].tolist()}


def rectangular_case(name, a, random):
    case = {"name": name, "a": a.tolist(), "singularValues": la.svdvals(a).tolist()}
    full = np.linalg.matrix_rank(a) == a.shape[1]
    if full:
        r = la.qr(a, mode="economic")[1]
        b = random.normal(size=(len(a), 1))
        case |= {"condition": float(np.linalg.cond(a)), "upper": (np.sign(np.diag(r))[:, None] * r).tolist(),
                 "b": b.tolist(), "x": la.lstsq(a, b)[0].tolist()}
    return case


def main():
    random = np.random.default_rng(SEED)
    json.dump({
        "source": "scripts/golden/linear_algebra.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
        "seed": SEED, "tolerance": 5e-15,
        "why": "twenty units in the last place, relative to the greatest element; times the condition number where rounded "
               "input alone moves the answer that far, and its square for least squares, which leave a residual",
        "symmetric": [symmetric_case(name, a, random) for name, a in positive_definite(random).items()],
        "indefinite": np.diag([1., 2, -1e-3]).tolist(),
        "rectangular": [rectangular_case(name, a, random) for name, a in rectangular(random).items()],
    }, sys.stdout, separators=(",", ":"))


main()

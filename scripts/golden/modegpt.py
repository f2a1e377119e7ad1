"""Reference values for test/golden/modegpt.json, from SciPy (LAPACK): by the definitions of the paper, with roots and
pseudo-inverses of the moments, which our own code does without.

Run: python3 scripts/golden/modegpt.py > test/golden/modegpt.json
"""
import json
import sys

import numpy as np
import scipy
import scipy.linalg as la

SEED = 11


def root(c):
    values, vectors = la.eigh(c)
    return vectors @ np.diag(np.sqrt(np.clip(values, 0, None))) @ vectors.T


def inputs(random, count, width, rank):
    """Vectors in a subspace, as those behind a constant channel are; the last number of the augmented ones is 1."""
    x = random.normal(size=(count, rank)) @ random.normal(size=(rank, width)) + random.normal(size=width)
    return x, np.hstack([x, np.ones((count, 1))])


def feed(random):
    h = np.maximum(random.normal(size=(200, 4)) @ random.normal(size=(4, 10)) + .3 * random.normal(size=(200, 10)), 0)
    c, w = h.T @ h / 200, random.normal(size=(10, 5))
    ridge = 1e-2 * np.trace(c) / 10
    scores = np.diag(c @ la.inv(c + ridge * np.eye(10)))
    cases = []
    for k in (2, 5, 9, 10):
        kept = np.sort(np.argsort(-scores, kind="stable")[:k])
        s = np.eye(10)[:, kept]
        new = la.pinv(s.T @ c @ s) @ s.T @ c @ w
        e = c - c @ s @ la.pinv(s.T @ c @ s) @ s.T @ c
        bound = la.norm(w, 2) ** 2 * la.norm(la.inv(c), 2) * la.norm(e, "fro") ** 2
        cases.append({"kept": kept.tolist(), "next": new.tolist(), "error": float(np.trace(w.T @ e @ w)),
                      "bound": float(bound)})
    return {"moments": c.tolist(), "weights": w.tolist(), "whole": float(np.trace(w.T @ c @ w)),
            "leverage": scores.tolist(), "cases": cases}


def scores(random, rank):
    _, x = inputs(random, 300, 7, rank)
    c = x.T @ x / 300
    q, k = random.normal(size=(8, 4)), random.normal(size=(8, 4))
    half, back = root(c), la.pinv(root(c), rtol=1e-9)
    u, s, vt = la.svd(half @ q @ k.T @ half)
    cq, ck = q.T @ c @ q, k.T @ c @ k
    order = np.argsort(-np.sqrt(np.diag(cq) * np.diag(ck)), kind="stable")
    cases = []
    for count in (1, 2, 3, 4):
        best = back @ u[:, :count] @ np.diag(s[:count]) @ vt[:count] @ back
        kept = np.sort(order[:count])
        chosen = q[:, kept] @ k[:, kept].T
        cases.append({"best": (half @ best @ half).tolist(), "error": float((s[count:] ** 2).sum()),
                      "kept": kept.tolist(), "columnError": float(la.norm(half @ (q @ k.T - chosen) @ half) ** 2),
                      "bound": float(((4 - count) / 4) ** 2 * np.trace(cq) * np.trace(ck))})
    return {"moments": c.tolist(), "half": half.tolist(), "query": q.tolist(), "key": k.tolist(),
            "whole": float((s ** 2).sum()), "strengths": (s[:4] ** 2).tolist(), "cases": cases}


def values(random, rank):
    x, _ = inputs(random, 300, 7, rank)
    c = x.T @ x / 300
    v, o = random.normal(size=(7, 4)), random.normal(size=(4, 6))
    half, back = root(c), la.pinv(root(c), rtol=1e-9)
    u, s, vt = la.svd(half @ v)
    inner_u, inner_s, inner_vt = la.svd(np.diag(s) @ vt @ o, full_matrices=False)
    cases = []
    for count in (1, 2, 3, 4):
        new_v = back @ u[:, :4] @ inner_u[:, :count]
        new_o = np.diag(inner_s[:count]) @ inner_vt[:count]
        cases.append({"product": (half @ new_v @ new_o).tolist(), "error": float((inner_s[count:] ** 2).sum())})
    return {"moments": c.tolist(), "half": half.tolist(), "value": v.tolist(), "output": o.tolist(),
            "whole": float((inner_s ** 2).sum()), "cases": cases}


def allocation(random):
    """Without a cap the closed form, with one the maximum of the objective by bisection of its multiplier."""
    cases = []
    for layers, ratio, temperature in ((2, .3, .15), (4, .5, .1), (6, .2, 1.), (3, .8, .05)):
        s = random.uniform(0, .6, size=layers)
        low, high = -50., 50.
        for _ in range(400):
            middle = (low + high) / 2
            phi = np.minimum(.8, np.exp(np.clip(middle - s / temperature, -700, 50)))
            low, high = (middle, high) if phi.mean() < ratio else (low, middle)
        cases.append({"importance": s.tolist(), "ratio": ratio, "temperature": temperature, "removed": phi.tolist()})
    return cases


def main():
    random = np.random.default_rng(SEED)
    json.dump({
        "source": "scripts/golden/modegpt.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
        "seed": SEED, "tolerance": 1e-8,
        "why": "both are double precision; roots of moments of less than full rank keep half of its digits",
        "feed": feed(random), "scores": [scores(random, 7), scores(random, 4)],
        "values": [values(random, 7), values(random, 3)], "allocation": allocation(random),
    }, sys.stdout, separators=(",", ":"))
    print()


main()

"""Reference values for test/golden/consistency.json, from scikit-learn and SciPy.

Run: python3 scripts/golden/consistency.py > test/golden/consistency.json
Error consistency is Cohen's kappa of two series of right and wrong answers; weights are sample weights.
"""
import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import cohen_kappa_score

SEED = 11


def main():
    random = np.random.default_rng(SEED)
    pairs = []
    for n, p, q, together in ((60, .8, .7, .5), (200, .95, .9, 0), (35, .5, .5, 1), (120, .6, .9, .2)):
        a = (random.random(n) < p).astype(int)
        b = np.where(random.random(n) < together, a, (random.random(n) < q).astype(int))
        weights = np.round(random.random(n) + .1, 3)
        pairs.append({"a": "".join(map(str, a)), "b": "".join(map(str, b)), "weights": weights.tolist(),
                      "kappa": float(cohen_kappa_score(a, b)),
                      "weighted": float(cohen_kappa_score(a, b, sample_weight=weights))})
    counts = []
    for kinds in (2, 5, 8):
        p, q = random.integers(0, 40, kinds), random.integers(0, 40, kinds)
        p[0], q[-1] = 0, 0
        counts.append({"p": p.tolist(), "q": q.tolist(), "distance": float(jensenshannon(p, q))})
    json.dump({
        "source": "scripts/golden/consistency.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__,
                     "sklearn": sklearn.__version__},
        "seed": SEED, "tolerance": 1e-12, "why": "the same sums in double precision",
        "pairs": pairs, "counts": counts}, sys.stdout, separators=(",", ":"))


main()

"""Reference values for test/golden/search-statistics.json, from SciPy.

Run: python3 scripts/golden/search_statistics.py > test/golden/search-statistics.json
Wilcoxon's test by enumerating all signs, since SciPy's own exact method is for ranks without ties; medians by the
percentile bootstrap of 7 and 11 values, where both ends are the same for any seed.
"""
import json
import sys

import numpy as np
import scipy
from scipy.stats import PermutationMethod, bootstrap, wilcoxon

SEED = 7


def signed_rank(x, y):
    n = int(np.sum(x != y))
    every = PermutationMethod(n_resamples=np.inf)
    return {"x": x.tolist(), "y": y.tolist(), "n": int(np.sum(x != y)),
            "statistic": float(wilcoxon(x, y, alternative="greater", method=every).statistic),
            "p": float(wilcoxon(x, y, method=every).pvalue)}


def untied(x, y):
    return {"x": x.tolist(), "y": y.tolist(), "n": len(x),
            "statistic": float(wilcoxon(x, y, alternative="greater").statistic),
            "p": float(wilcoxon(x, y, method="exact").pvalue)}


def main():
    random = np.random.default_rng(SEED)
    pairs = [untied(random.random(20).round(6), random.random(20).round(6) + shift) for shift in (0, .2, -.4)]
    pairs.append(untied(np.arange(1., 13), np.zeros(12)))
    for n, kinds in ((9, 4), (12, 3), (13, 6)):
        pairs.append(signed_rank(random.integers(0, kinds, n).astype(float), random.integers(0, kinds, n).astype(float)))
    intervals = []
    for n in (7, 11):
        values = random.random(n).round(6)
        found = bootstrap((values,), np.median, method="percentile", n_resamples=200_000, rng=random)
        intervals.append({"values": values.tolist(), "median": float(np.median(values)),
                          "low": float(found.confidence_interval.low), "high": float(found.confidence_interval.high)})
    json.dump({
        "source": "scripts/golden/search_statistics.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__},
        "seed": SEED, "tolerance": 1e-12, "why": "the same counts in double precision",
        "signedRank": pairs, "medians": intervals}, sys.stdout, separators=(",", ":"))


main()

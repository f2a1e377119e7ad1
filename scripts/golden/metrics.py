"""Reference values for test/golden/metrics.json, from scikit-learn, SciPy and plain restatements of the formulas.

Run: python3 scripts/golden/metrics.py > test/golden/metrics.json
Everything here is written for clarity, not speed, and independently of the TypeScript: rows and windows are visited
one by one.
"""
import json
import math
import sys

import numpy as np
import scipy
import sklearn
from sklearn import metrics

SEED = 20240607


def segments_of(labels):
    """Closed intervals [a, b]."""
    runs, start = [], None
    for i, label in enumerate(list(labels) + [0]):
        if label and start is None:
            start = i
        if not label and start is not None:
            runs.append((start, i - 1))
            start = None
    return runs


def vus(labels, scores, largest, thresholds=250):
    """The formulas of section "VUS" in words: soft labels, merged segments, 250 thresholds by rank."""
    labels, scores = np.asarray(labels), np.asarray(scores, float)
    n, positives, segments = len(labels), int(np.sum(labels)), segments_of(labels)
    descending = np.sort(scores)[::-1]
    places = np.linspace(0, n - 1, thresholds).astype(int)
    pr, roc = [], []
    for w in range(largest + 1):
        h = w // 2
        soft = labels.astype(float)
        for a, b in segments:
            for i in range(max(0, a - h), min(n - 1, b + h) + 1):
                d = a - i if i < a else i - b
                if d > 0:
                    soft[i] = soft[i] + math.sqrt(1 - d / w)
        soft = np.minimum(1, soft)
        merged = []
        for a, b in segments:
            if merged and merged[-1][1] >= a - h:
                merged[-1][1] = b + h
            else:
                merged.append([a - h, b + h])
        tpr, fpr, precision = [0.0], [0.0], []
        for place in places:
            flagged = scores >= descending[place]
            kept = np.where(labels == 1, 1.0, soft * flagged)
            hit = float(np.sum(kept * flagged))
            expected = (positives + float(np.sum(kept))) / 2
            exist = sum(bool(flagged[max(0, a): b + 1].any()) for a, b in merged) / len(merged)
            tpr.append(min(hit / expected, 1) * exist)
            fpr.append((flagged.sum() - hit) / (n - expected))
            precision.append(hit / flagged.sum())
        pr.append(sum((tpr[i + 1] - tpr[i]) * precision[i] for i in range(thresholds)))
        tpr.append(1.0)
        fpr.append(1.0)
        roc.append(sum((fpr[i + 1] - fpr[i]) * (tpr[i + 1] + tpr[i]) / 2 for i in range(len(tpr) - 1)))
    return float(np.mean(pr)), float(np.mean(roc))


def oracle_f1(labels, scores):
    return max(metrics.f1_score(labels, scores >= level) for level in np.unique(scores))


def labelled(n, spans):
    labels = np.zeros(n, int)
    for a, b in spans:
        labels[a: b + 1] = 1
    return labels


def cases(random):
    """(name, labels, scores): short and long, ties, edges, neighbours closer than a window, constants."""
    def noisy(labels, gain, digits=None):
        scores = random.exponential(1.0, len(labels)) + gain * labels * random.random(len(labels))
        return np.round(scores, digits) if digits is not None else scores
    spread = labelled(900, [(100, 130), (300, 301), (500, 500), (720, 790)])
    close = labelled(400, [(50, 60), (66, 70), (73, 73), (77, 90), (200, 230), (231 + 20, 260), (300, 301)])
    edges = labelled(300, [(0, 12), (150, 160), (290, 299)])
    short = labelled(40, [(3, 5), (20, 21)])
    dense = (random.random(500) < 0.4).astype(int)
    yield "spread", spread, noisy(spread, 4)
    yield "close neighbours", close, noisy(close, 3)
    yield "segments at both ends", edges, noisy(edges, 2)
    yield "fewer rows than thresholds", short, noisy(short, 2)
    yield "ties", spread, noisy(spread, 3, 0)
    yield "dense labels", dense, noisy(dense, 1)
    yield "constant scores", short, np.full(40, 1.5)
    yield "perfect scores", spread, spread.astype(float)
    yield "inverted scores", spread, 1.0 - spread


def ranking_cases(random):
    for name, labels, scores in cases(random):
        windows = [0, 1, 2, 7, 30, 100]
        yield {
            "name": name,
            "labels": "".join(map(str, labels)),
            "scores": [float(s) for s in scores],
            "aucPr": float(metrics.average_precision_score(labels, scores)),
            "aucRoc": float(metrics.roc_auc_score(labels, scores)),
            "oracleF1": float(oracle_f1(labels, scores)),
            "vus": {str(w): vus(labels, scores, w) for w in windows},
        }


def main():
    random = np.random.default_rng(SEED)
    golden = {
        "source": "scripts/golden/metrics.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__,
                     "sklearn": sklearn.__version__},
        "seed": SEED,
        "tolerance": {"exact": 1e-9, "vus": 1e-6},
        "why": "same double arithmetic, other summation order; vus sums 250 thresholds for each of up to 101 windows",
        "ranking": list(ranking_cases(random)),
    }
    json.dump(golden, sys.stdout, separators=(",", ":"))


main()

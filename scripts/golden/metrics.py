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
from scipy import integrate
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
            "oracleAdjusted": [max(point_adjusted(labels, scores >= level, k) for level in np.unique(scores))
                               for k in (0, 30, 100)] if len(labels) <= 400 else None,
            "vus": {str(w): vus(labels, scores, w) for w in windows},
        }


def point_adjusted(labels, predicted, percent):
    adjusted = np.array(predicted)
    for a, b in segments_of(labels):
        if adjusted[a: b + 1].sum() * 100 > percent * (b - a + 1):
            adjusted[a: b + 1] = 1
    return float(metrics.f1_score(labels, adjusted, zero_division=0))


def tatbul(ranges, others, alpha, bias, reciprocal):
    """Row by row: each row of a range has a weight, a range's reward is the weight its overlaps cover."""
    def weight(place, length):
        return {"flat": 1, "front": length - place, "back": place + 1}[bias]
    rewards = []
    for a, b in ranges:
        overlaps = [(max(a, c), min(b, d)) for c, d in others if max(a, c) <= min(b, d)]
        length = b - a + 1
        whole = sum(weight(i, length) for i in range(length))
        part = sum(weight(i - a, length) for c, d in overlaps for i in range(c, d + 1))
        gamma = 1 / len(overlaps) if overlaps and reciprocal else 1
        rewards.append(alpha * bool(overlaps) + (1 - alpha) * gamma * part / whole)
    return float(np.mean(rewards)) if rewards else 0.0


def affiliation(labels, predicted):
    """Integrals by adaptive quadrature over unit intervals and their halves, from the definition."""
    events = [(a, b + 1) for a, b in segments_of(labels)]
    alarms = [(a, b + 1) for a, b in segments_of(predicted)]
    precisions, recalls = [], []
    for k, (start, end) in enumerate(events):
        low = 0 if k == 0 else (events[k - 1][1] + start) / 2
        high = len(labels) if k == len(events) - 1 else (end + events[k + 1][0]) / 2
        cut = [(max(a, low), min(b, high)) for a, b in alarms if max(a, low) < min(b, high)]

        def share_farther(x):
            d = start - x if x < start else x - end if x > end else None
            if d is None:
                return 1.0
            return (max(0, start - d - low) + max(0, high - (end + d))) / (high - low)

        def share_farther_from(y):
            d = min((a - y if y < a else y - b if y > b else 0) for a, b in cut)
            return (max(0, y - d - low) + max(0, high - (y + d))) / (high - low)

        def quarters(f, a, b):
            edges = np.arange(a, b + .01, .25)
            return sum(integrate.quad(f, p, q, epsabs=1e-13)[0] for p, q in zip(edges[:-1], edges[1:]))

        if cut:
            precisions.append(sum(quarters(share_farther, a, b) for a, b in cut) / sum(b - a for a, b in cut))
        recalls.append(quarters(share_farther_from, start, end) / (end - start) if cut else 0.0)
    return [float(np.mean(precisions)) if precisions else 0.0, float(np.mean(recalls))]


def composite(labels, predicted):
    spans = segments_of(labels)
    recall = np.mean([predicted[a: b + 1].any() for a, b in spans])
    precision = metrics.precision_score(labels, predicted, zero_division=0)
    return float(2 * recall * precision / (recall + precision)) if recall + precision else 0.0


def nab(labels, scores, level, tp, fn, fp):
    windows, n = segments_of(labels), len(labels)
    probation = min(math.floor(.15 * n), 750)

    def sigma(y):
        return -1.0 if y > 3 else 2 / (1 + math.exp(5 * y)) - 1
    total = 0.0
    for a, b in windows:
        inside = [i for i in range(max(a, probation), b + 1) if scores[i] >= level]
        values = [sigma(-(b - i + 1) / (b - a + 1)) / sigma(-1) * tp for i in inside]
        total += max(values) if values else -fn
    for i in range(probation, n):
        if labels[i] or scores[i] < level:
            continue
        before = [(a, b) for a, b in windows if b < i]
        if not before:
            total -= fp
        else:
            a, b = before[-1]
            total += fp * (sigma((i - b) / (b - a)) if b > a else -1)
    return total


def nab_cases(random):
    profiles = {"standard": (1, 1, .11), "lowFalsePositives": (1, 1, .22), "lowFalseNegatives": (1, 2, .11)}
    files = [(labelled(400, [(100, 130), (300, 340)])), labelled(200, [(60, 60), (90, 120)]), labelled(120, [])]
    scored = [(labels, np.round(random.random(len(labels)) + .3 * labels, 2)) for labels in files]
    windows = sum(len(segments_of(labels)) for labels in files)
    results = {}
    for name, (tp, fn, fp) in profiles.items():
        def at(level):
            raw = sum(nab(labels, scores, level, tp, fn, fp) for labels, scores in scored)
            return 100 * (raw + fn * windows) / ((tp + fn) * windows)
        levels = np.unique(np.concatenate([scores for _, scores in scored]))
        results[name] = {"raw": [nab(labels, scores, 1.0, tp, fn, fp) for labels, scores in scored],
                         "score": at(1.0), "oracle": max([at(level) for level in levels] + [at(math.inf)])}
    return {"files": [{"labels": "".join(map(str, l)), "scores": s.tolist()} for l, s in scored], "profiles": results}


def attribution_case(random):
    width, n = 7, 40
    shares = np.round(random.random((n, width)) * 4).astype(np.float32) / 4
    segments = [(3, 9, [0, 4]), (15, 16, [2]), (20, 29, [1, 2, 6]), (35, 40, [0, 1, 2, 3, 4])]
    columns = {"hit100": [], "hit150": [], "ndcg100": [], "ndcg150": []}
    for start, end, guilty in segments:
        truth = np.isin(np.arange(width), guilty).astype(int)
        for row in range(start, end):
            for percent in (100, 150):
                k = round(percent / 100 * len(guilty))
                columns[f"ndcg{percent}"].append(metrics.ndcg_score([truth], [shares[row]], k=k))
                # Expected hits when equal shares are ordered by chance.
                ordered = np.sort(shares[row])[::-1]
                edge = ordered[min(k, width) - 1]
                above, tied = shares[row] > edge, shares[row] == edge
                room = min(k, width) - above.sum()
                columns[f"hit{percent}"].append((truth[above].sum() + room * truth[tied].mean()) / len(guilty))
    return {"width": width, "shares": [float(v) for v in shares.ravel()],
            "segments": [{"start": a, "end": b, "channels": c} for a, b, c in segments],
            "expected": {key: float(np.mean(values)) for key, values in columns.items()}}


def prediction_cases(random):
    for name, labels, scores in cases(random):
        for quantile in (.5, .9, .98):
            predicted = (scores > np.quantile(scores, quantile)).astype(int)
            ranges, alarms = segments_of(labels), segments_of(predicted)
            yield {
                "name": f"{name}, level at quantile {quantile}",
                "labels": "".join(map(str, labels)),
                "predicted": "".join(map(str, predicted)),
                "point": [float(f(labels, predicted, zero_division=0)) for f in
                          (metrics.precision_score, metrics.recall_score, metrics.f1_score)],
                "adjusted": [point_adjusted(labels, predicted, k) for k in range(0, 101, 10)],
                "composite": composite(labels, predicted),
                "range": {f"{bias} {alpha} {card}": [
                    tatbul(alarms, ranges, 0, bias, card == "reciprocal"),
                    tatbul(ranges, alarms, alpha, bias, card == "reciprocal")]
                    for bias in ("flat", "front", "back") for alpha in (0, .2) for card in ("one", "reciprocal")},
                "affiliation": affiliation(labels, predicted),
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
        "prediction": list(prediction_cases(random)),
        "nab": nab_cases(random),
        "attribution": attribution_case(random),
    }
    json.dump(golden, sys.stdout, separators=(",", ":"))


main()

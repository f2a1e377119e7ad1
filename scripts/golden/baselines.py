"""Reference values for test/golden/baselines.json, from scikit-learn and NumPy.

Run: python3 scripts/golden/baselines.py > test/golden/baselines.json
Everything is given: training windows, fitted parts and scores, so that fitting and scoring are each compared alone.
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import NearestNeighbors

SEED = 7


def pca_case(train, test):
    model = PCA(svd_solver="full").fit(train)
    k = int(np.searchsorted(np.cumsum(model.explained_variance_ratio_), .9) + 1)
    kept = PCA(n_components=k, svd_solver="full").fit(train)
    scores = kept.transform(test)
    residual = test - kept.inverse_transform(scores)
    return {"variances": model.explained_variance_.tolist(), "mean": model.mean_.tolist(), "components": k,
            "q": np.sum(residual ** 2, axis=1).tolist(),
            "qPerChannel": (residual ** 2).tolist(),
            "t2": np.sum(scores ** 2 / kept.explained_variance_, axis=1).tolist()}


def forest_case(train, test):
    """The trees themselves, parents before children, left before right: what the detector reads."""
    model = IsolationForest(n_estimators=12, max_samples=64, random_state=SEED).fit(train)
    lists = {"feature": [], "threshold": [], "right": [], "size": []}
    roots = []

    def average(n):
        return 0.0 if n <= 1 else 1.0 if n == 2 else 2 * (np.log(n - 1) + np.euler_gamma) - 2 * (n - 1) / n

    def add(tree, node, depth):
        place = len(lists["feature"])
        leaf = tree.children_left[node] < 0
        n = int(tree.n_node_samples[node])
        lists["feature"].append(-1 if leaf else int(tree.feature[node]))
        lists["threshold"].append(float(depth + average(n)) if leaf else float(tree.threshold[node]))
        lists["right"].append(0)
        lists["size"].append(n)
        if not leaf:
            add(tree, tree.children_left[node], depth + 1)
            lists["right"][place] = len(lists["feature"])
            add(tree, tree.children_right[node], depth + 1)
    for estimator in model.estimators_:
        roots.append(len(lists["feature"]))
        add(estimator.tree_, 0, 0)
    return {**lists, "roots": roots, "sample": 64, "scores": (-model.score_samples(test)).tolist(),
            "averages": [[n, average(n)] for n in (1, 2, 3, 10, 256)]}


def knn_case(train, test):
    near = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(train)
    distances, indices = near.kneighbors(test)
    return {"neighbours": 5, "scores": distances.mean(axis=1).tolist(),
            "one": distances[:, 0].tolist(), "nearest": indices[:, 0].tolist()}


def kmeans_case(train, test):
    def shape(x):
        return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, ddof=1, keepdims=True)
    model = KMeans(n_clusters=4, n_init=10, random_state=SEED).fit(shape(train))
    return {"centres": model.cluster_centers_.tolist(),
            "scores": model.transform(shape(test)).min(axis=1).tolist()}


def blobs_case(random):
    """Clusters so far apart that every sensible start ends at the same centres."""
    places = np.array([[0, 0, 0], [20, 0, 5], [0, 30, -5], [25, 25, 25]], float)
    points = np.concatenate([place + random.normal(size=(40, 3)) for place in places])
    points = points[random.permutation(len(points))].astype(np.float32)
    model = KMeans(n_clusters=4, n_init=10, random_state=SEED).fit(points.astype(float))
    centres = model.cluster_centers_[np.lexsort(model.cluster_centers_.T[::-1])]
    return {"points": points.astype(float).tolist(), "centres": centres.tolist()}


def main():
    random = np.random.default_rng(SEED)
    mixing = random.normal(size=(6, 6)) * np.array([3, 2, 1, .5, .2, .1])[:, None]
    # float32 first, as windows are.
    train = (random.normal(size=(150, 6)) @ mixing).astype(np.float32).astype(float)
    test = (random.normal(size=(12, 6)) @ mixing * 2).astype(np.float32).astype(float)
    golden = {
        "source": "scripts/golden/baselines.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "sklearn": sklearn.__version__},
        "seed": SEED,
        "tolerance": {"fit": 1e-9, "score": 2e-5},
        "why": "fitting is double arithmetic on both sides; scores are relative, because models hold float32 tensors",
        "train": train.tolist(),
        "test": test.tolist(),
        "pca": pca_case(train, test),
        "forest": forest_case(train, test),
        "knn": knn_case(train, test),
        "kmeans": kmeans_case(train, test),
        "blobs": blobs_case(random),
    }
    json.dump(golden, sys.stdout, separators=(",", ":"))


main()

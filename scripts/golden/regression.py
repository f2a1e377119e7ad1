"""Reference values for test/golden/regression.json, from scikit-learn and SciPy.

Run: python3 scripts/golden/regression.py > test/golden/regression.json
The points are float32 numbers, for that is what scikit-learn's trees compare. No two splits are equally good here: the
trees are grown with several random states, which break ties, and have to agree.
"""
import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.stats import norm
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
from sklearn.linear_model import Ridge
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.tree import DecisionTreeRegressor

SEED = 11
STATES = range(5)


def agreed(models, x, y, asked, weights=None):
    predictions = [model.fit(x, y, sample_weight=weights).predict(asked) for model in models]
    assert all(np.allclose(predictions[0], other, rtol=1e-12) for other in predictions[1:]), "a tie was broken by chance"
    return predictions[0].tolist()


def tree_case(x, y, asked, weights, depth, leaf):
    """A leaf of least weight `leaf`: scikit-learn counts rows there, unless a share of the whole weight is given."""
    models = [DecisionTreeRegressor(max_depth=depth, min_weight_fraction_leaf=leaf / weights.sum(), random_state=state)
              for state in STATES]
    return {"depth": depth, "leafWeight": leaf, "weights": weights.tolist(), "mean": agreed(models, x, y, asked, weights)}


def boosting_case(x, y, asked, options):
    models = [GradientBoostingRegressor(n_estimators=options["stages"], learning_rate=options["rate"],
                                        max_depth=options["depth"], min_samples_leaf=options["leafPoints"],
                                        random_state=state) for state in STATES]
    return options | {"mean": agreed(models, x, y, asked)}


def process_case(x, y, asked, scales):
    """Given hyper-parameters, then the likeliest that scikit-learn finds from 21 starts."""
    centred = y - y.mean()
    noise = .03

    def kernel(variance):
        return ConstantKernel(variance, (1e-4, 1e4)) * Matern(scales, (1e-2, 1e3), nu=2.5) + WhiteKernel(
            noise * variance, (1e-9, 1e3))
    given = GaussianProcessRegressor(kernel(1.), optimizer=None, alpha=0).fit(x, centred)
    variance = float(centred @ given.alpha_ / len(y))
    given = GaussianProcessRegressor(kernel(variance), optimizer=None, alpha=0).fit(x, centred)
    mean, total = given.predict(asked, return_std=True)
    fitted = GaussianProcessRegressor(kernel(variance), n_restarts_optimizer=20, alpha=0, random_state=SEED).fit(x, centred)
    return {"lengthScales": np.atleast_1d(scales).tolist(), "noiseRatio": noise, "variance": variance,
            "logLikelihood": float(given.log_marginal_likelihood_value_), "mean": (mean + y.mean()).tolist(),
            "deviation": np.sqrt(total ** 2 - noise * variance).tolist(),
            "greatestLogLikelihood": float(fitted.log_marginal_likelihood_value_)}


def trend_case(x, y, asked, rows):
    """The ridge that predicts left-out points best, each of them left out of a fit of its own."""
    ridges = [10 ** (i / 3 - 1) for i in range(13)]
    x, y = x[:rows], y[:rows]
    errors = [-cross_val_score(Ridge(alpha=ridge), x, y, cv=LeaveOneOut(), scoring="neg_mean_squared_error").mean()
              for ridge in ridges]
    chosen = int(np.argmin(errors))
    fitted = Ridge(alpha=ridges[chosen]).fit(x, y)
    return {"rows": rows, "ridge": ridges[chosen], "slopes": fitted.coef_.tolist(), "mean": fitted.predict(asked).tolist()}


def improvement_case(random):
    z = np.concatenate([np.linspace(-40, 6, 47), random.normal(size=5)])
    return {"z": z.tolist(), "log": [float(np.log(norm.pdf(a) + a * norm.cdf(a))) if a > -4 else tail(a) for a in z]}


def tail(z):
    """ln(pdf(z) + z cdf(z)) where the two nearly cancel: cdf(z) = integral of pdf, so the sum is one of cdf."""
    steps = np.linspace(0, 40 / -z, 2_000_001)
    integrand = np.exp(norm.logcdf(z - steps) - norm.logcdf(z))
    return float(norm.logcdf(z) + np.log(scipy.integrate.simpson(integrand, x=steps)))


def main():
    random = np.random.default_rng(SEED)
    x = random.uniform(-1, 1, size=(90, 4)).astype(np.float32).astype(float)
    asked = random.uniform(-1.2, 1.2, size=(60, 4)).astype(np.float32).astype(float)
    y = np.sin(3 * x[:, 0]) + x[:, 1] ** 2 - .5 * x[:, 0] * x[:, 2] + .05 * random.normal(size=90)
    weights = random.integers(0, 4, size=90).astype(float)
    ones = np.ones(90)
    json.dump({
        "source": "scripts/golden/regression.py",
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__,
                     "sklearn": sklearn.__version__},
        "seed": SEED,
        "tolerance": {"trees": 1e-12, "trends": 1e-12, "process": 1e-8, "likelihood": 1e-2, "improvement": 1e-6},
        "why": "the same splits give sums that differ by rounding; the process by rounding times a condition number of some "
               "thousand; the likeliest noise may be less than the least we allow; the tail of the improvement is an integral",
        "x": x.tolist(), "y": y.tolist(), "asked": asked.tolist(),
        "trees": [tree_case(x, y, asked, ones, 3, 1), tree_case(x, y, asked, ones, 6, 6), tree_case(x, y, asked, weights, 4, 5)],
        "boosting": [boosting_case(x, y, asked, {"stages": 40, "rate": .1, "depth": 2, "leafPoints": 3}),
                     boosting_case(x, y, asked, {"stages": 25, "rate": .5, "depth": 3, "leafPoints": 5})],
        "processes": [process_case(x, y, asked, .8), process_case(x, y, asked, np.array([.6, 1.5, 1., 4.]))],
        "trends": [trend_case(x, y, asked, rows) for rows in (5, 12, 90)],
        "improvement": improvement_case(random),
    }, sys.stdout)


main()

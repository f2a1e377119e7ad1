"""Reference fits of the generalised Pareto distribution and quantile levels by SciPy -> test/golden/pot.json.

Run: python3 scripts/golden/pot.py > test/golden/pot.json   (Debian: python3-scipy)
"""

import json
import sys

import numpy as np
import scipy
from scipy.optimize import minimize
from scipy.stats import genpareto

SEED = 20240117
SHAPES = (-0.3, -0.1, 0.0, 0.1, 0.3, 0.5)
SIZES = (20, 100, 500)
LARGE_SHAPES, LARGE_SIZE = (-0.3, 0.0, 0.5), 2000
SCALES = (1.0, 1e-6, 3e4)
TAIL = 0.02
RISKS = (1e-3, 1e-4, 1e-5)


def fit(excesses):
    """genpareto.fit, polished: its Nelder-Mead stops at 1e-4, so it is restarted from its own result, tighter."""
    mean = excesses.mean()
    y = excesses / mean
    shape, _, scale = genpareto.fit(y, floc=0)

    def negative(p):
        if p[0] < -1:
            return 1e300  # the likelihood has no bound there, so neither side looks
        value = -genpareto.logpdf(y, p[0], 0, np.exp(p[1])).sum()
        return value if np.isfinite(value) else 1e300

    options = {"xatol": 1e-11, "fatol": 1e-11, "maxiter": 20000, "maxfev": 20000}
    best = minimize(negative, [shape, np.log(scale)], method="Nelder-Mead", options=options)
    best = minimize(negative, best.x, method="Nelder-Mead", options=options)
    log_likelihood = -best.fun - len(y) * np.log(mean)
    return float(best.x[0]), float(np.exp(best.x[1]) * mean), float(log_likelihood)


def main():
    random = np.random.default_rng(SEED)
    cases = []
    samples = [(shape, size) for shape in SHAPES for size in SIZES]
    samples += [(shape, LARGE_SIZE) for shape in LARGE_SHAPES]
    for shape, size in samples:
        scale = SCALES[len(cases) % len(SCALES)]
        sample = genpareto.rvs(shape, scale=scale, size=size, random_state=random)
        # Six significant digits: the file stays small, and both sides read the same numbers.
        excesses = np.array([float(f"{value:.6g}") for value in sample])
        fitted, fitted_scale, log_likelihood = fit(excesses)
        levels = [float(genpareto.isf(risk / TAIL, fitted, 0, fitted_scale)) for risk in RISKS]
        cases.append({
            "trueShape": shape, "trueScale": scale, "shape": fitted, "scale": fitted_scale,
            "logLikelihood": log_likelihood, "levels": levels, "excesses": excesses.tolist(),
        })
    quantiles = []
    for size in (1, 2, 37, 500):
        scores = np.array([float(f"{value:.6g}") for value in random.gamma(2.0, size=size)])
        quantiles.append({
            "scores": scores.tolist(),
            "quantiles": [{"share": q, "value": float(np.quantile(scores, q))} for q in (0.5, 0.9, 0.999, 1.0)],
        })
    json.dump({
        "by": "scripts/golden/pot.py", "scipy": scipy.__version__, "numpy": np.__version__, "seed": SEED,
        "tail": TAIL, "risks": RISKS,
        "tolerance": {"logLikelihood": 1e-6, "shape": 1e-6, "scale": 1e-6, "level": 1e-5},
        "why": "Both sides maximise the same function. It is flat at its maximum, so SciPy's simplex, polished to 1e-11 in "
               "the likelihood, leaves about 1e-8 in the parameters; levels amplify the error of the shape by up to "
               "ln(tail / risk) = 8.",
        "cases": cases, "quantiles": quantiles,
    }, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()

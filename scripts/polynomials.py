"""Fits the polynomials of src/engine/kernels/assembly/exponential.ts, and prints how far each is off.

Run: python3 scripts/polynomials.py
Least squares at Chebyshev's nodes, weighted again and again until the largest error is as small as it gets (Lawson).
"""
import numpy as np
from scipy.special import erfcx


def nodes(low, high, count=1000):
    return (low + high) / 2 - (high - low) / 2 * np.cos(np.pi * (np.arange(count) + .5) / count)


def fit(x, powers, wanted, weight, rounds=60):
    """Coefficients from the lowest power up, and the largest weighted error."""
    basis = np.stack([x ** k for k in powers], 1) * weight[:, None]
    wanted, lawson, best = wanted * weight, np.ones(len(x)), (np.inf, None)
    for _ in range(rounds):
        root = np.sqrt(lawson)
        coefficients = np.linalg.lstsq(basis * root[:, None], wanted * root, rcond=None)[0]
        error = np.abs(basis @ coefficients - wanted)
        best = min(best, (error.max(), coefficients), key=lambda pair: pair[0])
        lawson *= error
        lawson /= lawson.sum()
    return best


def show(name, found):
    print(f"{name}: off by {found[0]:.2g}", *(f"{c:.9g}" for c in found[1]))


def main():
    r = nodes(-np.log(2) / 2, np.log(2) / 2)
    show("(e^r - 1 - r) / r^2, error of e^r", fit(r, range(5), (np.expm1(r) - r) / r ** 2, r ** 2 / np.exp(r)))

    s = np.sqrt(nodes(1e-6, 1 / 9))
    show("(artanh(s) / s - 1) / s^2 in s^2", fit(s ** 2, range(4), (np.arctanh(s) / s - 1) / s ** 2, s ** 2))

    t = nodes(1 / (1 + .23 * 13.3), 1)
    a = (1 / t - 1) / .23
    mills = erfcx(a / np.sqrt(2)) / 2
    # Beyond 6 standard deviations nobody asks for the last digits.
    care = np.where(a < 6, 1, 100 ** -((a - 6) / 7))
    show("Mills' ratio / t in t", fit(t, range(1, 9), mills, care / mills))


main()

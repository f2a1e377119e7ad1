"""Reference values for test/golden/sobol.json, from SciPy.

Run: python3 scripts/golden/sobol.py > test/golden/sobol.json
Points are fractions of 2^32, so that they can be compared exactly.
"""
import json
import sys

import scipy
from scipy.stats import qmc

DIMENSIONS = 37
POINTS = 64


def main():
    points = qmc.Sobol(DIMENSIONS, scramble=False, bits=32).random(POINTS)
    json.dump({"source": "scripts/golden/sobol.py", "versions": {"scipy": scipy.__version__},
               "seed": None, "tolerance": 0, "why": "whole numbers",
               "points": [[int(x * 2**32) for x in point] for point in points]}, sys.stdout)
    print()


main()

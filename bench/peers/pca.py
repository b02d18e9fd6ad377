"""The first components of tokens with scikit-learn: file of float32, width, components."""

import sys

from protocol import packages, serve

numpy, sklearn, decomposition = packages("numpy", "sklearn", "sklearn.decomposition")

width, kept = map(int, sys.argv[2:])
tokens = numpy.fromfile(sys.argv[1], numpy.float32).reshape(-1, width)


def pca():
    decomposition.PCA(kept).fit(tokens)


serve(f"scikit-learn {sklearn.__version__}", {"pca": pca})

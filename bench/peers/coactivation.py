"""Every feature's nearest by cosine of activations with SciPy: folder, images, active, features, nearest, minimum."""

import os
import sys

from protocol import packages, serve

numpy, scipy, sparse = packages("numpy", "scipy", "scipy.sparse")

folder = sys.argv[1]
images, active, features, nearest, minimum = map(int, sys.argv[2:])
indices = numpy.fromfile(os.path.join(folder, "indices"), numpy.uint32).astype(numpy.int32)
values = numpy.fromfile(os.path.join(folder, "values"), numpy.float32)
offsets = numpy.arange(images + 1, dtype=numpy.int32) * active
codes = sparse.csr_array((values, indices, offsets), shape=(images, features))
codes.sort_indices()


def neighbours():
    fired = sparse.csr_array((numpy.ones_like(codes.data), codes.indices, codes.indptr), shape=codes.shape)
    together = (fired.T.tocsr() @ fired).tocsr()
    products = (codes.T.tocsr() @ codes).tocsr()
    lengths = numpy.sqrt(products.diagonal())
    together.sort_indices()
    products.sort_indices()
    found = []
    for feature in range(features):
        row = slice(products.indptr[feature], products.indptr[feature + 1])
        others = products.indices[row]
        cosine = products.data[row] / (lengths[others] * lengths[feature])
        kept = (together.data[row] >= minimum) & (others != feature)
        others, cosine = others[kept], cosine[kept]
        if len(others) > nearest:
            best = numpy.argpartition(-cosine, nearest)[:nearest]
            others, cosine = others[best], cosine[best]
        order = numpy.argsort(-cosine, kind="stable")
        found.append((others[order], cosine[order]))
    return found


serve(f"SciPy {scipy.__version__}", {"neighbours": neighbours})

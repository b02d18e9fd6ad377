"""The nearest rows by dot product, and the log of the sum of exponentials, with NumPy: folder, d, blocks, nearest."""

import os
import sys

from protocol import packages, serve, threads

(numpy,) = packages("numpy")

folder = sys.argv[1]
d, blocks, nearest = map(int, sys.argv[2:])
rows = numpy.fromfile(os.path.join(folder, "rows"), numpy.float32).reshape(-1, d)
queries = numpy.fromfile(os.path.join(folder, "queries"), numpy.float32).reshape(-1, d)


def search():
    best = numpy.full((len(queries), nearest), -numpy.inf, numpy.float32)
    where = numpy.zeros((len(queries), nearest), numpy.int64)
    sums = numpy.zeros(len(queries))
    half = len(rows) // 2
    for block in range(blocks):
        for first in (0, half):
            for start in range(0, len(queries), 256):
                part = slice(start, start + 256)
                cosines = queries[part] @ rows[first : first + half].T
                found = numpy.argpartition(-cosines, nearest, axis=1)[:, :nearest]
                scores = numpy.concatenate([best[part], numpy.take_along_axis(cosines, found, 1)], 1)
                places = numpy.concatenate([where[part], found + block * len(rows) + first], 1)
                order = numpy.argsort(-scores, axis=1)[:, :nearest]
                best[part] = numpy.take_along_axis(scores, order, 1)
                where[part] = numpy.take_along_axis(places, order, 1)
                sums[part] += numpy.exp(100 * (cosines - 1)).sum(1)
    return where, best, numpy.log(sums) + 100


serve(f"NumPy {numpy.__version__}, {threads()} threads", {"search": search})

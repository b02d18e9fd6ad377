"""A table of embeddings to Parquet and back with pyarrow: folder, rows, d."""

import os
import sys

from protocol import packages, serve

numpy, pyarrow, parquet = packages("numpy", "pyarrow", "pyarrow.parquet")

folder = sys.argv[1]
rows, d = map(int, sys.argv[2:])
path = os.path.join(folder, "peer.parquet")
values = numpy.random.default_rng(0).standard_normal(rows * d, dtype=numpy.float32)
embedding = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(values), d)
image = pyarrow.array(numpy.arange(rows, dtype=numpy.uint32))
table = pyarrow.table({"image": image, "embedding": embedding})


def write():
    parquet.write_table(table, path, compression="none", use_dictionary=False)


def read():
    column = parquet.read_table(path).column("embedding").combine_chunks()
    return column.values.to_numpy()


serve(f"pyarrow {pyarrow.__version__}", {"write": write, "read": read})

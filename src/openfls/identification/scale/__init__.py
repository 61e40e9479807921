"""Reading reports by the million: Arrow batches in and out, in one process, in several, or on Spark.

The three engines call the same function (`read_batch`) on the same rows, so their output is equal, order included.
"""

from openfls.identification.scale.batch import RESULT, read_batch
from openfls.identification.scale.spark import read_frame
from openfls.identification.scale.stream import ENGINES, Engine, read_stream

__all__ = ["ENGINES", "RESULT", "Engine", "read_batch", "read_frame", "read_stream"]

"""Embedding columns for the lakehouse, from PySpark.

>>> import embedlake
>>> lake = embedlake.install(spark)
>>> texts = spark.createDataFrame([("late delivery",), ("tasty soup",)], ["text"])
>>> vectors = texts.select(embedlake.embed("text", platform="hashing", dimensions=16).alias("vector"))
>>> len(vectors.first().vector)
16

Everything works in classic sessions and in those of Spark Connect.
"""

from embedlake._columns import embed, embed_binary, embed_image, embed_int8, embed_result
from embedlake._errors import EmbedlakeError
from embedlake._lake import Embedlake, install
from embedlake._results import Candidate, Evaluation, Plan, PlanColumn, Run, RunColumn
from embedlake._session import DELTA, configure
from embedlake._version import __version__

__all__ = [
    "DELTA",
    "Candidate",
    "EmbedlakeError",
    "Embedlake",
    "Evaluation",
    "Plan",
    "PlanColumn",
    "Run",
    "RunColumn",
    "__version__",
    "configure",
    "embed",
    "embed_binary",
    "embed_image",
    "embed_int8",
    "embed_result",
    "install",
]

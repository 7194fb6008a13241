"""Stages of Spark ML, for pipelines of classic sessions and of Spark Connect.

>>> from embedlake.ml import TextEmbedder
>>> texts = spark.createDataFrame([("late delivery",), ("tasty soup",)], ["text"])
>>> stage = TextEmbedder(outputCol="features", options={"platform": "hashing", "dimensions": 8}, vectorType="vector")
>>> len(stage.transform(texts).first().features)
8
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

from embedlake._options import Value, as_text

__all__ = ["TextEmbedder"]

_JAVA = "io.embedlake.ml"

# PySpark finds the Python class of a saved stage under the name of its Java class; `io` is a module of Python's own, and no package.
sys.modules[_JAVA] = sys.modules[__name__]


def _text(name: str, says: str) -> Param[str]:
    return Param(Params._dummy(), name, says, typeConverter=TypeConverters.toString)


class TextEmbedder(JavaTransformer, JavaMLReadable["TextEmbedder"], JavaMLWritable):
    """Adds the vectors of a column of texts; null where the text is null, blank or can never be embedded.

    :param inputCol: the column of texts, ``text`` by default
    :param outputCol: the column of vectors, a new one, ``vector`` by default
    :param model: a model's name on the hub, a folder, or a provider's name for it; by default the model in the package
    :param options: keys of a column or a job with their values. Params are saved as plain text: a key is given as a reference
    :param vectorType: ``array`` (of floats) or ``vector`` (of Spark ML)
    """

    __module__ = _JAVA

    inputCol = _text("inputCol", "the column of texts")
    outputCol = _text("outputCol", "the column of vectors, a new one")
    model = _text("model", "a model's name on the hub, a folder, or a provider's name for it; empty for the one in the package")
    options: Param[list[str]] = Param(
        Params._dummy(),
        "options",
        "keys of a column or a job with their values, such as pooling=cls",
        typeConverter=TypeConverters.toListString,
    )
    vectorType = _text("vectorType", "what vectors are: array (of floats) or vector (of Spark ML)")

    def __init__(
        self,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        model: str | None = None,
        options: Mapping[str, Value] | Sequence[str] | None = None,
        vectorType: str | None = None,
    ) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(f"{_JAVA}.TextEmbedder", self.uid)
        self._setDefault(inputCol="text", outputCol="vector", model="", options=[], vectorType="array")
        self.setParams(inputCol=inputCol, outputCol=outputCol, model=model, options=options, vectorType=vectorType)

    def setParams(
        self,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        model: str | None = None,
        options: Mapping[str, Value] | Sequence[str] | None = None,
        vectorType: str | None = None,
    ) -> "TextEmbedder":
        """Sets those Params that are given."""
        given: dict[str, Any] = {"inputCol": inputCol, "outputCol": outputCol, "model": model, "vectorType": vectorType}
        given["options"] = _pairs(options) if isinstance(options, Mapping) else options
        self._set(**{name: value for name, value in given.items() if value is not None})
        return self


def _pairs(options: Mapping[str, Value]) -> list[str]:
    return [f"{key}={value}" for key, value in as_text(options).items()]

"""Stages of Spark ML, for pipelines of classic sessions and of Spark Connect.

>>> from embedlake.ml import TextEmbedder
>>> texts = spark.createDataFrame([("late delivery",), ("tasty soup",)], ["text"])
>>> stage = TextEmbedder(outputCol="features", options={"platform": "hashing", "dimensions": 8}, vectorType="vector")
>>> len(stage.transform(texts).first().features)
8

Stages of pipelines read their rows more than once: ``cache()`` what is embedded where a stage behind it is fitted.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaTransformer

from embedlake._options import Value, as_text

__all__ = ["ImageEmbedder", "TextEmbedder", "VectorReducer", "VectorReducerModel"]

_JAVA = "io.embedlake.ml"

# PySpark finds the Python class of a saved stage under the name of its Java class; `io` is a module of Python's own, and no package.
sys.modules[_JAVA] = sys.modules[__name__]


def _text(name: str, says: str) -> Param[str]:
    return Param(Params._dummy(), name, says, typeConverter=TypeConverters.toString)


_Stage = TypeVar("_Stage", bound="_ColumnEmbedder")


class _ColumnEmbedder(JavaTransformer, JavaMLWritable):
    inputCol = _text("inputCol", "the column of what is embedded")
    outputCol = _text("outputCol", "the column of vectors, a new one")
    model = _text("model", "a model's name on the hub, a folder, or a provider's name for it; empty for the one in the package")
    options: Param[list[str]] = Param(
        Params._dummy(),
        "options",
        "keys of a column or a job with their values, such as pooling=cls",
        typeConverter=TypeConverters.toListString,
    )
    vectorType = _text("vectorType", "what vectors are: array (of floats) or vector (of Spark ML)")

    _column: str

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
        self._java_obj = self._new_java_obj(f"{_JAVA}.{type(self).__name__}", self.uid)
        self._setDefault(inputCol=self._column, outputCol="vector", model="", options=[], vectorType="array")
        self.setParams(inputCol=inputCol, outputCol=outputCol, model=model, options=options, vectorType=vectorType)

    def setParams(
        self: _Stage,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        model: str | None = None,
        options: Mapping[str, Value] | Sequence[str] | None = None,
        vectorType: str | None = None,
    ) -> _Stage:
        """Sets those Params that are given."""
        given: dict[str, Any] = {"inputCol": inputCol, "outputCol": outputCol, "model": model, "vectorType": vectorType}
        given["options"] = _pairs(options) if isinstance(options, Mapping) else options
        self._set(**{name: value for name, value in given.items() if value is not None})
        return self


class TextEmbedder(_ColumnEmbedder, JavaMLReadable["TextEmbedder"]):
    """Adds the vectors of a column of texts; null where the text is null, blank or can never be embedded.

    :param inputCol: the column of texts, ``text`` by default
    :param outputCol: the column of vectors, a new one, ``vector`` by default
    :param model: a model's name on the hub, a folder, or a provider's name for it; by default the model in the package
    :param options: keys of a column or a job with their values. Params are saved as plain text: a key is given as a reference
    :param vectorType: ``array`` (of floats) or ``vector`` (of Spark ML)
    """

    __module__ = _JAVA

    _column = "text"


class ImageEmbedder(_ColumnEmbedder, JavaMLReadable["ImageEmbedder"]):
    """Adds the vectors of a column of images; null where there is no image, or one that can never be embedded.

    :param inputCol: the column of ``binary`` with the files of images, ``content`` by default, as Spark's format ``binaryFile`` has it
    :param outputCol: the column of vectors, a new one, ``vector`` by default
    :param model: a model that takes images: its name on the hub, a folder, or a provider's name for it
    :param options: keys of a column or a job with their values. Params are saved as plain text: a key is given as a reference
    :param vectorType: ``array`` (of floats) or ``vector`` (of Spark ML)
    """

    __module__ = _JAVA

    _column = "content"


def _pairs(options: Mapping[str, Value]) -> list[str]:
    return [f"{key}={value}" for key, value in as_text(options).items()]


def _whole(name: str, says: str) -> Param[int]:
    return Param(Params._dummy(), name, says, typeConverter=TypeConverters.toInt)


class _VectorParams(Params):
    inputCol = _text("inputCol", "the column of vectors")
    outputCol = _text("outputCol", "the column of short vectors, a new one")
    vectorType = _text("vectorType", "what short vectors of floats are: array or vector (of Spark ML)")


class VectorReducer(JavaEstimator["VectorReducerModel"], _VectorParams, JavaMLReadable["VectorReducer"], JavaMLWritable):
    """Shortens the vectors of a column as the jobs' ``reduce`` does, fitted on a sample; null stays null.

    Vectors are arrays of floats or doubles, or vectors of Spark ML.

    :param inputCol: the column of vectors, ``vector`` by default
    :param outputCol: the column of short vectors, a new one, ``reduced`` by default
    :param method: ``pca`` (by default), ``mllib-pca``, ``truncate``, ``autoencoder`` or ``none``
    :param dimensions: the length of a short vector, 64 by default; not with packed codes of pca
    :param center: whether pca subtracts the mean of the sample
    :param quantize: what values become: ``none`` (floats, by default), ``int8``, ``binary`` or ``packed``
    :param bytes: the length of packed codes, 64 by default
    :param sampleRows: on how many vectors, drawn at random, it is fitted; 20,000 by default
    :param fewRows: what happens with fewer vectors than dimensions: ``refuse`` (by default), or ``pad`` with zeros
    :param vectorType: ``array`` (of floats) or ``vector`` (of Spark ML)
    """

    __module__ = _JAVA

    method = _text("method", "pca, mllib-pca, truncate, autoencoder or none")
    dimensions = _whole("dimensions", "the length of a short vector; not with packed codes of pca")
    center: Param[bool] = Param(
        Params._dummy(),
        "center",
        "whether pca subtracts the mean of the sample",
        typeConverter=TypeConverters.toBoolean,
    )
    quantize = _text("quantize", "what values become: none (floats), int8, binary or packed")
    bytes = _whole("bytes", "the length of packed codes")
    sampleRows = _whole("sampleRows", "on how many vectors, drawn at random, it is fitted")
    fewRows = _text("fewRows", "what happens with fewer vectors than dimensions: refuse, or pad with zeros")

    def __init__(
        self,
        *,
        inputCol: str | None = None,
        outputCol: str | None = None,
        method: str | None = None,
        dimensions: int | None = None,
        center: bool | None = None,
        quantize: str | None = None,
        bytes: int | None = None,
        sampleRows: int | None = None,
        fewRows: str | None = None,
        vectorType: str | None = None,
    ) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(f"{_JAVA}.VectorReducer", self.uid)
        self._setDefault(
            inputCol="vector",
            outputCol="reduced",
            method="pca",
            dimensions=64,
            center=False,
            quantize="none",
            bytes=64,
            sampleRows=20_000,
            fewRows="refuse",
            vectorType="array",
        )
        given: dict[str, Any] = {
            "inputCol": inputCol,
            "outputCol": outputCol,
            "method": method,
            "dimensions": dimensions,
            "center": center,
            "quantize": quantize,
            "bytes": bytes,
            "sampleRows": sampleRows,
            "fewRows": fewRows,
            "vectorType": vectorType,
        }
        self._set(**{name: value for name, value in given.items() if value is not None})

    def _create_model(self, java_model: Any) -> "VectorReducerModel":
        return VectorReducerModel(java_model)


class VectorReducerModel(JavaModel, _VectorParams, JavaMLReadable["VectorReducerModel"], JavaMLWritable):
    """A fitted :class:`VectorReducer`; as text, what it is and what it keeps of the sample's vectors."""

    __module__ = _JAVA

    def __init__(self, java_model: Any = None) -> None:
        super().__init__(java_model)
        # A model that Spark Connect has loaded knows only what was set.
        self._setDefault(inputCol="vector", outputCol="reduced", vectorType="array")

    def __str__(self) -> str:
        return str(self._call_java("toString"))

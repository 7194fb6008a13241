"""The functions of the catalog as columns."""

from collections.abc import Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F

from embedlake._options import Value, as_text


def embed(
    col: str | Column, model: str | None = None, options: Mapping[str, Value] | None = None, **keywords: Value
) -> Column:
    """The vector of each text as ``array<float>``; null where the text is null, blank or can never be embedded.

    :param col: a column of texts, or its name
    :param model: a model's name on the hub, a folder, or a provider's name for it; by default the model in the package
    :param options: keys of a column of the job file, and ``limits``, ``terms-accepted``, ``allowed-hosts``, ``proxy``
    :param keywords: the same, with underscores: ``max_tokens=128``

    >>> texts = spark.createDataFrame([("late delivery",), (None,)], ["text"])
    >>> rows = texts.select(embedlake.embed("text", platform="hashing", dimensions=8).alias("vector")).collect()
    >>> [row.vector and len(row.vector) for row in rows]
    [8, None]

    The texts are embedded when the column is read, in batches, and again each time; ``cache()`` what is read often, or make a column with
    ``Embedlake.embed``. Faults of the model, a key or a quota fail the query.
    """
    return _call("embed", col, model, as_text(options, keywords))


def embed_image(
    col: str | Column, model: str | None = None, options: Mapping[str, Value] | None = None, **keywords: Value
) -> Column:
    """The vector of each image as ``array<float>``; null where there is no image, or one that can never be embedded.

    :param col: a column of ``binary`` with the files of images, or its name; Spark's format ``binaryFile`` reads them
    :param model: as in :func:`embed`: a model that takes images

    :func:`embed_result` says of each image why it has no vector.
    """
    return _call("embed_image", col, model, as_text(options, keywords))


def embed_int8(
    col: str | Column, model: str | None = None, options: Mapping[str, Value] | None = None, **keywords: Value
) -> Column:
    """As :func:`embed`, for a reducer whose codes are ``array<tinyint>``: ``store="shop.reviews_embeddings", reducer="pca-64-int8"``."""
    return _call("embed_int8", col, model, as_text(options, keywords))


def embed_binary(
    col: str | Column, model: str | None = None, options: Mapping[str, Value] | None = None, **keywords: Value
) -> Column:
    """As :func:`embed`, for a reducer whose codes are ``binary``: ``store="shop.reviews_embeddings", reducer="pca-packed-64"``."""
    return _call("embed_binary", col, model, as_text(options, keywords))


def embed_result(
    col: str | Column, model: str | None = None, options: Mapping[str, Value] | None = None, **keywords: Value
) -> Column:
    """What became of each text or image: ``struct<vector array<float>, tokens int, truncated boolean, error string>``.

    >>> texts = spark.createDataFrame([("late delivery",)], ["text"])
    >>> result = texts.select(embedlake.embed_result("text", platform="hashing").alias("r")).first().r
    >>> result.truncated, result.error
    (False, None)
    """
    return _call("embed_result", col, model, as_text(options, keywords))


def _call(function: str, col: str | Column, model: str | None, options: dict[str, str]) -> Column:
    arguments = [F.col(col) if isinstance(col, str) else col]
    if model is not None:
        arguments.append(F.lit(model))
    if options:
        arguments.append(F.create_map(*[F.lit(part) for pair in options.items() for part in pair]))
    return F.call_function(f"embedlake.{function}", *arguments)

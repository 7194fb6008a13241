"""Sessions that have embedlake."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pyspark import __version__ as _spark

from embedlake._errors import EmbedlakeError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DELTA = f"io.delta:delta-spark_{'.'.join(_spark.split('.')[:2])}_2.13:4.4.0"
"""Delta Lake for this version of Spark, as a package that Spark fetches."""

CATALOG = "io.embedlake.sql.EmbedlakeCatalog"
JAR_VARIABLE = "EMBEDLAKE_JAR"

_SETTINGS: Mapping[str, str] = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.catalog.embedlake": CATALOG,
}

# What suits a single machine, as in the command line's own sessions: small tables, and a person who waits for the first result.
_LOCAL: Mapping[str, str] = {
    "spark.sql.shuffle.partitions": "8",
    "spark.databricks.delta.snapshotPartitions": "2",
    "spark.databricks.delta.stats.collect.using.tableSchema": "true",
    "spark.sql.codegen.cache.maxEntries": "2000",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def configure(
    builder: "SparkSession.Builder", *jars: str, packages: Sequence[str] = (DELTA,)
) -> "SparkSession.Builder":
    """Gives the builder of a classic session what embedlake needs: its jar, Delta Lake and the catalogs.

    A builder whose master is ``local`` also gets settings that suit small tables, where it has none of its own.

    :param jars: paths of the job jar and of others; without any, the variable ``EMBEDLAKE_JAR`` names it
    :param packages: what Spark fetches beside it; ``()`` where the jars are given or installed with Spark

    >>> from pyspark.sql import SparkSession
    >>> builder = embedlake.configure(SparkSession.builder.appName("reviews"), "target/embedlake-0.1.0-job-with-natives.jar")

    Servers of Spark Connect are started with the same settings, and ``install`` does the rest.
    """
    options: Mapping[str, Any] = getattr(builder, "_options", {})
    if "spark.remote" in options:
        raise EmbedlakeError(
            "Cannot configure a session of Spark Connect: its jars are those of the server."
            " Start the server with them, and call embedlake.install(spark)."
        )
    paths = list(jars) or [path for path in [os.environ.get(JAR_VARIABLE)] if path]
    if not paths:
        raise EmbedlakeError(
            "Cannot configure the session: no jar is given (all work is done by embedlake's jar)."
            f" Pass the path of embedlake's job jar, or set {JAR_VARIABLE}."
        )
    for path in paths:
        if "://" not in path and not os.path.isfile(path):
            raise EmbedlakeError(
                f"Cannot configure the session: {path} is no file (jars are paths of files). Correct the path of the jar."
            )
    _extend(builder, options, "spark.jars", [path if "://" in path else os.path.abspath(path) for path in paths])
    _extend(builder, options, "spark.jars.packages", list(packages))
    for name, value in _SETTINGS.items():
        if name == "spark.sql.extensions":
            _extend(builder, options, name, [value])
        else:
            builder.config(name, value)
    if str(options.get("spark.master", "")).startswith("local"):
        for name, value in _LOCAL.items():
            if name not in options:
                builder.config(name, value)
    return builder


def _extend(builder: "SparkSession.Builder", options: Mapping[str, Any], name: str, more: list[str]) -> None:
    """Adds to a setting that is a list with commas."""
    given = [part for part in str(options.get(name, "")).split(",") if part]
    values = given + [value for value in more if value not in given]
    if values:
        builder.config(name, ",".join(values))

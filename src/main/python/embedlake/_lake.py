"""The procedures of the catalog as methods."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession

from embedlake import _progress
from embedlake._errors import EmbedlakeError, plain_errors
from embedlake._options import Value, as_text
from embedlake._results import Evaluation, Plan, Run
from embedlake._session import CATALOG
from embedlake._sql import literal
from embedlake._version import __version__

Job = str | os.PathLike[str] | Mapping[str, Any]
"""The path of a job file on the driver or a file system of Spark's, the text of one, or its content as a dict."""


class Embedlake:
    """embedlake in a session, classic or of Spark Connect. Thread-safe as far as the session is.

    >>> lake = embedlake.Embedlake(spark)
    >>> spark.createDataFrame([(1, "late delivery"), (2, "tasty soup")], ["id", "text"]).write.saveAsTable("meals", format="delta")
    >>> run = lake.embed("meals", "vector", "text", platform="hashing", reduce={"method": "none"})
    >>> run.columns[0].embedded
    2
    >>> [row.id for row in lake.search("meals", "vector", "delivery", k=1).collect()]
    [1]

    :raises EmbedlakeError: where the session has no jar of embedlake, or one of another version. All methods raise it for what users can mend.
    """

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        _install(spark)

    def embed(
        self,
        source: str,
        column: str,
        attribute: str,
        model: str | None = None,
        *,
        id: str | Sequence[str] = "id",
        options: Mapping[str, Value] | None = None,
        **keywords: Value,
    ) -> Run:
        """Adds a vector column to a Delta table, or brings it up to date: only new and changed texts are embedded.

        :param source: the table
        :param column: the vector column
        :param attribute: the column with texts, or a template such as ``"{title}: {text}"``
        :param model: a model's name on the hub, a folder, or a provider's name for it; by default the model in the package
        :param id: the column, or columns, that identify a row
        :param options: keys of the job file, such as ``{"reduce.dimensions": 32}``
        :param keywords: the same, with underscores: ``max_tokens=128``
        """
        return Run.of(
            self._watched(
                "embed",
                source,
                column,
                attribute,
                model,
                as_text(options, keywords),
                id if isinstance(id, str) else ",".join(id),
            )
        )

    def run(self, job: Job, options: Mapping[str, Value] | None = None) -> Run:
        """Runs a job: embeds what is not embedded yet and publishes the vector columns."""
        return Run.of(self._watched("run", _job(job), as_text(options)))

    def replay(self, job: Job, kinds: str | Sequence[str] = "TRANSIENT", options: Mapping[str, Value] | None = None) -> Run:
        """Runs a job and tries texts again that were rejected as ``TRANSIENT``, ``PROTOCOL`` or ``INVALID_INPUT``."""
        kinds = kinds if isinstance(kinds, str) else ",".join(kinds)
        return Run.of(self._watched("replay", _job(job), kinds, as_text(options)))

    def plan(self, job: Job, options: Mapping[str, Value] | None = None) -> Plan:
        """What a run would do, how long it would take and what it would cost. Writes nothing."""
        return Plan.of(self._call("plan", _job(job), as_text(options)).collect())

    def evaluate(
        self,
        job: Job,
        column: str | None = None,
        rows: int | None = None,
        options: Mapping[str, Value] | None = None,
    ) -> Evaluation:
        """Measures the reduction of a job's column, and others of its size and smaller. Writes nothing.

        :param column: the vector column, where the job has several
        :param rows: how many vectors are looked at
        """
        return Evaluation.of(
            self._call("evaluate", _job(job), column, rows, as_text(options)).collect()
        )

    def search(
        self,
        table: str,
        column: str,
        query: str | bytes,
        k: int = 10,
        where: str | None = None,
        allowed_hosts: Sequence[str] = (),
        recall: float | None = None,
    ) -> DataFrame:
        """The rows that are most similar to a query, best first, with ``score``.

        :param query: a text, or the content of an image's file; rows of images are found by a text where one model embeds both
        :param where: a condition that rows must meet, as in SQL
        :param allowed_hosts: where the query may be sent, for a column that a provider made
        :param recall: the share of the nearest rows that the column's index must find on average; 1 reads the whole column
        """
        hosts = ",".join(allowed_hosts) or None
        text, image = (None, query) if isinstance(query, bytes) else (query, None)
        return self._call("search", table, column, text, k, where, hosts, image, recall)

    def neighbours(
        self,
        table: str,
        column: str,
        in_table: str | None = None,
        in_column: str | None = None,
        k: int = 10,
        recall: float = 0.95,
        min_score: float | None = None,
        where: str | None = None,
        in_where: str | None = None,
        into_table: str | None = None,
        ids: Sequence[str] = (),
        in_ids: Sequence[str] = (),
    ) -> Row:
        """Writes the nearest rows for each row of a table into another table, and says how many and with what recall.

        :param in_table: the table that neighbours are among, by default the same
        :param recall: the share of the true neighbours to find; at 1 all rows are compared with all
        :param into_table: the table of the result, by default the table's name with ``_neighbours``
        :param ids: the columns that name a row, by default those of the job
        """
        names = (",".join(ids) or None, ",".join(in_ids) or None)
        sides = (where, in_where, into_table, *names)
        return self._call("neighbours", table, column, in_table, in_column, k, recall, min_score, *sides).collect()[0]

    def models(self) -> DataFrame:
        """The model in the package and those in the hub's cache on the driver."""
        return self._call("models")

    def _watched(self, procedure: str, *arguments: str | Mapping[str, str] | None) -> list[Row]:
        with _progress.shown(self.spark):
            return self._call(procedure, *arguments).collect()

    def _call(self, procedure: str, *arguments: str | float | bytes | Mapping[str, str] | None) -> DataFrame:
        with plain_errors():
            return self.spark.sql(f"CALL embedlake.{procedure}({', '.join(map(_written, arguments))})")


def install(spark: SparkSession) -> Embedlake:
    """Gives a running session embedlake's functions and procedures, and compares the versions of jar and package.

    >>> lake = embedlake.install(spark)
    >>> spark.sql("SELECT embedlake.version()").first()[0] == embedlake.__version__
    True

    :raises EmbedlakeError: as :class:`Embedlake`
    """
    return Embedlake(spark)


def _install(spark: SparkSession) -> None:
    major = spark.version.split(".")[0]
    if int(major) < 4:
        raise EmbedlakeError(
            f"Cannot use embedlake in this session: it is Spark {spark.version} (embedlake needs Spark 4). Use a newer one."
        )
    spark.conf.set("spark.sql.catalog.embedlake", CATALOG)
    try:
        with plain_errors():
            version = spark.sql("SELECT embedlake.version()").collect()[0][0]
    except Exception as error:  # Of Spark's client or, in classic sessions, of Py4J.
        if "EmbedlakeCatalog" not in str(error):
            raise
        spark.conf.unset("spark.sql.catalog.embedlake")
        raise EmbedlakeError(
            f"Cannot use embedlake in this session: its jar is not on Spark's class path. Start Spark with"
            f" --jars embedlake-{__version__}-job-with-natives.jar, or a classic session with embedlake.configure(builder, jar)."
        ) from None
    if version != __version__:
        spark.conf.unset("spark.sql.catalog.embedlake")
        raise EmbedlakeError(
            f"Cannot use embedlake in this session: the jar is of version {version}, the Python package of version {__version__}"
            f" (they must be the same). Install embedlake=={version}, or the jar of version {__version__}."
        )


def _job(job: Job) -> str:
    """A dict is JSON, and JSON is YAML."""
    return json.dumps(job) if isinstance(job, Mapping) else os.fspath(job)


def _written(argument: str | float | bytes | Mapping[str, str] | None) -> str:
    """An argument as SQL: Spark binds no parameters in calls where Delta's parser comes first."""
    if argument is None:
        return "NULL"
    if isinstance(argument, int | float):
        return str(argument)
    if isinstance(argument, str):
        return literal(argument)
    if isinstance(argument, bytes):
        return f"X'{argument.hex()}'"
    return f"map({', '.join(literal(part) for pair in argument.items() for part in pair)})"

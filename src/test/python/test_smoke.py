"""A job of each kind, once: what must work in every version of Spark, Delta Lake and Java. The matrix of the build runs it in each."""

import os
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from pyspark import __version__
from pyspark.sql import DataFrame, SparkSession

import embedlake

pytestmark = pytest.mark.matrix

SPARK = tuple(int(part) for part in __version__.split(".")[:2])

DEFINITIONS = ROOT / "conf/quickstart/definitions.jsonl"
TINY = ROOT / "src/test/resources/golden/tiny/bert"


def job(folder: Path, name: str, **embedding: Any) -> dict[str, Any]:
    """A job over a table in a folder, in place."""
    return {
        "job": name,
        "source": {"table": f"delta.`{folder / name}`", "id": "synset"},
        "embeddings": [{"column": "vector", "attribute": "definition", **embedding}],
    }


def table(spark: SparkSession, folder: Path, name: str, rows: int) -> str:
    definitions = spark.read.json(str(DEFINITIONS)).orderBy("synset").limit(rows)
    definitions.write.format("delta").save(str(folder / name))
    return f"delta.`{folder / name}`"


def looks(spark: SparkSession, folder: Path, name: str) -> list[str]:
    """What each run has looked at, the oldest first."""
    runs = spark.read.format("delta").load(str(folder / f"{name}_embeddings_runs"))
    return [row.look for row in runs.orderBy("started_at").select("look").collect()]


def test_the_quickstart_finds_what_is_meant(spark: SparkSession, lake: embedlake.Embedlake, tmp_path: Path) -> None:
    name = table(spark, tmp_path, "quickstart", 300)
    run = lake.run(job(tmp_path, "quickstart", platform="huggingface", model="sentence-transformers/all-MiniLM-L6-v2"))
    assert (run.rows, run.columns[0].rejected) == (300, 0)
    assert len(spark.table(name).first().vector) == 64
    text = spark.table(name).orderBy("synset").first().definition
    assert lake.search(name, "vector", text, k=1).first().definition == text


def test_a_changed_row_is_embedded_and_published_alone(spark: SparkSession, lake: embedlake.Embedlake, tmp_path: Path) -> None:
    name = table(spark, tmp_path, "changes", 40)
    changing = job(tmp_path, "changes", platform="hashing", dimensions=32, reduce={"method": "none"})
    assert lake.run(changing).columns[0].embedded == 40
    before = {row.synset: row.vector for row in spark.table(name).collect()}
    changed = sorted(before)[7]
    spark.sql(f"UPDATE {name} SET definition = concat(definition, ' and more of it') WHERE synset = '{changed}'")
    spark.sql(f"DELETE FROM {name} WHERE synset = '{sorted(before)[8]}'")
    again = lake.run(changing)
    assert again.columns[0].embedded == 1
    after = {row.synset: row.vector for row in spark.table(name).collect()}
    assert len(after) == 39
    assert [synset for synset in after if after[synset] != before[synset]] == [changed]
    assert lake.run(changing).columns[0].embedded == 0
    # Only the first look is at all rows: what has changed is found by Delta's log, whose calls differ between versions.
    first, second, third = looks(spark, tmp_path, "changes")
    assert first.startswith("all rows") and not second.startswith("all rows") and not third.startswith("all rows")


def test_a_copy_follows_its_source(spark: SparkSession, lake: embedlake.Embedlake, tmp_path: Path) -> None:
    name = table(spark, tmp_path, "copied", 30)
    copying = job(tmp_path, "copied", platform="hashing", dimensions=32, reduce={"method": "truncate", "dimensions": 8})
    copying["target"] = {"table": f"delta.`{tmp_path / 'copy'}`"}
    lake.run(copying)
    fifth = spark.table(name).orderBy("synset").offset(4).first().synset
    spark.sql(f"DELETE FROM {name} WHERE synset < '{fifth}'")
    lake.run(copying)
    rows = spark.read.format("delta").load(str(tmp_path / "copy")).collect()
    assert len(rows) == 26 and all(len(row.vector) == 8 for row in rows)


def test_tokens_have_vectors_of_their_own(spark: SparkSession, lake: embedlake.Embedlake, tmp_path: Path) -> None:
    name = table(spark, tmp_path, "tokens", 20)
    run = lake.run(
        job(tmp_path, "tokens", platform="huggingface", model=str(TINY), granularity="token", reduce={"method": "none"})
    )
    assert run.columns[0].embedded == 20
    row = spark.table(name).first()
    assert row.vector[0].start == 0 and row.vector[-1].end <= len(row.definition)
    assert len({len(token.vector) for token in row.vector}) == 1


def test_a_provider_is_paid_once(spark: SparkSession, lake: embedlake.Embedlake, tmp_path: Path) -> None:
    table(spark, tmp_path, "paid", 50)
    key = tmp_path / "key"
    key.write_text(os.environ["EMBEDLAKE_TEST_KEY"])
    paid = job(
        tmp_path,
        "paid",
        platform="openai",
        model="text-embedding-3-small",
        dimensions=16,
        endpoint=os.environ["EMBEDLAKE_TEST_PROVIDER"],
        reduce={"method": "none"},
        **{"api-key": f"file:{key}"},
    )
    assert lake.run(paid).columns[0].embedded == 50
    again = lake.run(paid).columns[0]
    assert (again.embedded, again.already_embedded) == (0, 50)


def test_an_index_and_a_join_find_neighbours(spark: SparkSession, lake: embedlake.Embedlake, tmp_path: Path) -> None:
    name = table(spark, tmp_path, "found", 400)
    indexed = job(
        tmp_path,
        "found",
        platform="hashing",
        dimensions=64,
        reduce={"method": "none"},
        index={"lists": 16},
    )
    lake.run(indexed)
    text = spark.table(name).orderBy("synset").first().definition
    by_index = lake.search(name, "vector", text, k=5, recall=0.95).collect()
    exact = lake.search(name, "vector", text, k=5).collect()
    assert by_index[0].definition == exact[0].definition == text
    joined = lake.neighbours(name, "vector", k=3)
    assert joined.neighbours == 1200


@pytest.mark.skipif(SPARK < (4, 2), reason="APPROX NEAREST is of Spark 4.2")
def test_an_approximate_join_uses_the_index(spark: SparkSession, lake: embedlake.Embedlake, tmp_path: Path) -> None:
    name = table(spark, tmp_path, "joined", 600)
    keys = {"platform": "hashing", "dimensions": 64, "reduce": {"method": "none"}, "index": {"lists": 20}}
    indexed = job(tmp_path, "joined", **keys)
    lake.run(indexed)
    # Every tenth row: its vector, none, and zeros, in turn.
    spark.sql(
        f"SELECT synset AS query, CASE n % 3 WHEN 0 THEN vector WHEN 1 THEN NULL ELSE array_repeat(0f, 64) END AS looked_for"
        f" FROM (SELECT *, row_number() OVER (ORDER BY synset) AS n FROM {name}) WHERE n % 10 = 3"
    ).write.format("delta").save(str(tmp_path / "queries"))
    queries = f"delta.`{tmp_path / 'queries'}`"

    def joined(kind: str, how: str = "", right: str = name) -> DataFrame:
        return spark.sql(
            f"SELECT query, synset FROM {queries} {how} JOIN {right} AS found {kind} NEAREST 4"
            " BY SIMILARITY vector_cosine_similarity(looked_for, vector)"
        )

    def pairs(rows: DataFrame) -> set[tuple[str, str]]:
        return {(row.query, row.synset) for row in rows.collect()}

    def alone(rows: DataFrame) -> set[str]:
        return {row.query for row in rows.collect() if row.synset is None}

    def uses_the_index(rows: DataFrame) -> bool:
        return "NearestRows" in rows._jdf.queryExecution().optimizedPlan().toString()

    approximate, exact = joined("APPROX"), joined("EXACT")
    assert uses_the_index(approximate) and not uses_the_index(exact)
    found = pairs(approximate)
    assert len(found) == 4 * 20 and len(found & pairs(exact)) >= 0.9 * 4 * 20
    outer = joined("APPROX", "LEFT")
    assert uses_the_index(outer) and len(outer.collect()) == 4 * 20 + 40
    assert alone(outer) == alone(joined("EXACT", "LEFT"))
    # A query that is written by another command, and one within another.
    approximate.write.format("delta").save(str(tmp_path / "written"))
    assert spark.read.format("delta").load(str(tmp_path / "written")).count() == 4 * 20
    approximate.createOrReplaceTempView("approximate")
    within = spark.sql(f"SELECT count(*) AS rows FROM {name} WHERE synset IN (SELECT synset FROM approximate)")
    assert uses_the_index(within) and within.first().rows == len({synset for _, synset in found})
    words = "embedlake.embed('a small animal', map('platform', 'hashing', 'dimensions', '64'))"
    asked = spark.sql(
        f"SELECT synset FROM (SELECT {words} AS v) JOIN {name} APPROX NEAREST 3"
        " BY SIMILARITY vector_cosine_similarity(v, vector)"
    )
    assert uses_the_index(asked) and len(asked.collect()) == 3
    # What the index is not of is left to Spark, whatever it was when the query was written.
    assert not uses_the_index(joined("APPROX", right=f"(SELECT * FROM {name} WHERE synset > 'b')"))
    spark.sql("SET spark.embedlake.nearest.recall = 1")
    assert not uses_the_index(joined("APPROX"))
    spark.sql("RESET spark.embedlake.nearest.recall")
    spark.sql(f"DELETE FROM {name} WHERE synset = '{spark.table(name).orderBy('synset').first().synset}'")
    again = approximate.select("query", "synset")
    assert not uses_the_index(again) and len(pairs(again)) == 4 * 20
    lake.run(indexed)
    assert uses_the_index(approximate.select("query", "synset"))

#!/usr/bin/env python3
"""Joins of Spark 4.2 by APPROX NEAREST: with embedlake's index and as Spark plans them, in one session, in turn.

usage: approx_nearest.py JAR[,JAR...] [--rows N] [--queries N] [--rounds N] [--cores N]
needs: pip install target/embedlake-*.whl pyspark==4.2.*; the jars are embedlake's job jar and Delta Lake's for Spark 4.2
Made-up texts are hashed to 64 values, and every so many rows is a query for its 10 nearest. Spark compares all queries with all rows: it
gets a tenth of the queries, and its seconds are told for these.
prints a JSON line a join: what, queries, rows, seconds, ms_a_query, recall (of the index's pairs, against Spark's)
"""
import argparse, json, tempfile, time
from pathlib import Path

import embedlake
from pyspark.sql import SparkSession

p = argparse.ArgumentParser()
p.add_argument("jars"); p.add_argument("--rows", type=int, default=200_000); p.add_argument("--queries", type=int, default=1_000)
p.add_argument("--rounds", type=int, default=3); p.add_argument("--cores", type=int, default=2)
a = p.parse_args()

K = 10
builder = (SparkSession.builder.master(f"local[{a.cores}]").config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").config("spark.driver.memory", "4g")
           .config("spark.sql.shuffle.partitions", a.cores))
spark = embedlake.configure(builder, *a.jars.split(","), packages=()).getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
lake = embedlake.install(spark)
work = tempfile.TemporaryDirectory()
folder = Path(work.name)
name = f"delta.`{folder / 'reviews'}`"
words = [f"elt(pmod(hash(id, {i}), 12) + 1, 'battery', 'screen', 'keyboard', 'price', 'service', 'good', 'bad', 'late', 'loud', 'cheap', 'broken', 'fine')"
         for i in range(6)]
spark.range(a.rows).selectExpr("id", f"concat_ws(' ', 'review', id, 'of product', hash(id) % 997, {', '.join(words)}) AS text").write.format("delta").save(
    str(folder / "reviews"))
lake.run({"job": "reviews", "source": {"table": name, "id": "id"}, "embeddings": [
    {"column": "vector", "attribute": "text", "platform": "hashing", "dimensions": 64, "reduce": {"method": "none"}, "index": {"lists": "auto"}}]})


def queries(count):
    table = f"delta.`{folder / f'queries-{count}'}`"
    if not (folder / f"queries-{count}").exists():
        spark.sql(f"SELECT id AS query, vector AS looked_for FROM {name} WHERE id % {a.rows // count} = 0").write.format("delta").save(str(folder / f"queries-{count}"))
    return table


def joined(what, recall, count):
    spark.sql(f"SET spark.embedlake.nearest.recall = {recall}")
    start = time.perf_counter()
    rows = spark.sql(f"SELECT query, id FROM {queries(count)} JOIN {name} APPROX NEAREST {K} BY SIMILARITY vector_cosine_similarity(looked_for, vector)")
    by_index = "NearestRows" in rows._jdf.queryExecution().optimizedPlan().toString()
    assert by_index == (recall < 1), "the index is used where it is asked for"
    pairs = {(row.query, row.id) for row in rows.collect()}
    seconds = time.perf_counter() - start
    return what, count, seconds, pairs


def told(measured, exact=None):
    what, count, seconds, pairs = measured
    line = {"what": what, "queries": count, "rows": a.rows, "seconds": round(seconds, 2), "ms_a_query": round(1000 * seconds / count, 2)}
    if exact:
        line["recall"] = round(len(pairs & exact) / len(exact), 4)
    print(json.dumps(line), flush=True)


few = max(10, a.queries // 10)
queries(few), queries(a.queries)
for _ in range(a.rounds):
    plan = joined("Spark's plan", 1, few)
    told(plan)
    told(joined("index, the same queries", 0.95, few), plan[3])
    told(joined("index", 0.95, a.queries))
spark.stop()
work.cleanup()

#!/usr/bin/env python3
"""embedlake's column against the usual alternative: sentence-transformers in a pandas UDF (batch 32, one model a worker), in one session, in turn.

usage: pandas_udf.py JAR[,JAR...] MODEL_DIR TEXTS.jsonl [--rounds N] [--cores N]
needs: pip install target/embedlake-*.whl pyspark pandas pyarrow psutil sentence-transformers torch
prints a JSON line a run: what, texts, seconds, texts_per_s, peak_mb (memory of the JVM and its Python workers)
"""
import argparse, json, threading, time
from typing import Iterator

import embedlake
import pandas as pd
import psutil
from pyspark.sql import SparkSession, functions as F

p = argparse.ArgumentParser()
p.add_argument("jars"); p.add_argument("model"); p.add_argument("texts")
p.add_argument("--rounds", type=int, default=2); p.add_argument("--cores", type=int, default=2)
a = p.parse_args()

spark = (SparkSession.builder.master(f"local[{a.cores}]").config("spark.jars", a.jars).config("spark.ui.enabled", "false")
         .config("spark.driver.memory", "4g").config("spark.sql.execution.arrow.maxRecordsPerBatch", "1000").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
embedlake.install(spark)
rows = spark.read.json(a.texts).repartition(a.cores).cache()
count = rows.count()
model_dir = a.model


@F.pandas_udf("array<float>")
def transformers(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
    import torch
    from sentence_transformers import SentenceTransformer
    torch.set_num_threads(1)
    model = SentenceTransformer(model_dir, device="cpu")
    for batch in batches:
        yield pd.Series(list(model.encode(batch.tolist(), batch_size=32)))


def memory(stop, peak):
    parent = psutil.Process()
    while not stop.is_set():
        total = 0
        for process in parent.children(recursive=True):
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                pass
        peak[0] = max(peak[0], total)
        time.sleep(0.2)


def measure(what, column):
    stop, peak = threading.Event(), [0]
    watch = threading.Thread(target=memory, args=(stop, peak)); watch.start()
    start = time.perf_counter()
    rows.select("text", column.alias("vector")).write.format("noop").mode("overwrite").save()
    seconds = time.perf_counter() - start
    stop.set(); watch.join()
    print(json.dumps({"what": what, "texts": count, "seconds": round(seconds, 2), "texts_per_s": round(count / seconds, 1),
                      "peak_mb": peak[0] >> 20}), flush=True)


for _ in range(a.rounds):
    measure("embedlake.embed of SQL", F.expr("embedlake.embed(text)"))
    measure("embedlake.embed as a column", embedlake.embed("text"))
    measure("the same, precision bf16", embedlake.embed("text", precision="bf16"))
    measure("sentence-transformers in a pandas UDF", transformers("text"))

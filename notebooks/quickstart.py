# Databricks notebook source
# MAGIC %md
# MAGIC # Quickstart
# MAGIC
# MAGIC A vector column in one call: embed the definitions of a small dictionary, search them, and measure what the short vectors keep.
# MAGIC
# MAGIC The cluster needs the Python package, the job jar and Delta Lake: README.md of the folder `notebooks` says how they are installed, and how this
# MAGIC notebook runs outside Databricks. Data: definitions from WordNet 3.1 (Princeton University, WordNet licence).

# COMMAND ----------

import re

import embedlake
import matplotlib.pyplot as plt
import pandas as pd

lake = embedlake.install(spark)
dbutils.widgets.text("definitions", "conf/quickstart/definitions.jsonl", "A file of definitions")

# COMMAND ----------

# MAGIC %md
# MAGIC ## The table
# MAGIC Three of the 45 categories: enough to look at, and done in seconds.

# COMMAND ----------

definitions = pd.read_json(dbutils.widgets.get("definitions"), lines=True)
few = definitions[definitions.category.isin(["animal", "feeling", "food"])]
spark.createDataFrame(few).write.format("delta").mode("overwrite").saveAsTable("dictionary")

display(spark.table("dictionary").groupBy("category").count())

# COMMAND ----------

# MAGIC %md
# MAGIC ## Embed
# MAGIC `id` is the column that identifies a row. Without a model's name the small model in the package is taken; any model of the Hugging Face hub
# MAGIC can be named instead. Vectors are reduced to 64 values by PCA.

# COMMAND ----------

first = lake.embed("dictionary", "vector", "definition", id="synset")
first

# COMMAND ----------

# MAGIC %md
# MAGIC A second call embeds what is new or changed: here nothing.

# COMMAND ----------

second = lake.embed("dictionary", "vector", "definition", id="synset")
print(f"{second.columns[0].embedded} texts embedded, {second.columns[0].already_embedded} already had a vector")
display(spark.sql("SELECT word, category, definition, vector FROM dictionary LIMIT 3"))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Search
# MAGIC Texts are found by meaning: none of these queries has to share a word with what it finds.

# COMMAND ----------

found = {}
for query in ["a large wild cat", "something to eat for breakfast", "deep sadness"]:
    rows = lake.search("dictionary", "vector", query, k=3).select("score", "word", "definition")
    found[query] = rows.toPandas()
    print(query)
    display(found[query])

# COMMAND ----------

# MAGIC %md
# MAGIC ## Evaluate
# MAGIC What do 64 of 384 values keep? `evaluate` finds the ten nearest neighbours of a sample by the full vectors, and counts how many of them the
# MAGIC short ones find. It compares the job's reduction with others of the same size and smaller, and recommends one.

# COMMAND ----------

job = {
    "job": "dictionary",
    "source": {"table": "dictionary", "id": "synset"},
    "embeddings": [{"column": "vector", "attribute": "definition"}],
}
evaluation = lake.evaluate(job)
evaluation

# COMMAND ----------

figure, axes = plt.subplots(figsize=(7, 3.5))
for kind, named in {
    "floats": r"pca-\d+",
    "int8": r"pca-\d+-int8",
    "packed": r"pca-packed-\d+",
    "first values": r"truncate-\d+",
}.items():
    rows = sorted(
        (row for row in evaluation.candidates if re.fullmatch(named, row.reduction)), key=lambda row: row.bytes
    )
    axes.plot([row.bytes for row in rows], [row.recall_at_10 for row in rows], "o-", label=kind)
axes.plot(
    evaluation.chosen.bytes,
    evaluation.chosen.recall_at_10,
    "o",
    markersize=12,
    fillstyle="none",
    color="black",
    label="the column's",
)
axes.set_xscale("log", base=2)
axes.set_xticks([32, 64, 128, 256], ["32", "64", "128", "256"])
axes.set(xlabel="bytes per row", ylabel="recall of the ten nearest", ylim=(0, 1.02))
axes.grid(alpha=0.3)
axes.legend(fontsize=8)
display(figure)
plt.close(figure)

# Databricks notebook source
# MAGIC %md
# MAGIC # Neural search
# MAGIC
# MAGIC Search by meaning in a Delta table: queries, filters, near duplicates, and how much of it short and quantised vectors keep.
# MAGIC
# MAGIC Data: definitions from WordNet 3.1 (Princeton University, WordNet licence). What the cluster needs: README.md of the folder `notebooks`.

# COMMAND ----------

import embedlake
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

lake = embedlake.install(spark)
dbutils.widgets.text("definitions", "conf/quickstart/definitions.jsonl", "A file of definitions")

# COMMAND ----------

definitions = pd.read_json(dbutils.widgets.get("definitions"), lines=True)
few = definitions[definitions.category.isin(["animal", "feeling", "food"])]
spark.createDataFrame(few).write.format("delta").mode("overwrite").saveAsTable("glossary")

display(few.sample(4, random_state=2))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Three columns of one model
# MAGIC All 384 values as floats (1,536 bytes a row), 64 principal components as floats (256 bytes), and 64 bytes into which as many components as fit are packed.
# MAGIC The model runs once.

# COMMAND ----------

columns = {
    "full": {"method": "none"},
    "short": {"method": "pca", "dimensions": 64},
    "packed": {"method": "pca", "quantize": "packed", "bytes": 64},
}
job = {
    "job": "glossary",
    "source": {"table": "glossary", "id": "synset"},
    "target": {"store": "definition_vectors"},
    "embeddings": [{"column": name, "attribute": "definition", "reduce": reduce} for name, reduce in columns.items()],
}
run = lake.run(job)
run

# COMMAND ----------

# MAGIC %md
# MAGIC ## Queries
# MAGIC The same query against the three columns. Scores are cosines of a query and a row as the column has it.

# COMMAND ----------


def side_by_side(query, k=5):
    found = {}
    for column in columns:
        rows = lake.search("glossary", column, query, k=k).select("word", "score").collect()
        found[column] = [f"{row.word} ({row.score:.2f})" for row in rows]
    return pd.DataFrame(found)


wild_cats = side_by_side("a large wild cat")
display(wild_cats)

# COMMAND ----------

# MAGIC %md
# MAGIC ## Filters
# MAGIC `where` is a condition in SQL on the table's columns; rows that do not meet it are not compared.

# COMMAND ----------

anything = (
    lake.search("glossary", "short", "something sweet", k=4)
    .select("score", "category", "word", "definition")
    .toPandas()
)
no_food = (
    lake.search("glossary", "short", "something sweet", k=4, where="category <> 'food'")
    .select("score", "category", "word", "definition")
    .toPandas()
)
display(anything)
display(no_food)

# COMMAND ----------

# MAGIC %md
# MAGIC ## Near duplicates
# MAGIC Pairs of different texts that say nearly the same. A few thousand rows are compared in one product of matrices; a table of millions needs a join of candidates first.

# COMMAND ----------

table = (
    spark.table("glossary")
    .select("word", "definition", "full")
    .toPandas()
    .drop_duplicates("definition", ignore_index=True)
)
full = np.stack(table.full.map(np.array))
full /= np.linalg.norm(full, axis=1, keepdims=True)
cosines = np.triu(full @ full.T, k=1)
pairs = [np.unravel_index(place, cosines.shape) for place in np.argsort(cosines, axis=None)[::-1][:8]]
duplicates = pd.DataFrame(
    [(cosines[a, b], table.word[a], table.definition[a], table.word[b], table.definition[b]) for a, b in pairs],
    columns=["cosine", "word", "definition", "word 2", "definition 2"],
)
display(duplicates)

# COMMAND ----------

# MAGIC %md
# MAGIC ## What short vectors keep
# MAGIC `evaluate` asks for a sample of rows: how many of the ten nearest rows by full vectors does a reduction find? It measures the reduction of a column and others of its size and
# MAGIC smaller, the packed one among them.

# COMMAND ----------

candidates = {found.reduction: found for found in lake.evaluate(job, column="short").candidates}
kept = {"full": (4 * full.shape[1], 1.0)}
for column, reduction in [("short", "pca-64"), ("packed", "pca-packed-64")]:
    kept[column] = (candidates[reduction].bytes, candidates[reduction].recall_at_10)

figure, axes = plt.subplots(figsize=(6, 2.4))
labels = [f"{column}: {size:,} bytes" for column, (size, _) in kept.items()]
bars = axes.barh(labels, [recall for _, recall in kept.values()], color=["#8c959f", "#0969da", "#1a7f37"])
axes.bar_label(bars, fmt="%.2f", padding=3)
axes.invert_yaxis()
axes.set(xlabel="share of the ten nearest rows found", xlim=(0, 1.1))
figure.tight_layout()
display(figure)
plt.close(figure)

# Databricks notebook source
# MAGIC %md
# MAGIC # How small?
# MAGIC
# MAGIC Papers reduce embeddings to 64 dimensions or fewer "with no significant impact" on classification. Is that true here? Vectors of 1,536 bytes are reduced to as
# MAGIC little as 16, and measured twice: how well a classifier of sentiment does with them, and how many of the nearest neighbours they keep.
# MAGIC
# MAGIC Data: 2,400 "tweet-like" texts rated by people (Hutto and Gilbert, VADER, ICWSM 2014; MIT licence, see `notebooks/data/README.md`), 800 of each of three classes.
# MAGIC
# MAGIC What the cluster needs: README.md of the folder `notebooks`.

# COMMAND ----------

import embedlake
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

lake = embedlake.install(spark)
dbutils.widgets.text("data", "notebooks/data", "The folder of the data")

# COMMAND ----------

tweets = pd.read_csv(f"{dbutils.widgets.get('data')}/tweets.csv")
spark.createDataFrame(tweets).write.format("delta").mode("overwrite").saveAsTable("sizes")

# COMMAND ----------

# MAGIC %md
# MAGIC ## One run, many sizes
# MAGIC Each column is a reduction of the same vectors: floats, and int8 with a scale for each dimension. The model sees every text once, whatever the number of columns, and
# MAGIC not at all if another notebook has filled the store `tweet_vectors`.

# COMMAND ----------

reductions = {
    "full": {"method": "none"},
    **{f"pca_{d}": {"method": "pca", "dimensions": d} for d in (4, 8, 16, 32, 64)},
    **{f"pca_{d}_int8": {"method": "pca", "dimensions": d, "quantize": "int8"} for d in (32, 64)},
}
job = {
    "job": "sizes",
    "source": {"table": "sizes", "id": "id"},
    "target": {"store": "tweet_vectors"},
    "embeddings": [{"column": name, "attribute": "text", "reduce": reduce} for name, reduce in reductions.items()],
}
run = lake.run(job)
run

# COMMAND ----------

# MAGIC %md
# MAGIC ## The classifier
# MAGIC Ridge regression onto the classes, in ten parts: each part is classified by a model of the other nine, so every text is a test once. The same parts for every size.
# MAGIC It is solved in closed form, in milliseconds for 2,400 rows, which is why this notebook does it on the driver.

# COMMAND ----------


def ridge(x, y, strength):
    """Weights of a linear map from [rows, features] to one-hot classes; the last feature, the constant, is free."""
    penalty = strength * np.eye(x.shape[1])
    penalty[-1, -1] = 0
    return np.linalg.solve(x.T @ x + penalty, x.T @ y)


table = spark.table("sizes").orderBy("id").toPandas()
classes = sorted(table.label.unique())
labels = table.label.map(classes.index).to_numpy()
one_hot = np.eye(len(classes))[labels]
part = np.random.default_rng(5).permutation(len(table)) % 10


def classified(x, seen, rows):
    """The classes of rows by a classifier of the rows seen; how strongly it is regularised is chosen on a ninth of them."""
    held_out = seen & (part == (part[rows][0] + 1) % 10)
    fitted = seen & ~held_out
    tried = {
        s: np.mean((x[held_out] @ ridge(x[fitted], one_hot[fitted], s)).argmax(1) == labels[held_out])
        for s in (1, 10, 100)
    }
    return (x[rows] @ ridge(x[seen], one_hot[seen], max(tried, key=tried.get))).argmax(1)


def is_right(column):
    """For each text whether the classifier that did not see it gives its class."""
    x = np.stack(table[column].map(lambda values: np.array(values, dtype=float)))
    x = np.hstack(
        [x / (x.std() * np.sqrt(x.shape[1])), np.ones((len(x), 1))]
    )  # int8 counts steps: bring all columns to one scale
    predicted = np.empty(len(x), dtype=int)
    for fold in range(10):
        predicted[part == fold] = classified(x, part != fold, part == fold)
    return predicted == labels


right = {column: is_right(column) for column in reductions}

# COMMAND ----------

# MAGIC %md
# MAGIC The difference to full vectors is taken on the same texts. Its interval counts only the texts that one classifies rightly and the other does not.

# COMMAND ----------


def against_full(column):
    """The difference in accuracy to full vectors, and half its 95 % interval."""
    gains = right[column].astype(int) - right["full"].astype(int)
    return gains.mean(), 1.96 * gains.std() / np.sqrt(len(gains))


def size(column):
    return len(table[column].iloc[0]) * (1 if column.endswith("int8") else 4)


accuracy = pd.DataFrame(
    [(column, size(column), right[column].mean(), *against_full(column)) for column in reductions],
    columns=["column", "bytes", "accuracy", "against full", "+/-"],
).sort_values("bytes", ignore_index=True)
display(accuracy.round(3))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Neighbours
# MAGIC `evaluate` counts how many of the ten nearest texts by full vectors the short ones find, for the column's reduction and for others of its size, a half, a quarter and an
# MAGIC eighth of it. It reads the store; nothing is embedded.

# COMMAND ----------

candidates = {found.reduction: found for found in lake.evaluate(job, column="pca_64").candidates}
recall = pd.DataFrame(
    [(name, found.bytes, found.recall_at_10) for name, found in candidates.items()],
    columns=["reduction", "bytes", "recall"],
).sort_values("bytes", ignore_index=True)
display(recall.round(3))

# COMMAND ----------

figure, axes = plt.subplots(figsize=(8, 4.2))
is_int8 = accuracy.column.str.endswith("int8")
for rows, style, name in [(accuracy[~is_int8], "o-", "floats"), (accuracy[is_int8], "s--", "int8")]:
    axes.plot(
        rows.bytes, rows.accuracy, style, color="#0969da", label=f"accuracy of the classifier, {name}", markersize=5
    )
floats = accuracy[~is_int8]
half = 1.96 * np.sqrt(floats.accuracy * (1 - floats.accuracy) / len(table))
axes.fill_between(
    floats.bytes, floats.accuracy - half, floats.accuracy + half, color="#0969da", alpha=0.12, linewidth=0
)
axes.axvline(256, color="#8c959f", linewidth=1, linestyle=":")
axes.text(262, 0.04, "64 floats", color="#57606a", fontsize=9)
for prefix, style, name in [
    (r"pca-\d+", "o-", "floats"),
    (r"pca-\d+-int8", "s--", "int8"),
    (r"pca-packed-\d+", "D:", "packed"),
]:
    rows = recall[recall.reduction.str.fullmatch(prefix)]
    if name == "floats":
        rows = pd.concat([rows, pd.DataFrame({"bytes": [4 * 384], "recall": [1.0]})])  # the full vectors themselves
    axes.plot(
        rows.bytes, rows.recall, style, color="#bc4c00", label=f"ten nearest neighbours found, {name}", markersize=5
    )
axes.axhline(1 / len(classes), color="#8c959f", linewidth=1, linestyle=":")
axes.text(accuracy.bytes.max(), 1 / len(classes) + 0.015, "guessing", color="#57606a", fontsize=9, ha="right")
axes.set_xscale("log", base=2)
ticks = [16, 32, 64, 128, 256, 512, 1536]
axes.set_xticks(ticks, [f"{b:,}" for b in ticks])
axes.minorticks_off()
axes.set(xlabel="bytes per row", ylim=(0, 1.03))
axes.grid(alpha=0.25)
axes.legend(fontsize=8.5, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
display(figure)
plt.close(figure)

# COMMAND ----------

# MAGIC %md
# MAGIC ## The answer

# COMMAND ----------

gain, half = against_full("pca_64")
kept = candidates["pca-64"].recall_at_10
significant = "a significant" if abs(gain) > half else "no significant"
print(
    f"Classification: 64 values make {significant} difference: {gain:+.3f} ({gain - half:+.3f} to {gain + half:+.3f}) against 384."
)
print(
    f"Search: 64 floats keep {kept:.0%} of the ten nearest neighbours. Measure it with evaluate before search relies on it."
)

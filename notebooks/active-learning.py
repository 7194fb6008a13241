# Databricks notebook source
# MAGIC %md
# MAGIC # Active learning
# MAGIC
# MAGIC Labels cost time. Which texts should a person label next? Start with 20 labels, train, ask for the texts about which the classifier is least certain, repeat: and compare with
# MAGIC labelling as many texts drawn at random.
# MAGIC
# MAGIC Data: 2,400 definitions from WordNet 3.1 (Princeton University, WordNet licence), 300 of each of eight categories. Their categories play the person who labels.
# MAGIC
# MAGIC What the cluster needs: README.md of the folder `notebooks`.

# COMMAND ----------

import embedlake
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

lake = embedlake.install(spark)
dbutils.widgets.text("definitions", "conf/quickstart/definitions.jsonl", "A file of definitions")

# COMMAND ----------

definitions = pd.read_json(dbutils.widgets.get("definitions"), lines=True).groupby("category").head(300)
spark.createDataFrame(definitions).write.format("delta").mode("overwrite").saveAsTable("labelling")

run = lake.embed("labelling", "vector", "definition", id="synset", options={"target.store": "definition_vectors"})
run

# COMMAND ----------

# MAGIC %md
# MAGIC ## The loop
# MAGIC With 20 to 200 labels a classifier is trained in milliseconds: ridge regression on 64 values, on the driver. What makes the loop fast is that vectors are computed once.
# MAGIC
# MAGIC A text is uncertain if its two best classes have nearly the same score. Of the 100 least certain texts 20 are drawn: the 20 at the top resemble each other.

# COMMAND ----------

START, STEP, ROUNDS, SEEDS = 20, 20, 10, 20

table = spark.table("labelling").orderBy("synset").toPandas()
vectors = np.stack(table.vector.map(np.array))
vectors = np.hstack([vectors / (vectors.std() * np.sqrt(vectors.shape[1])), np.ones((len(vectors), 1))])
is_test = np.random.default_rng(0).permutation(len(table)) % 3 == 0


def scores(labelled, classes, x):
    """Scores [rows, classes] of a ridge regression that saw the labelled rows."""
    seen = vectors[labelled]
    penalty = np.eye(seen.shape[1])
    penalty[-1, -1] = 0
    return x @ np.linalg.solve(seen.T @ seen + penalty, seen.T @ classes[labelled])


def uncertain(labelled, classes, pool, random):
    best = np.sort(scores(labelled, classes, vectors[pool]), axis=1)
    return random.choice(pool[np.argsort(best[:, -1] - best[:, -2])[: 5 * STEP]], STEP, replace=False)


def at_random(labelled, classes, pool, random):
    return random.choice(pool, STEP, replace=False)


def curves(choose, classes, quality, rows):
    """The quality [seeds, rounds] on the test rows as labels are added."""
    test = np.flatnonzero(rows & is_test)
    found = np.empty((SEEDS, ROUNDS))
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        pool = np.flatnonzero(rows & ~is_test)
        labelled = random.choice(pool, START, replace=False)
        for turn in range(ROUNDS):
            found[seed, turn] = quality(scores(labelled, classes, vectors[test]), classes[test])
            pool = np.setdiff1d(pool, labelled)
            labelled = np.append(labelled, choose(labelled, classes, pool, random))
    return found


# COMMAND ----------

# MAGIC %md
# MAGIC ## Two tasks
# MAGIC * Eight categories, as many texts of each: how many of the test's texts get theirs?
# MAGIC * One rare category: few of the texts that may be labelled are about food, so most starts know none. The test's texts are ranked; average precision says how far up the
# MAGIC   food is.

# COMMAND ----------


def accuracy(scores, classes):
    return (scores.argmax(1) == classes.argmax(1)).mean()


def average_precision(scores, classes):
    ranked = classes[np.argsort(scores[:, 0] - scores[:, 1])][:, 1].astype(bool)
    return (np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked].mean()


names = sorted(table.category.unique())
eight = np.eye(len(names))[table.category.map(names.index)]
food = (table.category == "food").to_numpy()
rare = np.eye(2)[food.astype(int)]
everything = np.ones(len(table), dtype=bool)
# Of the food that may be labelled a tenth stays; that of the test stays, for figures that depend on more than a handful of texts.
some_food = ~food | is_test | (np.random.default_rng(4).random(len(table)) < 0.1)
print(
    f"{(food & some_food & ~is_test).sum()} of {(some_food & ~is_test).sum():,} texts that may be labelled are about food"
)

tasks = {
    "eight categories": ("accuracy", eight, accuracy, everything),
    "one rare category": ("average precision", rare, average_precision, some_food),
}
results = {
    task: {
        name: curves(choose, classes, quality, rows)
        for name, choose in [("uncertain", uncertain), ("random", at_random)]
    }
    for task, (_, classes, quality, rows) in tasks.items()
}

# COMMAND ----------

labels = START + STEP * np.arange(ROUNDS)
figure, axes = plt.subplots(1, 2, figsize=(11, 4))
for axis, (task, found) in zip(axes, results.items()):
    for (name, curve), colour in zip(found.items(), ["#0969da", "#8c959f"]):
        mean, half = curve.mean(0), 1.96 * curve.std(0, ddof=1) / np.sqrt(SEEDS)
        axis.plot(labels, mean, "o-", color=colour, markersize=4, label=f"{name}")
        axis.fill_between(labels, mean - half, np.minimum(mean + half, 1), color=colour, alpha=0.2, linewidth=0)
    axis.set(title=task, xlabel="labels", ylabel=f"{tasks[task][0]}, mean of {SEEDS} starts")
    axis.grid(alpha=0.25)
    axis.legend(title="texts chosen", loc="lower right")
figure.tight_layout()
display(figure)
plt.close(figure)

# COMMAND ----------

# MAGIC %md
# MAGIC ## What it saves

# COMMAND ----------

rows = []
for task, found in results.items():
    gain = found["uncertain"][:, -1] - found["random"][:, -1]
    half = 1.96 * gain.std(ddof=1) / np.sqrt(SEEDS)
    as_good = labels[found["uncertain"].mean(0) >= found["random"].mean(0)[-1]]
    rows.append(
        (
            task,
            found["random"].mean(0)[-1],
            found["uncertain"].mean(0)[-1],
            gain.mean(),
            half,
            int(as_good[0]) if len(as_good) else None,
        )
    )
saved = pd.DataFrame(
    rows,
    columns=[
        "task",
        f"random, {labels[-1]} labels",
        f"uncertain, {labels[-1]} labels",
        "gain",
        "+/-",
        "labels for random's quality",
    ],
)
display(saved.round(3))

# COMMAND ----------

# MAGIC %md
# MAGIC The intervals are those of twenty starts on one test set, not of other data. It does not always help: with the tweets of the other notebooks the same loop gained nothing that
# MAGIC could be told from chance, because their classes overlap, and what is uncertain there is often what people disagree about.

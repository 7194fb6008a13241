# Databricks notebook source
# MAGIC %md
# MAGIC # Image classification
# MAGIC
# MAGIC A pretrained network turns each image into a vector, a classifier of Spark ML learns twelve classes from the vectors of a few images, and images find images that
# MAGIC look like them.
# MAGIC
# MAGIC Data: 407 drawings of the Open Clip Art Library, 34 of each class but 33 of homes (public domain, see `notebooks/data/README.md`).
# MAGIC
# MAGIC The model is a name on the hub, such as `facebook/dinov2-small`, or a folder with a network and its `preprocessor_config.json`. The figures in `notebooks/README.md`
# MAGIC are those of EfficientNet-Lite0 in ONNX, which `notebooks/data/efficientnet.py` makes of a package.
# MAGIC
# MAGIC What the cluster needs: README.md of the folder `notebooks`.

# COMMAND ----------

import io
import zipfile

import embedlake
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from embedlake.ml import ImageEmbedder, VectorReducer
from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.sql import functions as F

lake = embedlake.install(spark)
dbutils.widgets.text("data", "notebooks/data", "The folder of the data")
dbutils.widgets.text("model", "facebook/dinov2-small", "A model of images")
model = dbutils.widgets.get("model")

# COMMAND ----------

with zipfile.ZipFile(f"{dbutils.widgets.get('data')}/clipart.zip") as archive:
    files = {name: archive.read(name) for name in archive.namelist()}
classes = sorted({name.split("/")[0] for name in files})
part = dict(zip(files, np.random.default_rng(5).permutation(len(files)) % 5))
rows = [(name, classes.index(name.split("/")[0]), int(part[name]), bytearray(file)) for name, file in files.items()]
spark.createDataFrame(rows, "id STRING, label INT, part INT, content BINARY").write.format("delta").mode("overwrite").saveAsTable("clipart")

# COMMAND ----------

# MAGIC %md
# MAGIC ## Vectors
# MAGIC `ImageEmbedder` adds the vectors. Stages read their rows more than once, so what is embedded is cached. For comparison each image is a vector of its pixels too: 16 x 16
# MAGIC squares of three colours.

# COMMAND ----------


def pixels(file):
    """The mean colours of 16 x 16 squares."""
    image = plt.imread(io.BytesIO(file), format="jpg").astype(float) / 255
    side = image.shape[0] // 16
    return image.reshape(16, side, 16, side, 3).mean((1, 3)).ravel().tolist()


squares = spark.createDataFrame([(name, pixels(file)) for name, file in files.items()], "id STRING, pixels ARRAY<DOUBLE>")
embedded = ImageEmbedder(model=model, outputCol="vector").transform(spark.table("clipart")).join(squares, "id").cache()
without = embedded.where("vector IS NULL").count()
print(f"{embedded.count()} images, {without} without a vector, {len(embedded.first().vector)} values each")

# COMMAND ----------

# MAGIC %md
# MAGIC ## The classifier
# MAGIC `VectorReducer` keeps 64 values, a logistic regression learns the classes. In five parts: each is classified by a model of the other four, so every image is a test once.

# COMMAND ----------


def predicted(column):
    """For each image the class that a model gives it that has not seen it."""
    found = []
    for test in range(5):
        stages = [
            VectorReducer(inputCol=column, outputCol="features", dimensions=64, center=True, vectorType="vector"),
            LogisticRegression(regParam=0.01, maxIter=60),
        ]
        fitted = Pipeline(stages=stages).fit(embedded.where(F.col("part") != test))
        found.append(fitted.transform(embedded.where(F.col("part") == test)).select("id", "label", "prediction").toPandas())
    return pd.concat(found).set_index("id").sort_index()


guesses = {"vectors of the model": predicted("vector"), "pixels": predicted("pixels")}
right = {name: (guess.label == guess.prediction).to_numpy() for name, guess in guesses.items()}
accuracy = pd.DataFrame(
    [(name, hits.mean(), 1.96 * np.sqrt(hits.mean() * (1 - hits.mean()) / len(hits))) for name, hits in right.items()]
    + [("guessing", 1 / len(classes), 0.0)],
    columns=["features", "accuracy", "+/-"],
)
display(accuracy.round(3))

# COMMAND ----------

guess = guesses["vectors of the model"]
mixed = guess[guess.label != guess.prediction].groupby(["label", "prediction"]).size().nlargest(6)
display(
    pd.DataFrame(
        [(classes[true], classes[int(taken)], count) for (true, taken), count in mixed.items()],
        columns=["class", "taken for", "images"],
    )
)

# COMMAND ----------

# MAGIC %md
# MAGIC ## Neighbours
# MAGIC A job makes a column of vectors in the table, 64 values around their mean; an image that is searched for is embedded and reduced in the same way. It finds itself first,
# MAGIC which is left out.

# COMMAND ----------

run = lake.embed("clipart", "vector", "content", model, reduce={"method": "pca", "dimensions": 64, "center": True})
run

# COMMAND ----------

NEAREST = 6
chosen = ("birds/emperor_penguin", "boats/sailboat", "flowers/flower1", "fruit/pear.", "music/guitar", "vehicles/road_runner")
queries = [next(name for name in sorted(files) if name.startswith(start)) for start in chosen]
found = {
    query: [row.id for row in lake.search("clipart", "vector", files[query], k=NEAREST + 1).collect() if row.id != query][:NEAREST]
    for query in queries
}
figure, axes = plt.subplots(len(queries), NEAREST + 1, figsize=(1.35 * (NEAREST + 1), 1.55 * len(queries)))
for line, query in zip(axes, queries):
    for place, name in zip(line, [query, *found[query]]):
        place.imshow(plt.imread(io.BytesIO(files[name]), format="jpg"))
        place.set(xticks=[], yticks=[])
        label = name.split("/")[0]
        is_query, is_same = name == query, label == query.split("/")[0]
        colour = "#0969da" if is_query else "#d0d7de" if is_same else "#bc4c00"
        place.set_title(f"query: {label}" if is_query else label, fontsize=8, color="#1b1f24" if is_same else "#bc4c00", pad=3)
        for side in place.spines.values():
            side.set(color=colour, linewidth=2.5 if is_query else 1.2)
figure.tight_layout(pad=0.4)
display(figure)
plt.close(figure)

# COMMAND ----------

# MAGIC %md
# MAGIC How many of the six nearest are of the same class, over all images?

# COMMAND ----------


def share_of_class(table, column):
    """The share of an image's nearest ones, by cosine, that are of its class."""
    x = np.stack(table[column].map(np.array))
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    cosines = x @ x.T
    np.fill_diagonal(cosines, -2)
    nearest = np.argsort(-cosines, axis=1)[:, :NEAREST]
    labels = table.label.to_numpy()
    return float((labels[nearest] == labels[:, None]).mean())


same = {
    "vectors of the column": share_of_class(spark.table("clipart").select("label", "vector").toPandas(), "vector"),
    "pixels": share_of_class(embedded.select("label", "pixels").toPandas(), "pixels"),
    "guessing": 1 / len(classes),
}
display(pd.DataFrame(same.items(), columns=["neighbours by", "of the same class"]).round(3))

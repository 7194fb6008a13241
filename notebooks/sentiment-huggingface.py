# Databricks notebook source
# MAGIC %md
# MAGIC # Sentiment with a local model
# MAGIC
# MAGIC Three classes of sentiment from short vectors: a model of the Hugging Face hub embeds tweets, Spark ML learns the classes, and the result is
# MAGIC compared with the full vectors of the same model and with tf-idf.
# MAGIC
# MAGIC Data: 2,400 "tweet-like" texts that at least 20 people each rated from -4 to 4 (C.J. Hutto and E. Gilbert, VADER, ICWSM 2014; MIT licence, see
# MAGIC `notebooks/data/README.md`). A mean below -0.5 is negative here, above 0.5 positive, the rest neutral; 800 texts of each. Some use coarse language.
# MAGIC
# MAGIC What the cluster needs: README.md of the folder `notebooks`.

# COMMAND ----------

import embedlake
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import HashingTF, IDF, Normalizer, RegexTokenizer, StringIndexer
from pyspark.ml.functions import array_to_vector
from pyspark.ml.tuning import ParamGridBuilder, TrainValidationSplit
from pyspark.sql import functions as F

lake = embedlake.install(spark)
dbutils.widgets.text("data", "notebooks/data", "The folder of the data")

# COMMAND ----------

tweets = pd.read_csv(f"{dbutils.widgets.get('data')}/tweets.csv")
spark.createDataFrame(tweets).write.format("delta").mode("overwrite").saveAsTable("sentiment")

display(tweets.groupby("label").head(2).sort_values("label"))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Embed
# MAGIC Two columns of one model: 64 values, and all 384. Each text goes through the model once. `target.store` is where full vectors are kept; the
# MAGIC notebooks that use these tweets share it, so that the second of them embeds nothing.

# COMMAND ----------

job = {
    "job": "sentiment",
    "source": {"table": "sentiment", "id": "id"},
    "target": {"store": "tweet_vectors"},
    "embeddings": [
        {"column": "short", "attribute": "text", "reduce": {"method": "pca", "dimensions": 64}},
        {"column": "full", "attribute": "text", "reduce": {"method": "none"}},
    ],
}
run = lake.run(job)
run

# COMMAND ----------

# MAGIC %md
# MAGIC ## Learn
# MAGIC A quarter of the texts is kept for the test. All three classifiers are logistic regressions; how strongly each is regularised is chosen on a
# MAGIC quarter of its training rows. Values of vectors are brought to one variance, weights of words are not.

# COMMAND ----------

rows = (
    StringIndexer(inputCol="label", outputCol="class", stringOrderType="alphabetAsc")
    .fit(spark.table("sentiment"))
    .transform(
        spark.table("sentiment")
        .withColumn("short_features", array_to_vector("short"))
        .withColumn("full_features", array_to_vector("full"))
    )
)
rows = rows.coalesce(1).cache()
# Which quarter a text is in depends on its id alone.
is_test = F.pmod(F.xxhash64("id"), F.lit(4)) == 0


def predictions(rows, features, standardization):
    """The test's rows with the class that a classifier of these features gives them."""
    classifier = LogisticRegression(featuresCol=features, labelCol="class", maxIter=25, standardization=standardization)
    grid = ParamGridBuilder().addGrid(classifier.regParam, [0.001, 0.01, 0.1]).build()
    accuracy = MulticlassClassificationEvaluator(labelCol="class", metricName="accuracy")
    choice = TrainValidationSplit(
        estimator=classifier, estimatorParamMaps=grid, evaluator=accuracy, trainRatio=0.75, seed=1, parallelism=2
    )
    model = choice.fit(rows.where(~is_test))
    return (
        model.transform(rows.where(is_test))
        .select("id", "text", "class", "prediction")
        .toPandas()
        .set_index("id")
        .sort_index()
    )


words = RegexTokenizer(inputCol="text", outputCol="words", pattern=r"[^\w']+")
counts = HashingTF(inputCol="words", outputCol="counts", numFeatures=1 << 13)
weights = IDF(inputCol="counts", outputCol="weights", minDocFreq=2)
unit = Normalizer(inputCol="weights", outputCol="tf_idf")

counted = Pipeline(stages=[words, counts, weights, unit]).fit(rows.where(~is_test)).transform(rows).cache()

results = {
    "64 values": predictions(rows, "short_features", standardization=True),
    "384 values": predictions(rows, "full_features", standardization=True),
    "tf-idf": predictions(counted, "tf_idf", standardization=False),
}

# COMMAND ----------

# MAGIC %md
# MAGIC ## Results
# MAGIC Accuracy on the test's texts with its 95 % interval; guessing is right once in three.

# COMMAND ----------


def interval(p, n):
    """Half the width of the 95 % interval of a share."""
    return 1.96 * np.sqrt(p * (1 - p) / n)


accuracy = {name: float((found["class"] == found["prediction"]).mean()) for name, found in results.items()}
n = len(results["64 values"])
table = pd.DataFrame(
    [
        (name, len(found), round(accuracy[name], 3), round(interval(accuracy[name], n), 3))
        for name, found in results.items()
    ],
    columns=["features", "test texts", "accuracy", "+/-"],
)
display(table)

# COMMAND ----------

# MAGIC %md
# MAGIC Both classifiers saw the same test, so their difference is known better than either accuracy: the interval counts only the texts on which one
# MAGIC is right and the other wrong.

# COMMAND ----------


def difference(a, b):
    """By how much a is more accurate than b on the same texts, and half its 95 % interval."""
    gains = (results[a]["class"] == results[a]["prediction"]).astype(int) - (
        results[b]["class"] == results[b]["prediction"]
    ).astype(int)
    return float(gains.mean()), float(1.96 * gains.std() / np.sqrt(len(gains)))


for a, b in [("64 values", "384 values"), ("64 values", "tf-idf")]:
    gain, half = difference(a, b)
    print(f"{a} against {b}: {gain:+.3f} ({gain - half:+.3f} to {gain + half:+.3f})")

# COMMAND ----------

classes = ["negative", "neutral", "positive"]
figure, axes = plt.subplots(1, 3, figsize=(12, 4), sharey=True)
for axis, (name, found) in zip(axes, results.items()):
    matrix = (
        pd.crosstab(found["class"], found["prediction"], normalize="index")
        .reindex(index=range(3), columns=range(3), fill_value=0)
        .to_numpy()
    )
    axis.imshow(matrix, cmap="Blues", vmin=0, vmax=1)
    for i, j in np.ndindex(3, 3):
        axis.text(
            j, i, f"{matrix[i, j]:.0%}", ha="center", va="center", color="white" if matrix[i, j] > 0.5 else "black"
        )
    axis.set(
        title=f"{name}: {accuracy[name]:.1%} right",
        xticks=range(3),
        xticklabels=classes,
        yticks=range(3),
        yticklabels=classes,
        xlabel="predicted",
    )
axes[0].set_ylabel("rated by people")
figure.tight_layout()
display(figure)
plt.close(figure)

# COMMAND ----------

# MAGIC %md
# MAGIC ## Mistakes
# MAGIC Texts of the test that are rated negative and classified as positive, or the reverse.

# COMMAND ----------

wrong = results["64 values"]
wrong = wrong[(wrong["class"] - wrong["prediction"]).abs() == 2].head(8)
display(
    wrong.assign(
        rated=[classes[int(c)] for c in wrong["class"]], predicted=[classes[int(c)] for c in wrong["prediction"]]
    )[["text", "rated", "predicted"]]
)

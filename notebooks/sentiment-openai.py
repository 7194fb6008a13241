# Databricks notebook source
# MAGIC %md
# MAGIC # Sentiment with a provider's API
# MAGIC
# MAGIC The same task as in `sentiment-huggingface`, with vectors of OpenAI's API: what it will cost, who accepted the terms, what happens when a budget ends, and how good
# MAGIC the result is.
# MAGIC
# MAGIC The defaults of the widgets call no provider: a fake on this machine answers as OpenAI's API does, with vectors of the model all-MiniLM-L6-v2. Start it first:
# MAGIC
# MAGIC `jobs/fake-provider --provider openai --port 8123 --key sk-test`
# MAGIC
# MAGIC The key is named, never written: `env:OPENAI_API_KEY` is a variable of driver and executors, `file:/run/secrets/openai` a file, `databricks:scope/key` a secret of
# MAGIC Databricks. For the provider itself set the widget `endpoint` to its address, `api-key` to where your key is, and `accepted-by` to who has read its terms.
# MAGIC
# MAGIC Data: "tweet-like" texts rated by people (Hutto and Gilbert, VADER, ICWSM 2014; MIT licence, see `notebooks/data/README.md`), 300 of each of three classes.
# MAGIC What the cluster needs: README.md of the folder `notebooks`.

# COMMAND ----------

import datetime

import embedlake
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import StringIndexer
from pyspark.ml.functions import array_to_vector
from pyspark.sql import functions as F

lake = embedlake.install(spark)
dbutils.widgets.text("data", "notebooks/data", "The folder of the data")
dbutils.widgets.text("endpoint", "http://127.0.0.1:8123/v1", "Where the API is")
dbutils.widgets.text("api-key", "env:OPENAI_API_KEY", "Where the key is")
dbutils.widgets.text("accepted-by", "someone@example.com", "Who accepted the provider's terms")

# COMMAND ----------

tweets = pd.read_csv(f"{dbutils.widgets.get('data')}/tweets.csv").groupby("label").head(300)
spark.createDataFrame(tweets).write.format("delta").mode("overwrite").saveAsTable("opinions")

# COMMAND ----------

# MAGIC %md
# MAGIC ## Terms
# MAGIC Texts leave your network with this job, so no byte is sent to a provider until the job says who accepted its terms, and when. Without it the job is refused; the first of
# MAGIC these jobs names no endpoint, which means OpenAI's own.

# COMMAND ----------

job = {
    "job": "opinions",
    "source": {"table": "opinions", "id": "id"},
    "embeddings": [
        {
            "column": "vector",
            "attribute": "text",
            "platform": "openai",
            "model": "text-embedding-3-small",
            "dimensions": 384,
            "api-key": dbutils.widgets.get("api-key"),
            "reduce": {"method": "pca", "dimensions": 64},
        }
    ],
}
try:
    lake.run(job)
    refusal = ""
except embedlake.EmbedlakeError as error:
    refusal = str(error)
print(refusal)

# COMMAND ----------

job["embeddings"][0]["endpoint"] = dbutils.widgets.get("endpoint")
job["terms-accepted"] = {
    "by": dbutils.widgets.get("accepted-by"),
    "at": datetime.date.today().isoformat(),
    "provider": "openai",
}
# The provider's price is in embedlake's list. A server on this machine costs nothing there, so the notebook names the price.
job["limits"] = {"requests-per-minute": 3000, "price-per-million-tokens": 0.02}

# COMMAND ----------

# MAGIC %md
# MAGIC ## Price
# MAGIC `plan` reads the texts, estimates their tokens on a sample and applies the price. It sends nothing.

# COMMAND ----------

plan = lake.plan(job)
vector = plan.columns[0]
print(
    f"{vector.to_embed:,} texts, about {vector.tokens:,} tokens, {vector.usd:.6f} USD; a million such texts: {vector.usd / vector.to_embed * 1e6:.2f} USD"
)
plan

# COMMAND ----------

# MAGIC %md
# MAGIC ## A budget
# MAGIC A run stops before the call that would exceed `max-tokens` or `max-cost`. Here the limit is far too low on purpose.

# COMMAND ----------

try:
    lake.run(job, options={"limits.max-tokens": 4000})
    stopped = ""
except embedlake.EmbedlakeError as error:
    stopped = str(error)
print(stopped)

# COMMAND ----------

# MAGIC %md
# MAGIC What was paid for is kept. The next run, with a budget that suffices, goes on from there.

# COMMAND ----------

run = lake.run(job, options={"limits.max-cost": 0.10})
run

# COMMAND ----------

# MAGIC %md
# MAGIC ## The classifier
# MAGIC Logistic regression on 64 values, as with the local model. A third of the texts is the test.

# COMMAND ----------

rows = spark.table("opinions").withColumn("features", array_to_vector("vector"))
rows = (
    StringIndexer(inputCol="label", outputCol="class", stringOrderType="alphabetAsc")
    .fit(rows)
    .transform(rows)
    .coalesce(1)
    .cache()
)
is_test = F.pmod(F.xxhash64("id"), F.lit(3)) == 0
model = LogisticRegression(labelCol="class", maxIter=25, regParam=0.1).fit(rows.where(~is_test))
test = model.transform(rows.where(is_test)).select("class", "prediction").toPandas()

accuracy = float((test["class"] == test["prediction"]).mean())
half = 1.96 * np.sqrt(accuracy * (1 - accuracy) / len(test))
print(
    f"{accuracy:.1%} of {len(test)} texts are classified rightly ({accuracy - half:.1%} to {accuracy + half:.1%}); guessing: 33 %"
)

# COMMAND ----------

classes = ["negative", "neutral", "positive"]
matrix = (
    pd.crosstab(test["class"], test["prediction"]).reindex(index=range(3), columns=range(3), fill_value=0).to_numpy()
)
figure, axis = plt.subplots(figsize=(4.5, 4))
axis.imshow(matrix, cmap="Blues")
for i, j in np.ndindex(3, 3):
    axis.text(
        j, i, matrix[i, j], ha="center", va="center", color="white" if matrix[i, j] > matrix.max() / 2 else "black"
    )
axis.set(
    xticks=range(3),
    xticklabels=classes,
    yticks=range(3),
    yticklabels=classes,
    xlabel="predicted",
    ylabel="rated by people",
)
figure.tight_layout()
display(figure)
plt.close(figure)

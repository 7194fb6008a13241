# Databricks notebook source
# MAGIC %md
# MAGIC # Named entities
# MAGIC
# MAGIC A vector for each word, and a classifier of words on top: persons, places and organisations are found in text and highlighted.
# MAGIC
# MAGIC Data: sentences from the tests of Apache OpenNLP 2.5.4 (Apache License 2.0; see `notebooks/data/README.md`): 42 sentences of two news stories with all three
# MAGIC kinds of names, and 114 sentences of letters and dialogues in which persons are marked and other names are not. That is very little. It is enough to show
# MAGIC the way, and the intervals below say how little the figures mean.
# MAGIC
# MAGIC What the cluster needs: README.md of the folder `notebooks`.

# COMMAND ----------

import html

import embedlake
import numpy as np
import pandas as pd
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.functions import array_to_vector

lake = embedlake.install(spark)
dbutils.widgets.text("data", "notebooks/data", "The folder of the data")

# COMMAND ----------

sentences = pd.read_json(f"{dbutils.widgets.get('data')}/sentences.jsonl", lines=True)
spark.createDataFrame(sentences[["id", "source", "text"]]).write.format("delta").mode("overwrite").saveAsTable(
    "sentences"
)

display(
    sentences.groupby("source")
    .agg(sentences=("id", "count"), names=("entities", lambda lists: sum(map(len, lists))))
    .reset_index()
)

# COMMAND ----------

# MAGIC %md
# MAGIC ## A vector for each word
# MAGIC `granularity: token` makes a column of structs: `start` and `end` are characters of the text, `vector` is the token in its context. `merge-words` joins the
# MAGIC pieces of a word. The mean of the last four layers keeps more of a word's form than the last one alone. Punctuation is left out.

# COMMAND ----------

run = lake.embed(
    "sentences",
    "words",
    "text",
    granularity="token",
    merge_words=True,
    layers="mean-last-four",
    reduce={"method": "none"},
)
words = spark.sql("""
    SELECT id, source, word.start, word.end, substring(text, word.start + 1, word.end - word.start) AS word, word.vector
    FROM sentences LATERAL VIEW explode(words) AS word
""").where(r"word RLIKE '\\w'")
display(words.limit(8))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Labels
# MAGIC A word has the type of the name that it lies in, or none.

# COMMAND ----------

TYPES = ["none", "person", "location", "organization"]
marked = {row.id: row.entities for row in sentences.itertuples()}


def type_of(sentence, start, end):
    inside = [name["type"] for name in marked[sentence] if name["start"] < end and start < name["end"]]
    return float(TYPES.index(inside[0] if inside else "none"))


words = words.toPandas()
words["label"] = [type_of(*row) for row in words[["id", "start", "end"]].itertuples(index=False)]
features = spark.createDataFrame(
    words[["id", "source", "start", "end", "word", "label"]].assign(vector=words.vector.map(list))
)
features = features.withColumn("features", array_to_vector("vector")).drop("vector").coalesce(1).cache()


def tagged(train, test):
    """The words of the test with their types, predicted by a classifier that saw the words of train."""
    model = LogisticRegression(maxIter=25, regParam=0.01).fit(train)
    return model.transform(test).drop("features", "rawPrediction", "probability").toPandas()


# COMMAND ----------

# MAGIC %md
# MAGIC ## Names
# MAGIC Neighbouring words of one type are one name. A name counts as found if its place and its type are right.

# COMMAND ----------

JOINTS = {" ", "-", ".", ". "}


def names(tagged, column):
    """(sentence, start, end, type) of the names of tagged words."""
    found, last = [], None
    for row in tagged.sort_values(["id", "start"]).itertuples():
        kind = getattr(row, column)
        if kind and last and last[::3] == [row.id, kind] and sentences.text[row.id][last[2] : row.start] in JOINTS:
            last[2] = row.end
        elif kind:
            found.append([row.id, row.start, row.end, kind])
        last = found[-1] if kind else None
    return {tuple(name) for name in found}


def figures(tagged, types, seed=1):
    """Precision, recall and F1 of names, with the 95 % interval of F1 from resampled sentences."""
    gold, found = ({name for name in names(tagged, column) if name[3] in types} for column in ("label", "prediction"))
    each = np.array(
        [[sum(name[0] == i for name in part) for part in (gold & found, gold, found)] for i in tagged.id.unique()]
    )

    def f1(counts):
        right, marked, predicted = counts.sum(0)
        return 2 * right / max(marked + predicted, 1)

    random = np.random.default_rng(seed)
    resampled = [f1(each[random.integers(len(each), size=len(each))]) for _ in range(1000)]
    right, gold_names, predicted = each.sum(0)
    low, high = np.percentile(resampled, [2.5, 97.5])
    return {
        "names": int(gold_names),
        "precision": right / max(predicted, 1),
        "recall": right / max(gold_names, 1),
        "F1": f1(each),
        "from": low,
        "to": high,
    }


# COMMAND ----------

# MAGIC %md
# MAGIC The news in five parts by sentence: each part is tagged by a classifier that learned from the other four. The two stories repeat their names, which makes this easier
# MAGIC than text about other people. So the second test is on letters, whose persons the news never mentions. Settings of the classifier
# MAGIC were chosen with these scores in sight, so the scores are on the high side.

# COMMAND ----------

news = features.where("source LIKE 'news%'")
parts = [tagged(news.where(f"id % 5 != {part}"), news.where(f"id % 5 = {part}")) for part in range(5)]
on_news = pd.concat(parts)
on_letters = tagged(news, features.where("source = 'letters'"))

scores = pd.DataFrame(
    {
        **{f"news: {TYPES[kind]}": figures(on_news, {kind}) for kind in (1, 2, 3)},
        "news: all": figures(on_news, {1, 2, 3}),
        "letters: person": figures(on_letters, {1}),
    }
).T
scores["names"] = scores["names"].astype(int)
display(scores.round(2).rename_axis("text: type").reset_index())

# COMMAND ----------

# MAGIC %md
# MAGIC ## In the text
# MAGIC Coloured is what was found. Underlined in red are mistakes: names that were missed or found with other bounds or another type, and words that are no names.
# MAGIC In the letters places are not marked, so those found are underlined, too.

# COMMAND ----------

COLOURS = {1: "#ffd9a0", 2: "#b9e4c9", 3: "#c9d4ff"}


def highlighted(tagged, ids):
    found, gold = names(tagged, "prediction"), names(tagged, "label")
    lines = []
    for i in ids:
        text, shown, at = sentences.text[i], "", 0
        for _, start, end, kind in sorted(name for name in found | gold if name[0] == i):
            if start < at:
                continue
            colour = COLOURS[int(kind)] if (i, start, end, kind) in found else "none"
            line = "none" if (i, start, end, kind) in gold & found else "underline #d1242f"
            style = f"background:{colour};padding:1px 3px;border-radius:3px;text-decoration:{line}"
            kind = f"<sub style='font-size:9px'> {TYPES[int(kind)]}</sub>"
            shown += f'{html.escape(text[at:start])}<span style="{style}">{html.escape(text[start:end])}{kind}</span>'
            at = end
        lines.append(f"<p style='margin:6px 0;line-height:1.7'>{shown}{html.escape(text[at:])}</p>")
    return "\n".join(lines)


displayHTML(highlighted(on_news, [0, 5, 9, 12, 20, 28, 36, 38]) + highlighted(on_letters, [43, 69, 74, 98, 103, 123]))

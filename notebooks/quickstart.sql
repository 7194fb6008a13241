-- Databricks notebook source
-- MAGIC %md
-- MAGIC # Quickstart in SQL
-- MAGIC
-- MAGIC Embed, search and evaluate without a line of Python. The cluster needs the job jar and Delta Lake: see README.md of the folder `notebooks`.
-- MAGIC Data: definitions from WordNet 3.1 (Princeton University, WordNet licence).

-- COMMAND ----------

SET spark.sql.catalog.embedlake = io.embedlake.sql.EmbedlakeCatalog;

-- COMMAND ----------

-- Where the file of definitions is: a path that Spark reads, such as one of a volume.
DECLARE OR REPLACE VARIABLE definitions STRING DEFAULT 'conf/quickstart/definitions.jsonl'

-- COMMAND ----------

-- MAGIC %md
-- MAGIC ## The table

-- COMMAND ----------

EXECUTE IMMEDIATE 'CREATE OR REPLACE TABLE feelings USING delta AS SELECT * FROM json.`' || definitions || '` WHERE category = "feeling"';

SELECT word, definition FROM feelings LIMIT 5

-- COMMAND ----------

-- MAGIC %md
-- MAGIC ## A function
-- MAGIC `embedlake.embed` is an ordinary function: the vector of a text, computed when the query runs and stored nowhere.

-- COMMAND ----------

SELECT word, embedlake.embed(definition) AS vector FROM feelings LIMIT 3

-- COMMAND ----------

-- MAGIC %md
-- MAGIC ## A column
-- MAGIC `CALL embedlake.embed` stores vectors in the table, reduced to 64 values, and embeds only what is new or changed when it is called again.

-- COMMAND ----------

CALL embedlake.embed('feelings', 'vector', 'definition', id => 'synset')

-- COMMAND ----------

INSERT INTO feelings (synset, word, category, definition)
VALUES ('x1', 'hygge', 'feeling', 'a cosy feeling of contentment at home');

CALL embedlake.embed('feelings', 'vector', 'definition', id => 'synset')

-- COMMAND ----------

-- MAGIC %md
-- MAGIC ## Search
-- MAGIC The new word is found like the others.

-- COMMAND ----------

CALL embedlake.search('feelings', 'vector', 'the comfort of being at home', k => 3)

-- COMMAND ----------

-- MAGIC %md
-- MAGIC Filters are SQL conditions.

-- COMMAND ----------

CALL embedlake.search('feelings', 'vector', 'deep sadness', k => 3, where => 'word NOT LIKE "m%"')

-- COMMAND ----------

-- MAGIC %md
-- MAGIC ## Evaluate
-- MAGIC The share of the ten nearest neighbours by full vectors that short vectors find, for this column's reduction and for others.

-- COMMAND ----------

CALL embedlake.evaluate('
job: feelings
source: {table: feelings, id: synset}
embeddings:
  - {column: vector, attribute: definition}
')

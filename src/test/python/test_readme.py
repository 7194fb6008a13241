"""The examples of README and of the page on Python, word for word."""

import re
from typing import Any

from conftest import ROOT
from pyspark.sql import SparkSession

import embedlake


def test_the_examples_of_the_readme_do_what_they_say(spark: SparkSession, lake: embedlake.Embedlake, tmp_path: Any) -> None:
    spark.sql(f"CREATE DATABASE readme LOCATION '{tmp_path}'")
    spark.sql("USE readme")
    try:
        texts = [(i, "the parcel came two weeks late" if i == 41 else f"a review about item number {i}", i % 3) for i in range(70)]
        table = spark.createDataFrame(texts, "review_id INT, text STRING, stars INT").coalesce(1)
        table.write.format("delta").saveAsTable("reviews")
        names: dict[str, Any] = {}
        pages = [(ROOT / page).read_text() for page in ("README.md", "docs/python.md")]
        for example in re.findall(r"```python\n(.*?)```", "".join(pages), re.DOTALL):
            exec(example, names)
        assert names["spark"] is spark
        assert names["run"].columns[0].embedded == 70
        assert names["hits"].first().review_id == 41
        assert len(names["vectors"].first().vector) == 384
        assert names["model"].transform(spark.table("reviews")).where("prediction IS NOT NULL").count() == 70
    finally:
        spark.sql("USE default")
        spark.sql("DROP DATABASE readme CASCADE")

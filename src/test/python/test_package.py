"""The package in a session, classic or of Spark Connect."""

import doctest
import importlib
import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

import embedlake
from embedlake.ml import ImageEmbedder, TextEmbedder, VectorReducer, VectorReducerModel

HASHING = {"platform": "hashing", "dimensions": 16}
TEXTS = [
    *("late delivery", "tasty soup", "broken screen", "great film", "slow service", "cold coffee", "kind staff"),
    *("loud music", "clean rooms", "rude driver", "fresh bread", "small portions", "wrong colour"),
]


@pytest.fixture(scope="module")
def texts(spark: SparkSession) -> DataFrame:
    rows = [(i, text, float(i % 2)) for i, text in enumerate(TEXTS * 2)] + [(99, None, 0.0)]
    return spark.createDataFrame(rows, "id INT, text STRING, label DOUBLE").coalesce(1)


@pytest.fixture(scope="module")
def reviews(lake: embedlake.Embedlake, texts: DataFrame) -> str:
    texts.write.format("delta").saveAsTable("reviews_of_test")
    return "reviews_of_test"


@pytest.mark.parametrize("module", ["", "._columns", "._lake", "._options", "._session", "._sql", ".ml"])
def test_the_examples_in_docstrings_do_what_they_say(module: str, spark: SparkSession, lake: embedlake.Embedlake) -> None:
    examples = importlib.import_module("embedlake" + module)
    result = doctest.testmod(examples, extraglobs={"embedlake": embedlake, "spark": spark, "lake": lake})
    assert result.attempted > 0 and result.failed == 0


def test_a_column_of_a_real_model_has_vectors_of_length_one(lake: embedlake.Embedlake, texts: DataFrame) -> None:
    rows = texts.limit(3).select(embedlake.embed("text").alias("vector")).collect()
    for row in rows:
        assert len(row.vector) == 384
        assert math.isclose(sum(x * x for x in row.vector), 1, abs_tol=1e-5)


def test_a_column_equals_sql(lake: embedlake.Embedlake, texts: DataFrame) -> None:
    column = texts.select("id", embedlake.embed(F.upper("text"), **HASHING).alias("vector")).orderBy("id").collect()
    texts.createOrReplaceTempView("texts_of_test")
    sql = lake.spark.sql(
        "SELECT id, embedlake.embed(upper(text), map('platform', 'hashing', 'dimensions', '16')) AS vector"
        " FROM texts_of_test ORDER BY id"
    ).collect()
    assert column == sql
    assert column[-1].vector is None


def test_results_of_texts_say_what_became_of_them(lake: embedlake.Embedlake, texts: DataFrame) -> None:
    long = texts.limit(1).select(F.repeat("text", 20).alias("text"))
    result = long.select(embedlake.embed_result("text", max_tokens=8).alias("r")).first()
    assert result is not None and result.r.truncated and result.r.tokens == 8 and result.r.error is None


def test_a_table_gets_a_column_once(lake: embedlake.Embedlake, reviews: str) -> None:
    run = lake.embed(reviews, "vector", "text", reduce={"method": "none"}, **HASHING)
    assert (run.rows, run.columns[0].embedded, run.columns[0].already_embedded) == (27, 13, 0)
    again = lake.embed(reviews, "vector", "text", reduce={"method": "none"}, options={"platform": "hashing"}, dimensions=16)
    assert (again.columns[0].embedded, again.columns[0].already_embedded) == (0, 13)
    assert "0 texts embedded, 13 already embedded" in str(again)
    assert "<th>already embedded</th>" in again._repr_html_()
    found = lake.search(reviews, "vector", "slow service", k=2, where="id < 13").collect()
    assert [row.text for row in found] == ["slow service", found[1].text] and found[0].score > found[1].score
    with pytest.raises(embedlake.EmbedlakeError, match="vektor"):
        lake.search(reviews, "vektor", "slow service")


def test_jobs_are_files_texts_and_dicts(lake: embedlake.Embedlake, reviews: str, tmp_path: Path) -> None:
    job = {
        "job": "reviews",
        "source": {"table": reviews, "id": "id"},
        "target": {"table": "reviews_embedded"},
        "embeddings": [{"column": "v", "attribute": "text", **HASHING, "reduce": {"method": "truncate", "dimensions": 8}}],
    }
    plan = lake.plan(job)
    assert (plan.rows, plan.columns[0].to_embed) == (27, 13)
    assert "13 of 13 texts to embed" in str(plan) and "fingerprint" not in plan._repr_html_()
    file = tmp_path / "job.yaml"
    file.write_text(json.dumps(job))
    assert lake.run(file).columns[0].embedded == 13
    assert lake.run(file.read_text(), {"errors.max-rate": 0.5}).columns[0].already_embedded == 13
    assert lake.replay(job, ["TRANSIENT", "PROTOCOL"]).columns[0].embedded == 0
    with_reducer = embedlake.embed("text", store="reviews_embedded_embeddings", reducer="truncate-8", **HASHING)
    published = lake.spark.table("reviews_embedded").select("v", with_reducer.alias("again")).collect()
    assert all(row.v == row.again for row in published) and len(published[0].v or published[1].v) == 8
    evaluation = lake.evaluate(job)
    assert evaluation.chosen.bytes == 32 and evaluation.recommended is not None
    assert "(the job's)" in str(evaluation)
    assert "MiniLM" in lake.models().first().model


def test_errors_are_one_sentence(lake: embedlake.Embedlake, texts: DataFrame) -> None:
    for wrong, sentence in [
        (lambda: lake.run("no-such-job.yaml"), "Cannot read the job file: no-such-job.yaml"),
        (lambda: lake.plan({"job": "x", "sauce": {}}), "sauce"),
        (lambda: lake.embed("reviews", "v", "text", poolin="cls"), "pooling"),
        (lambda: lake.embed("reviews", "v", "text", platform="openai", model="m", api_key="sk-0123456789abcdef"), "api-key"),
    ]:
        with pytest.raises(embedlake.EmbedlakeError) as raised:
            wrong()
        message = str(raised.value)
        assert sentence in message and "\tat " not in message and "JVM" not in message
        assert "0123456789" not in message
    with pytest.raises(Exception, match="unknown key platfrom; did you mean platform"):
        texts.select(embedlake.embed("text", platfrom="hashing")).collect()


def test_the_stage_works_in_pipelines_saved_and_loaded(
    lake: embedlake.Embedlake, texts: DataFrame, tmp_path: Path
) -> None:
    stage = TextEmbedder(outputCol="full", options=HASHING, vectorType="vector")
    labelled = texts.where("text IS NOT NULL")
    reducer = VectorReducer(inputCol="full", outputCol="features", method="truncate", dimensions=8, vectorType="vector")
    model = Pipeline(stages=[stage, reducer, LogisticRegression(maxIter=3)]).fit(labelled)
    expected = [row.probability for row in model.transform(labelled).orderBy("id").collect()]
    model.write().overwrite().save(str(tmp_path / "pipeline"))
    loaded = PipelineModel.load(str(tmp_path / "pipeline"))
    assert [type(stage) for stage in loaded.stages[:2]] == [TextEmbedder, VectorReducerModel]
    assert [row.probability for row in loaded.transform(labelled).orderBy("id").collect()] == expected
    stage.save(str(tmp_path / "stage"))
    again = TextEmbedder.load(str(tmp_path / "stage"))
    assert again.uid == stage.uid and again.getOrDefault(again.options) == ["platform=hashing", "dimensions=16"]


GOLDEN = ROOT / "src/test/resources/golden"


@pytest.fixture(scope="module")
def vit(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a tiny model of images, whose vectors have 36 values."""
    folder = tmp_path_factory.mktemp("models") / "vit"
    shutil.copytree(GOLDEN / "tiny/vit", folder)
    shutil.copy(GOLDEN / "images/processors/vit/preprocessor_config.json", folder)
    return str(folder)


def image(name: str) -> bytes:
    return (GOLDEN / "images/files" / name).read_bytes()


@pytest.fixture(scope="module")
def images(spark: SparkSession) -> DataFrame:
    names = ["exact.png", "rgb.png", "text.jpg", "wide.png"]
    rows = [(name, bytearray(image(name)), float(i % 2)) for i, name in enumerate(names)] + [("none", None, 0.0)]
    return spark.createDataFrame(rows, "id STRING, content BINARY, label DOUBLE").coalesce(1)


def test_images_have_vectors_or_a_reason(lake: embedlake.Embedlake, images: DataFrame, vit: str) -> None:
    vector, result = embedlake.embed_image("content", vit), embedlake.embed_result("content", vit)
    rows = {row.id: row for row in images.select("id", vector.alias("vector"), result.alias("r")).collect()}
    assert [rows[name].vector and len(rows[name].vector) for name in rows] == [36, 36, None, 36, None]
    assert rows["rgb.png"].r.vector == rows["rgb.png"].vector and rows["rgb.png"].r.error is None
    assert "image" in rows["text.jpg"].r.error and rows["none"].r is None
    with pytest.raises(Exception, match="Cannot embed images with the model sentence-transformers/all-MiniLM-L6-v2"):
        images.select(embedlake.embed_image("content")).collect()


def test_a_column_of_images_is_searched_with_an_image(lake: embedlake.Embedlake, images: DataFrame, vit: str) -> None:
    images.write.format("delta").saveAsTable("images_of_test")
    run = lake.embed("images_of_test", "vector", "content", vit, reduce={"method": "none"}, options={"errors.max-rate": 0.5})
    assert (run.rows, run.columns[0].embedded, run.columns[0].rejected) == (5, 3, 1)
    found = lake.search("images_of_test", "vector", image("wide.png"), k=2).collect()
    assert found[0].id == "wide.png" and math.isclose(found[0].score, 1, abs_tol=1e-3)
    with pytest.raises(embedlake.EmbedlakeError, match="Cannot search with a text"):
        lake.search("images_of_test", "vector", "a red bicycle")


def test_the_stage_of_images_works_in_pipelines_saved_and_loaded(
    lake: embedlake.Embedlake, images: DataFrame, vit: str, tmp_path: Path
) -> None:
    stage = ImageEmbedder(model=vit, options={"precision": "fp32"})
    reducer = VectorReducer(outputCol="features", method="truncate", dimensions=8, vectorType="vector")
    labelled = images.where("id LIKE '%.png'")
    model = Pipeline(stages=[stage, reducer, LogisticRegression(maxIter=3)]).fit(labelled)
    expected = [row.probability for row in model.transform(labelled).orderBy("id").collect()]
    model.write().overwrite().save(str(tmp_path / "pipeline"))
    loaded = PipelineModel.load(str(tmp_path / "pipeline"))
    assert [type(stage) for stage in loaded.stages[:2]] == [ImageEmbedder, VectorReducerModel]
    assert [row.probability for row in loaded.transform(labelled).orderBy("id").collect()] == expected
    stage.save(str(tmp_path / "stage"))
    again = ImageEmbedder.load(str(tmp_path / "stage"))
    assert again.uid == stage.uid and again.getOrDefault(again.model) == vit


def test_vectors_of_any_origin_are_shortened(lake: embedlake.Embedlake, spark: SparkSession, tmp_path: Path) -> None:
    rows = [(i, [float((i * j) % 7 - 3) for j in range(1, 9)]) for i in range(60)] + [(60, None)]
    vectors = spark.createDataFrame(rows, "id INT, vector ARRAY<DOUBLE>").coalesce(1)
    model = VectorReducer(dimensions=3).fit(vectors)
    short = model.transform(vectors).orderBy("id").collect()
    assert [row.reduced and len(row.reduced) for row in short] == [3] * 60 + [None]
    assert "inputDimensions=8" in str(model)
    model.save(str(tmp_path / "reducer"))
    loaded = VectorReducerModel.load(str(tmp_path / "reducer"))
    assert loaded.getOrDefault("outputCol") == "reduced"
    assert loaded.transform(vectors).orderBy("id").collect() == short
    codes = VectorReducer(method="truncate", dimensions=8, quantize="int8").fit(vectors).transform(vectors)
    assert codes.schema["reduced"].dataType.simpleString() == "array<tinyint>"


def test_the_stage_works_in_cross_validation(lake: embedlake.Embedlake, texts: DataFrame) -> None:
    stage = TextEmbedder(outputCol="features", options=HASHING, vectorType="vector")
    learner = LogisticRegression(maxIter=2)
    validator = CrossValidator(
        estimator=Pipeline(stages=[stage, learner]),
        estimatorParamMaps=ParamGridBuilder().addGrid(learner.regParam, [0.0, 0.1]).build(),
        evaluator=MulticlassClassificationEvaluator(metricName="accuracy"),
        numFolds=2,
        seed=1,
    )
    fitted = validator.fit(texts.where("text IS NOT NULL"))
    assert len(fitted.avgMetrics) == 2


@pytest.fixture
def other_session(spark: SparkSession, pytestconfig: pytest.Config) -> Iterator[SparkSession]:
    """Another session of the same Spark."""
    remote = pytestconfig.getoption("remote")
    if remote is None:
        yield spark.newSession()
    else:
        session = SparkSession.builder.remote(remote).create()
        yield session
        session.stop()


def test_a_missing_jar_is_one_sentence_and_leaves_the_session_alone(
    other_session: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedlake._lake.CATALOG", "io.embedlake.missing.EmbedlakeCatalog")
    with pytest.raises(embedlake.EmbedlakeError, match="jar is not on Spark's class path. Start Spark with --jars embedlake-"):
        embedlake.install(other_session)
    assert other_session.conf.get("spark.sql.catalog.embedlake", "none") != "io.embedlake.missing.EmbedlakeCatalog"


def test_another_version_of_the_jar_is_one_sentence(other_session: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlake._lake.__version__", "9.9.9")
    with pytest.raises(embedlake.EmbedlakeError, match="the Python package of version 9.9.9 .they must be the same"):
        embedlake.install(other_session)


def test_sessions_have_settings_of_their_own(lake: embedlake.Embedlake, other_session: SparkSession) -> None:
    embedlake.install(other_session)
    other_session.conf.set("embedlake.platform", "hashing")
    other_session.conf.set("embedlake.dimensions", "8")
    statement = "SELECT size(embedlake.embed('late delivery')) AS n"
    assert other_session.sql(statement).first().n == 8
    assert lake.spark.sql(statement).first().n == 384

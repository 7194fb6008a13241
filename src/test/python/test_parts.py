"""The package's parts that need no Spark."""

import io
import re
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT
from pyspark.sql import Row, SparkSession

import embedlake
from embedlake import _progress
from embedlake._errors import sentence_of
from embedlake._options import as_text
from embedlake._sql import literal


def test_configure_adds_to_what_the_builder_has(tmp_path: Path) -> None:
    jar = tmp_path / "job.jar"
    jar.touch()
    builder = SparkSession.Builder()
    builder.config("spark.jars", "/own.jar").config("spark.sql.extensions", "own.Extension")
    options = embedlake.configure(builder, str(jar), "s3a://jars/other.jar")._options  # type: ignore[attr-defined]
    assert options["spark.jars"] == f"/own.jar,{jar},s3a://jars/other.jar"
    assert options["spark.jars.packages"] == embedlake.DELTA
    assert options["spark.sql.extensions"] == "own.Extension,io.delta.sql.DeltaSparkSessionExtension"
    again = embedlake.configure(builder, str(jar))._options  # type: ignore[attr-defined]
    assert again["spark.sql.extensions"] == options["spark.sql.extensions"]


def test_configure_suits_a_single_machine_where_the_master_is_one(tmp_path: Path) -> None:
    jar = tmp_path / "job.jar"
    jar.touch()
    local = SparkSession.Builder().master("local[4]").config("spark.sql.shuffle.partitions", "3")
    options = embedlake.configure(local, str(jar))._options  # type: ignore[attr-defined]
    assert options["spark.databricks.delta.snapshotPartitions"] == "2" and options["spark.sql.shuffle.partitions"] == "3"
    cluster = embedlake.configure(SparkSession.Builder().master("yarn"), str(jar))._options  # type: ignore[attr-defined]
    assert "spark.databricks.delta.snapshotPartitions" not in cluster


def test_the_package_of_delta_lake_is_that_of_the_build() -> None:
    build = (ROOT / "pom.xml").read_text()
    version = re.search(r"<delta.version>(.*?)<", build)
    assert version is not None and embedlake.DELTA.endswith(":" + version[1])


def test_the_version_is_that_of_the_build() -> None:
    version = re.search(r"<version>(.*?)</version>", (ROOT / "pom.xml").read_text())
    assert version is not None and version[1] == embedlake.__version__


@pytest.mark.parametrize(
    ("options", "jars", "sentence"),
    [
        ({"spark.remote": "sc://localhost"}, ["x.jar"], "Cannot configure a session of Spark Connect"),
        ({}, [], "no jar is given"),
        ({}, ["no-such.jar"], "no-such.jar is no file"),
    ],
)
def test_what_cannot_be_configured(
    options: dict[str, str], jars: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMBEDLAKE_JAR", raising=False)
    builder = SparkSession.Builder()
    for name, value in options.items():
        builder.config(name, value)
    with pytest.raises(embedlake.EmbedlakeError, match=sentence):
        embedlake.configure(builder, *jars)


def test_options_are_keys_with_values_as_yaml() -> None:
    given = as_text({"limits.max-cost": 0.5, "center": True}, {"reduce": {"method": "pca", "few-rows": ["a"]}, "api_key": "env:KEY"})
    assert given == {
        "limits.max-cost": "0.5",
        "center": "true",
        "reduce.method": "pca",
        "reduce.few-rows": '["a"]',
        "api-key": "env:KEY",
    }


def test_texts_are_literals_under_all_settings() -> None:
    assert literal("") == "''"
    assert literal("a\nb") == "'a\nb'"
    assert literal("'") == "concat(char(39))"
    assert literal("${env:HOME}\\n") == "concat(char(36), '{env:HOME}', char(92), 'n')"


@pytest.mark.parametrize(
    "message",
    [
        "An error occurred while calling o1.sql.\n: io.embedlake.spi.EmbedlakeException: Cannot run: 1 problem.\nline:1: x\n\tat a.B.c(B.java:1)",
        "(io.embedlake.spi.EmbedlakeException) Cannot run: 1 problem.\nline:1: x\n\nJVM stacktrace:\nio.embedlake.spi.EmbedlakeException\n\tat a.B.c",
    ],
)
def test_the_engines_sentence_is_found_in_what_spark_makes_of_it(message: str) -> None:
    assert sentence_of(Exception(message)) == "Cannot run: 1 problem.\nline:1: x"
    assert sentence_of(Exception("[TABLE_OR_VIEW_NOT_FOUND] no table")) is None


def test_results_are_tables_in_notebooks_whatever_is_in_them() -> None:
    row = Row(
        run_id="r1", column="<b>", rows=3, rows_published=2, embedded=1200, already_embedded=0, rejected=0, truncated=0,
        tokens=9, usd=None, seconds=1.5, reduction="none", model="m", inputs="text",
    )  # fmt: skip
    run = embedlake.Run.of([row])
    html = run._repr_html_()
    assert "<td>&lt;b&gt;</td>" in html and "1,200" in html and "<td></td>" in html
    assert run.usd is None and "1,200 texts embedded" in str(run)


class Terminal(io.StringIO):
    """A terminal that somebody watches, or none; says when something was written."""

    def __init__(self, watched: bool) -> None:
        super().__init__()
        self.watched = watched
        self.written = threading.Event()

    def isatty(self) -> bool:
        return self.watched

    def write(self, text: str) -> int:
        self.written.set()
        return super().write(text)


class Session:
    """A session with a run under way."""

    def sql(self, statement: str) -> Any:
        assert statement == "CALL embedlake.progress()"
        return SimpleNamespace(collect=lambda: [Row(line="v: 1 of 2 texts")])


def test_progress_is_a_line_that_is_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(watched=True)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(_progress, "_SECONDS", 0.001)
    with _progress.shown(Session()):  # type: ignore[arg-type]
        assert terminal.written.wait(60)
    assert terminal.getvalue() == "\r\033[Kv: 1 of 2 texts\r\033[K"


def test_progress_is_not_shown_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(watched=False)
    monkeypatch.setattr(sys, "stderr", terminal)
    with _progress.shown(Session()):  # type: ignore[arg-type]
        pass
    assert terminal.getvalue() == ""


@pytest.mark.heavy
def test_the_types_are_whole(tmp_path: Path) -> None:
    source = ROOT / "src/main/python"
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path), "--config-file", "pyproject.toml", "embedlake"],
        cwd=source, capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout

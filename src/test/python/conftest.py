"""Sessions for the tests: a classic one, or one of a live Spark Connect server, as `--remote` says."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import embedlake

ROOT = Path(__file__).parents[3]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "heavy: takes long; runs with the build's profile of this name")
    config.addinivalue_line("markers", "matrix: works in every version of Spark; runs with the build's profile of this name")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--remote", help="the address of a Spark Connect server; without it the tests run in a classic session")


@pytest.fixture(scope="session")
def spark(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    remote = pytestconfig.getoption("remote")
    if remote is None:
        # EMBEDLAKE_TEST_JARS is set by the build: the job jar, Delta's, and that of the embedded model.
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        builder.config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        builder.config("spark.sql.shuffle.partitions", "2").config("spark.driver.memory", "1500m")
        # The optimising compiler waits: most of what a short life computes, it computes once. As in the build.
        patience = re.search(r"<patience>(.*?)</patience>", (ROOT / "pom.xml").read_text())
        builder.config("spark.driver.extraJavaOptions", patience[1] if patience else "")
        embedlake.configure(builder, *os.environ["EMBEDLAKE_TEST_JARS"].split(","), packages=())
        session = builder.getOrCreate()
    else:
        session = SparkSession.builder.remote(remote).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def lake(spark: SparkSession) -> embedlake.Embedlake:
    return embedlake.install(spark)

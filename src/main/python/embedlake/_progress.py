"""A line that says how far a run is, where somebody watches."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession

_SECONDS = 1.0


@contextmanager
def shown(spark: SparkSession) -> Iterator[None]:
    """Shows the progress of the session's runs until the block ends: in a notebook, in a terminal, nowhere else."""
    show = _notebook() or _terminal()
    if show is None:
        yield
        return
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(spark, over, show), name="embedlake-progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(spark: SparkSession, over: threading.Event, show: Callable[[str], None]) -> None:
    said = ""
    while not over.wait(_SECONDS):
        try:
            rows = spark.sql("CALL embedlake.progress()").collect()
        except Exception:  # The run itself tells what is wrong.
            break
        line = "; ".join(row.line for row in rows)
        if line and line != said:
            show(line)
            said = line
    if said:
        show("")


def _terminal() -> Callable[[str], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(line: str) -> None:
        sys.stderr.write("\r\033[K" + line)
        sys.stderr.flush()

    return show


def _notebook() -> Callable[[str], None] | None:
    if "ipykernel" not in sys.modules:
        return None
    from IPython.display import display

    handle: Any = display({"text/plain": ""}, raw=True, display_id=True)

    def show(line: str) -> None:
        handle.update({"text/plain": line}, raw=True)

    return show

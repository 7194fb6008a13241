"""Runs notebooks in Databricks' source format on any Spark session.

    python src/test/python/notebooks.py notebooks/quickstart.py --html target/notebooks --set data=notebooks/data

Cells run in order and in one set of globals with ``spark``, ``display``, ``displayHTML`` and ``dbutils``; the first that fails ends the
notebook. ``--html`` writes a page with the output of every cell. Known are Python, SQL, ``%md``, ``%sql``, ``%python`` and ``%pip``,
which is not carried out.
"""

from __future__ import annotations

import argparse
import ast
import base64
import contextlib
import html
import io
import linecache
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("MPLBACKEND", "Agg")
COMMENTS = {".py": "#", ".sql": "--"}
LANGUAGES = {".py": "python", ".sql": "sql"}
ROWS = 50
STYLE = """
body { font: 15px/1.5 sans-serif; max-width: 1000px; margin: 2em auto; color: #1b1f24 }
pre, code { font: 13px/1.45 monospace; background: #f4f6f8 } pre { padding: 8px 12px; overflow-x: auto }
pre.output { background: none; padding: 0 12px } table { border-collapse: collapse; font-size: 13px; margin: 8px 12px }
th, td { border-bottom: 1px solid #d8dee4; padding: 3px 10px; text-align: left } img { max-width: 100%; margin: 8px 0 }
"""


class NotebookError(Exception):
    """A cell failed. The message names the notebook and the cell, counted from 1."""


class _Exit(Exception):
    pass


@dataclass(frozen=True)
class Cell:
    number: int
    language: str
    source: str


@dataclass
class Result:
    """What a notebook left: its globals, the value of dbutils.notebook.exit, and its output as HTML."""

    globals: dict[str, Any]
    value: str | None = None
    page: list[str] = field(default_factory=list)


def cells(path: Path) -> list[Cell]:
    """The cells of a notebook that are not empty."""
    comment = COMMENTS[path.suffix]
    first, _, text = path.read_text(encoding="utf-8").partition("\n")
    if first.strip() != f"{comment} Databricks notebook source":
        raise NotebookError(f"{path.name}: the first line is not '{comment} Databricks notebook source'")
    found = []
    for number, block in enumerate(re.split(rf"(?m)^{comment} COMMAND -+$", text), start=1):
        lines = block.strip("\n").split("\n")
        language = LANGUAGES[path.suffix]
        if lines[0].startswith(f"{comment} MAGIC"):
            lines = [re.sub(rf"^{comment} MAGIC ?", "", line) for line in lines]
            magic = re.match(r"%(\w+)\s?", lines[0])
            if magic:
                language = magic[1]
                lines[0] = lines[0][magic.end() :]
        source = "\n".join(lines).strip("\n")
        if source.strip():
            found.append(Cell(number, language, source))
    return found


class _Output:
    """Prints what cells show, and keeps it as HTML."""

    def __init__(self) -> None:
        self.page: list[str] = []
        self.printed = io.StringIO()

    def flush(self) -> None:
        text = self.printed.getvalue()
        self.printed.seek(0)
        self.printed.truncate()
        if text.strip():
            sys.__stdout__.write(text if text.endswith("\n") else text + "\n")
            self.page.append(f'<pre class="output">{html.escape(text)}</pre>')

    def html(self, text: str) -> None:
        self.flush()
        self.page.append(text)

    def display(self, shown: Any) -> None:
        self.flush()
        if hasattr(shown, "savefig"):
            picture = io.BytesIO()
            shown.savefig(picture, format="png", dpi=110, bbox_inches="tight")
            self.page.append(f'<img src="data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}">')
        elif hasattr(shown, "schema") and hasattr(shown, "limit"):
            self.table(shown.columns, [list(row) for row in shown.limit(ROWS).collect()])
        elif hasattr(shown, "itertuples"):
            self.table([str(name) for name in shown.columns], shown.head(ROWS).itertuples(index=False))
        elif hasattr(shown, "_repr_html_"):
            sys.__stdout__.write(f"{shown}\n")
            self.page.append(shown._repr_html_())
        else:
            self.printed.write(f"{shown}\n")
            self.flush()

    def table(self, columns: list[str], rows: Any) -> None:
        rows = [[_short(value) for value in row] for row in rows]
        widths = [max([len(name)] + [len(row[i]) for row in rows]) for i, name in enumerate(columns)]
        for line in [columns, *rows]:
            sys.__stdout__.write("  ".join(value.ljust(width) for value, width in zip(line, widths)).rstrip() + "\n")
        head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(value)}</td>" for value in row) + "</tr>" for row in rows)
        self.page.append(f"<table><tr>{head}</tr>{body}</table>")


class _Widgets:
    """dbutils.widgets: values that were given from outside, else the defaults."""

    def __init__(self, given: dict[str, str]) -> None:
        self._given = given
        self._values: dict[str, str] = {}

    def text(self, name: str, default: str, label: str | None = None) -> None:
        self._values[name] = self._given.get(name, default)

    def dropdown(self, name: str, default: str, choices: list[str], label: str | None = None) -> None:
        self.text(name, default)
        if self._values[name] not in choices:
            raise ValueError(f"{name} is {self._values[name]} (one of {', '.join(choices)})")

    combobox = dropdown

    def get(self, name: str) -> str:
        return self._values[name]

    def getAll(self) -> dict[str, str]:  # noqa: N802
        return dict(self._values)

    def remove(self, name: str) -> None:
        self._values.pop(name, None)

    def removeAll(self) -> None:  # noqa: N802
        self._values.clear()


class _Secrets:
    """dbutils.secrets: a secret is the environment's variable SCOPE_KEY."""

    def get(self, scope: str, key: str) -> str:
        return os.environ[re.sub(r"\W", "_", f"{scope}_{key}").upper()]


class _Notebook:
    def exit(self, value: str) -> None:
        raise _Exit(value)


class _Dbutils:
    def __init__(self, parameters: dict[str, str]) -> None:
        self.widgets = _Widgets(parameters)
        self.secrets = _Secrets()
        self.notebook = _Notebook()


def run(path: str | Path, spark: Any, parameters: dict[str, str] | None = None) -> Result:
    """Runs a notebook; parameters are the values of its widgets."""
    path = Path(path)
    output = _Output()
    dbutils = _Dbutils(parameters or {})
    result = Result({"__name__": "__main__", "spark": spark, "dbutils": dbutils}, page=output.page)
    result.globals.update(display=output.display, displayHTML=output.html)
    for cell in cells(path):
        where = f"{path.name}, cell {cell.number}"
        try:
            with contextlib.redirect_stdout(output.printed):
                _run_cell(cell, where, result.globals, output)
        except _Exit as exit:
            result.value = str(exit)
            break
        except Exception as error:
            raise NotebookError(f"{where}: {type(error).__name__}: {error}") from error
        finally:
            output.flush()
    return result


def _run_cell(cell: Cell, where: str, variables: dict[str, Any], output: _Output) -> None:
    if cell.language == "md":
        output.html(_markdown(cell.source))
        return
    output.html(f"<pre>{html.escape(cell.source)}</pre>")
    if cell.language == "python":
        _python(cell.source, where, variables, output)
    elif cell.language == "sql":
        for statement in re.split(r";\s*(?:\n|$)", cell.source):
            _sql(statement, variables, output)
    elif cell.language == "pip":
        print(f"not carried out: %pip {cell.source}")
    else:
        raise NotebookError(f"%{cell.language} is not known")


def _python(source: str, where: str, variables: dict[str, Any], output: _Output) -> None:
    linecache.cache[where] = (len(source), None, source.splitlines(keepends=True), where)
    body = ast.parse(source, where)
    last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
    exec(compile(body, where, "exec"), variables)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), where, "eval"), variables)
        if value is not None:
            output.display(value)


def _sql(statement: str, variables: dict[str, Any], output: _Output) -> None:
    if not re.sub(r"(?m)^\s*--.*$", "", statement).strip():
        return
    shown = variables["spark"].sql(statement)
    if shown.columns:
        output.display(shown)


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1e6 else f"{value:.0f}"
    text = (
        "[" + ", ".join(map(_short, value[:4])) + ", ...]" if isinstance(value, list) and len(value) > 4 else str(value)
    )
    return text if len(text) <= 120 else text[:117] + "..."


def _markdown(text: str) -> str:
    """Headings, paragraphs, lists, tables, code, bold and links: what notebooks use."""
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = html.escape(block, quote=False).split("\n")
        lines = [re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", re.sub(r"`(.+?)`", r"<code>\1</code>", line)) for line in lines]
        lines = [re.sub(r"\[(.+?)\]\((.+?)\)", r'<a href="\2">\1</a>', line) for line in lines]
        heading = re.match(r"(#+) (.*)", lines[0])
        if heading:
            found.append(f"<h{len(heading[1])}>{heading[2]}</h{len(heading[1])}>")
            lines = lines[1:]
        if lines and lines[0].startswith("|"):
            rows = [line.strip("|").split("|") for line in lines if not re.fullmatch(r"[|: -]+", line)]
            lines = ["<table>", *("<tr><td>" + "</td><td>".join(row) + "</td></tr>" for row in rows), "</table>"]
        elif lines and lines[0].startswith("* "):
            lines = ["<ul>", *(re.sub(r"^\* ", "<li>", line) for line in lines), "</ul>"]
        elif lines:
            lines = ["<p>", *lines, "</p>"]
        found.append("\n".join(lines))
    return "\n".join(found)


def save(result: Result, path: Path, folder: Path) -> Path:
    """Writes the page of a notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{path.name}.html"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{path.name}</title><style>{STYLE}</style>'
    page.write_text(head + "\n".join(result.page) + "</html>\n", encoding="utf-8")
    return page


def _session() -> Any:
    """A session with what the build made: the job jar, and from its class path Delta Lake and the small model."""
    import embedlake
    from pyspark.sql import SparkSession

    target = Path(__file__).parents[3] / "target"
    path = (target / "classpath.txt").read_text(encoding="utf-8").strip().split(os.pathsep)
    jars = [str(jar) for jar in target.glob("embedlake-*-job-with-natives.jar")]
    jars += [jar for jar in path if "/io/delta/" in jar or "/dev/langchain4j/" in jar]
    builder = SparkSession.builder.config("spark.sql.shuffle.partitions", "2")
    builder.config("spark.databricks.delta.snapshotPartitions", "2")
    return embedlake.configure(builder, *jars, packages=()).getOrCreate()


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs notebooks in Databricks' source format.")
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--html", type=Path, metavar="FOLDER", help="write a page for each notebook")
    parser.add_argument("--set", action="append", default=[], metavar="WIDGET=VALUE", help="the value of a widget")
    arguments = parser.parse_args()
    spark = _session()
    for path in arguments.notebooks:
        try:
            result = run(path, spark, dict(value.split("=", 1) for value in arguments.set))
        except NotebookError as error:
            print(error, file=sys.stderr)
            return 1
        if arguments.html:
            print(save(result, path, arguments.html))
    return 0


if __name__ == "__main__":
    sys.exit(main())

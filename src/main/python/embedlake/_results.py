"""What the procedures return, as values that notebooks show as tables."""

import dataclasses
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Row


@dataclass(frozen=True)
class RunColumn:
    """What a run did for a column. Texts and images are counted once each, however many rows have them."""

    column: str
    embedded: int
    already_embedded: int
    rejected: int
    truncated: int
    tokens: int
    usd: float | None
    """What the provider's price list says; none where there is no price."""
    reduction: str
    model: str
    inputs: str
    """What was embedded: ``text`` or ``image``."""


@dataclass(frozen=True)
class Run:
    """A run that ended well."""

    run_id: str
    rows: int
    rows_published: int
    """The rows whose vectors changed in the target."""
    seconds: float
    columns: Sequence[RunColumn]

    @staticmethod
    def of(rows: Sequence[Row]) -> "Run":
        first = rows[0]
        return Run(
            first.run_id, first.rows, first.rows_published, first.seconds, tuple(_values(RunColumn, row) for row in rows)
        )

    @property
    def usd(self) -> float | None:
        """The cost of all columns, as far as prices are known."""
        costs = [column.usd for column in self.columns if column.usd is not None]
        return sum(costs) if costs else None

    def __str__(self) -> str:
        return f"Run {self.run_id}: {self.rows:,} rows, {self.rows_published:,} changed, {self.seconds:,.1f} s\n" + "\n".join(
            f"  {c.column}: {c.embedded:,} {c.inputs}s embedded, {c.already_embedded:,} already embedded, {c.rejected:,} rejected"
            f"{_money(c.usd)}; {c.reduction}; {c.model}"
            for c in self.columns
        )

    def _repr_html_(self) -> str:
        caption = f"Run {self.run_id}: {self.rows:,} rows, {self.rows_published:,} changed, {self.seconds:,.1f} s"
        return _table(caption, self.columns)


@dataclass(frozen=True)
class PlanColumn:
    """What a run would do for a column."""

    column: str
    texts: int
    already_embedded: int
    rejected_earlier: int
    to_embed: int
    tokens: int | None
    """Estimated on a sample, as are ``truncated``, ``usd`` and ``seconds``; none where nothing is to be embedded or it cannot be told."""
    truncated: int | None
    usd: float | None
    seconds: int | None
    reduction: str
    model: str
    fingerprint: str
    notes: str
    inputs: str


@dataclass(frozen=True)
class Plan:
    """What a run would do. Nothing was written."""

    rows: int
    columns: Sequence[PlanColumn]

    @staticmethod
    def of(rows: Sequence[Row]) -> "Plan":
        return Plan(rows[0].rows, tuple(_values(PlanColumn, row) for row in rows))

    def __str__(self) -> str:
        return f"Plan for {self.rows:,} rows\n" + "\n".join(
            f"  {c.column}: {c.to_embed:,} of {c.texts:,} {c.inputs}s to embed"
            + (f", about {c.tokens:,} {'tokens' if c.inputs == 'text' else 'patches'}" if c.tokens is not None else "")
            + _money(c.usd)
            + f"; {c.reduction}; {c.model}"
            + (f"\n    {c.notes}" if c.notes else "")
            for c in self.columns
        )

    def _repr_html_(self) -> str:
        return _table(f"Plan for {self.rows:,} rows", self.columns, leave_out=("fingerprint",))


@dataclass(frozen=True)
class Candidate:
    """A reduction and what it keeps of the full vectors."""

    reduction: str
    bytes: int
    """Of one vector."""
    recall_at_10: float
    """The share of the ten nearest rows of the full vectors that the short ones find."""
    rank_correlation: float
    variance_kept: float | None
    is_chosen: bool
    is_recommended: bool


@dataclass(frozen=True)
class Evaluation:
    """A column's reduction and its alternatives."""

    candidates: Sequence[Candidate]

    @staticmethod
    def of(rows: Sequence[Row]) -> "Evaluation":
        return Evaluation(tuple(_values(Candidate, row) for row in rows))

    @property
    def chosen(self) -> Candidate:
        """The job's."""
        return next(candidate for candidate in self.candidates if candidate.is_chosen)

    @property
    def recommended(self) -> Candidate | None:
        """The one to take, if there is a better one than the job's or the job's is it."""
        return next((candidate for candidate in self.candidates if candidate.is_recommended), None)

    def __str__(self) -> str:
        return "\n".join(
            f"{c.reduction}: {c.bytes:,} bytes, recall@10 {c.recall_at_10:.3f}"
            + (" (the job's)" if c.is_chosen else "")
            + (" (recommended)" if c.is_recommended else "")
            for c in self.candidates
        )

    def _repr_html_(self) -> str:
        return _table("Reductions of the column", self.candidates)


def _money(usd: float | None) -> str:
    if usd is None:
        return ""
    return f", {usd:.2g} USD" if 0 < usd < 0.01 else f", {usd:,.2f} USD"


def _values(kind: type, row: Row) -> Any:
    return kind(**{field.name: row[field.name] for field in dataclasses.fields(kind)})


def _table(caption: str, records: Iterable[Any], leave_out: Sequence[str] = ()) -> str:
    records = list(records)
    names = [field.name for field in dataclasses.fields(records[0]) if field.name not in leave_out]
    head = "".join(f"<th>{html.escape(name.replace('_', ' '))}</th>" for name in names)
    body = "".join("<tr>" + "".join(_cell(getattr(record, name)) for name in names) + "</tr>" for record in records)
    return f"<table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return f"<td>{'yes' if value else ''}</td>"
    if isinstance(value, int):
        return f'<td style="text-align:right">{value:,}</td>'
    if isinstance(value, float):
        return f'<td style="text-align:right">{value:,.3f}</td>'
    return f"<td>{'' if value is None else html.escape(str(value))}</td>"

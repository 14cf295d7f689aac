"""Uploaded lists, what each row became, and which columns mean what."""

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.store.base import Base, Instant, Key


class ImportBatch(Base):
    """One uploaded list.

    ``source`` is the table as it was read, packed; it goes when the list was applied, left alone for a day,
    or when somebody in it is erased. ``mapping`` is what its columns hold, ``choices`` what was decided of
    likely duplicates, by the row's number. ``left_out`` are the rows of an applied list that were not taken,
    packed; they go with the old values of those it changed, or when anybody is erased.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        {"sqlite_autoincrement": True},
    )  # a page of a list that is gone must not name a new one

    id: Mapped[Key]
    kind: Mapped[str]
    made_at: Mapped[Instant] = mapped_column(index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mapping: Mapped[dict[str, str]] = mapped_column(JSON)
    choices: Mapped[dict[str, str]] = mapped_column(JSON)
    source: Mapped[bytes | None] = mapped_column(LargeBinary)
    left_out: Mapped[bytes | None] = mapped_column(LargeBinary)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    applied_at: Mapped[Instant | None]
    undone_at: Mapped[Instant | None]
    revision: Mapped[int] = mapped_column(default=1)


class ImportRow(Base):
    """What a row of an applied list did to whom.

    ``before`` is what a changed person was, until the import can no longer be taken back or they are erased.
    """

    __tablename__ = "import_row"
    __table_args__ = (Index(None, "batch_id", "number"), Index(None, "person_id"))

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    number: Mapped[int]
    person_id: Mapped[int]
    outcome: Mapped[str]
    revision_after: Mapped[int]
    before: Mapped[dict[str, str | int | None] | None] = mapped_column(JSON)


class ImportedSeries(Base):
    """The series that a row of an applied list made, and its revision then."""

    __tablename__ = "imported_series"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    number: Mapped[int]
    series_id: Mapped[int] = mapped_column(index=True)
    revision_after: Mapped[int]


class ColumnMeaning(Base):
    """What a column with this heading was taken for the last time."""

    __tablename__ = "column_meaning"

    heading: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str]

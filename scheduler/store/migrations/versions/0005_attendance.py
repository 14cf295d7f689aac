"""Attendance: why somebody is excused or a mark was corrected, earlier numbers, and sheets opened again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["mark_id"], ["mark.id"], name=op.f("fk_correction_mark_id_mark")),
        sa.PrimaryKeyConstraint("mark_id", "revision", name=op.f("pk_correction")),
    )
    op.create_table(
        "sheet_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_sheet_change_sheet_id_sheet")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_sheet_change_changed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_change")),
    )
    with op.batch_alter_table("sheet_change") as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_change_sheet_id"), ["sheet_id"], unique=False)
    _keep_the_numbers_that_stand()
    # A column that may be empty needs no new table on SQLite: one would lose what forbids changes of it.
    for table in ("mark", "mark_change"):
        op.add_column(table, sa.Column("excuse", sa.String(), nullable=True))
    with op.batch_alter_table("sheet") as batch_op:
        batch_op.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))


def _keep_the_numbers_that_stand() -> None:
    op.execute(
        "INSERT INTO sheet_change (sheet_id, what, number, changed_by, changed_at, reason)"
        " SELECT id, 'headcount', headcount, counted_by, COALESCE(counted_at, opened_at), ''"
        " FROM sheet WHERE headcount IS NOT NULL"
    )
    op.execute(
        "INSERT INTO sheet_change (sheet_id, what, number, changed_by, changed_at, reason)"
        " SELECT id, 'walk_ins', walk_ins, counted_by, COALESCE(counted_at, opened_at), ''"
        " FROM sheet WHERE walk_ins > 0"
    )

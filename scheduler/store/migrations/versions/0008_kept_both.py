"""What only warns and is kept on purpose: members wanted twice, and pairs kept apart at one session."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_both",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("beside_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beside_at", sa.DateTime(timezone=True), nullable=False),
        *_decided("kept_both"),
        sa.UniqueConstraint(
            "person_id",
            "occurrence_id",
            "beside_id",
            name=op.f("uq_kept_both_person_id_occurrence_id_beside_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_kept_both_occurrence_id"), "kept_both", ["occurrence_id"])
    op.create_index(op.f("ix_kept_both_beside_id"), "kept_both", ["beside_id"])
    op.create_table(
        "kept_together",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        *_decided("kept_together"),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_kept_together_other_id_person")),
        sa.UniqueConstraint(
            "person_id",
            "other_id",
            "occurrence_id",
            name=op.f("uq_kept_together_person_id_other_id_occurrence_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_kept_together_other_id"), "kept_together", ["other_id"])
    op.create_index(op.f("ix_kept_together_occurrence_id"), "kept_together", ["occurrence_id"])


def _decided(table: str) -> tuple[sa.Column[Any] | sa.Constraint, ...]:
    return (
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f(f"fk_{table}_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )

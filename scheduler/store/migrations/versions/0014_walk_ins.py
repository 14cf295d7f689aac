"""People who came and were not expected, each with a row; their typed names, apart from all else."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "walk_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("sent_as", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("late_minutes", sa.Integer(), nullable=True),
        sa.Column("left_minutes", sa.Integer(), nullable=True),
        sa.Column("marked_by", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("matched_by", sa.Integer(), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_walk_in_sheet_id_sheet")),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_walk_in_{column}_person"))
            for column in ("marked_by", "person_id", "matched_by")
        ),
        sa.UniqueConstraint("sheet_id", "sent_as", name=op.f("uq_walk_in_sheet_id_sent_as")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_in")),
    )
    op.create_index(op.f("ix_walk_in_person_id"), "walk_in", ["person_id"], unique=False)
    op.create_table(
        "walk_in_name",
        sa.Column("walk_in_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["walk_in_id"], ["walk_in.id"], name=op.f("fk_walk_in_name_walk_in_id_walk_in")
        ),
        sa.PrimaryKeyConstraint("walk_in_id", name=op.f("pk_walk_in_name")),
    )
    op.create_index(op.f("ix_walk_in_name_written_at"), "walk_in_name", ["written_at"], unique=False)

"""What members say beforehand: that they can't make it to a session."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_absence_notice_occurrence_id_occurrence")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_absence_notice_person_id_person")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_absence_notice_said_by_person")),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["person.id"], name=op.f("fk_absence_notice_taken_back_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_notice")),
        sa.UniqueConstraint(
            "occurrence_id", "person_id", name=op.f("uq_absence_notice_occurrence_id_person_id")
        ),
    )
    with op.batch_alter_table("absence_notice") as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_notice_person_id"), ["person_id"], unique=False)

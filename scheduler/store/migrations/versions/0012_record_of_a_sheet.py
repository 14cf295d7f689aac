"""What a submitted sheet keeps: who led with which credentials, from when to when, and how each was there."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("breaks", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_sheet_record_sheet_id_sheet")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_sheet_record_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_record")),
        sa.UniqueConstraint("sheet_id", "revision", name=op.f("uq_sheet_record_sheet_id_revision")),
    )
    op.create_table(
        "record_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["sheet_record.id"], name=op.f("fk_record_lead_record_id_sheet_record")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_record_lead_person_id_person")),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_record_lead_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_lead")),
    )
    with op.batch_alter_table("record_lead") as batch_op:
        batch_op.create_index(batch_op.f("ix_record_lead_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_lead_person_id"), ["person_id"], unique=False)
    op.create_table(
        "attended",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["sheet_record.id"], name=op.f("fk_attended_record_id_sheet_record")
        ),
        sa.ForeignKeyConstraint(["mark_id"], ["mark.id"], name=op.f("fk_attended_mark_id_mark")),
        sa.PrimaryKeyConstraint("record_id", "mark_id", name=op.f("pk_attended")),
    )
    with op.batch_alter_table("attended") as batch_op:
        batch_op.create_index(batch_op.f("ix_attended_mark_id"), ["mark_id"], unique=False)

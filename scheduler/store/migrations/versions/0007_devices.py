"""Devices that keep sheets, which sheets they held, and what they sent."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WAITS = "why <> '' AND settled_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_device_person_id_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_device_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_device_secret_hash")),
    )
    op.create_index(op.f("ix_device_person_id"), "device", ["person_id"])
    op.create_table(
        "device_sheet",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_sheet_device_id_device")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_device_sheet_occurrence_id_occurrence")
        ),
        sa.PrimaryKeyConstraint("device_id", "occurrence_id", name=op.f("pk_device_sheet")),
    )
    op.create_index(op.f("ix_device_sheet_occurrence_id"), "device_sheet", ["occurrence_id"])
    _sent_marks()


def _sent_marks() -> None:
    op.create_table(
        "sent_mark",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("late_minutes", sa.Integer(), nullable=True),
        sa.Column("left_minutes", sa.Integer(), nullable=True),
        sa.Column("excuse", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("fills", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_sent_mark_device_id_device")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_sent_mark_sent_by_person")),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_sent_mark_occurrence_id_occurrence")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sent_mark_person_id_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_sent_mark_settled_by_person")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_sent_mark")),
    )
    op.create_index(op.f("ix_sent_mark_occurrence_id"), "sent_mark", ["occurrence_id"])
    op.create_index(op.f("ix_sent_mark_person_id"), "sent_mark", ["person_id"])
    op.create_index(
        "ix_sent_mark_waits",
        "sent_mark",
        ["sent_by"],
        sqlite_where=sa.text(WAITS),
        postgresql_where=sa.text(WAITS),
    )

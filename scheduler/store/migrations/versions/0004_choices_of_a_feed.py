"""Choices of a feed: each kind of session by itself, its language; and what it could not write."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("group", "individual", "mutual_help", "assessment", "family", "skills", "medication", "other")


def upgrade() -> None:
    op.create_table(
        "feed_kind",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("alarm_minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_kind_feed_id_feed")),
        sa.PrimaryKeyConstraint("feed_id", "kind", name=op.f("pk_feed_kind")),
    )
    op.create_table(
        "feed_missing",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_missing_feed_id_feed")),
        sa.PrimaryKeyConstraint("feed_id", "series_id", name=op.f("pk_feed_missing")),
    )
    _give_each_kind_the_alarm_of_all()
    with op.batch_alter_table("feed") as batch_op:
        batch_op.drop_column("alarm_minutes")
        batch_op.add_column(
            sa.Column("daily_dosing", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default="en"))
    with op.batch_alter_table("feed") as batch_op:
        batch_op.alter_column("daily_dosing", server_default=None)
        batch_op.alter_column("language", server_default=None)
    # Made anew at the next fetch, to the same bytes: what could not be written is counted then.
    op.execute("UPDATE feed_body SET calendar_revision = 0")


def _give_each_kind_the_alarm_of_all() -> None:
    statement = sa.text(
        "INSERT INTO feed_kind (feed_id, kind, shown, alarm_minutes)"
        " SELECT id, :kind, :shown, alarm_minutes FROM feed WHERE alarm_minutes IS NOT NULL"
    ).bindparams(sa.bindparam("kind", type_=sa.String()), sa.bindparam("shown", type_=sa.Boolean()))
    for kind in KINDS:
        op.get_bind().execute(statement, {"kind": kind, "shown": True})

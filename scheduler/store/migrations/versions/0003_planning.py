"""Closures and holidays; sessions that did not meet; series from a list; changes of the plan."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_tables()
    _add_columns()
    with op.batch_alter_table("enrollment") as batch_op:
        batch_op.drop_index("ix_enrollment_series_id_enrollment_from_date")
        batch_op.create_index("ix_enrollment_series_id_dates", ["series_id", "from_date", "until_date"])
    with op.batch_alter_table("sheet") as batch_op:
        batch_op.alter_column("not_met_reason", server_default=None)


def _make_tables() -> None:
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_holiday_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("day", "name", name=op.f("uq_holiday_day_name")),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("local_start", sa.DateTime(timezone=False), nullable=False),
        sa.Column("local_end", sa.DateTime(timezone=False), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("site_id IS NOT NULL OR room_id IS NOT NULL", name=op.f("ck_closure_somewhere")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_closure_span")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_closure_lifted_by_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_closure_made_by_person")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_closure_room_id_room")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_closure_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    with op.batch_alter_table("closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closure_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_closure_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_closure_site_id"), ["site_id"], unique=False)

    op.create_table(
        "holiday_kind",
        sa.Column("holiday_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holiday_id"], ["holiday.id"], name=op.f("fk_holiday_kind_holiday_id_holiday")
        ),
        sa.PrimaryKeyConstraint("holiday_id", "kind", name=op.f("pk_holiday_kind")),
    )
    op.create_table(
        "holiday_exception",
        sa.Column("holiday_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holiday_id"], ["holiday.id"], name=op.f("fk_holiday_exception_holiday_id_holiday")
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_holiday_exception_occurrence_id_occurrence")
        ),
        sa.PrimaryKeyConstraint("holiday_id", "occurrence_id", name=op.f("pk_holiday_exception")),
    )
    with op.batch_alter_table("holiday_exception", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_holiday_exception_occurrence_id"), ["occurrence_id"], unique=False
        )

    op.create_table(
        "imported_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("revision_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_imported_series_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_series")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_imported_series_batch_id_number")),
    )
    with op.batch_alter_table("imported_series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_series_series_id"), ["series_id"], unique=False)

    op.create_table(
        "closure_call",
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_closure_call_closure_id_closure")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_closure_call_person_id_person")),
        sa.ForeignKeyConstraint(
            ["reached_by"], ["person.id"], name=op.f("fk_closure_call_reached_by_person")
        ),
        sa.PrimaryKeyConstraint("closure_id", "person_id", name=op.f("pk_closure_call")),
    )
    with op.batch_alter_table("closure_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closure_call_person_id"), ["person_id"], unique=False)

    op.create_table(
        "closure_choice",
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("does", sa.String(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_closure_choice_closure_id_closure")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_closure_choice_room_id_room")),
        sa.PrimaryKeyConstraint("closure_id", "kind", name=op.f("pk_closure_choice")),
    )
    op.create_table(
        "closure_effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closure_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("was_booked", sa.Boolean(), nullable=False),
        sa.Column("for_want_of_room", sa.Boolean(), nullable=False),
        sa.Column("from_room_id", sa.Integer(), nullable=True),
        sa.Column("from_own_room", sa.Boolean(), nullable=False),
        sa.Column("from_exclusive", sa.Boolean(), nullable=False),
        sa.Column("from_override_reason", sa.String(), nullable=False),
        sa.Column("from_move_reason", sa.String(), nullable=False),
        sa.Column("from_closure_id", sa.Integer(), nullable=True),
        sa.Column("to_room_id", sa.Integer(), nullable=True),
        sa.Column("became", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_closure_effect_closure_id_closure")
        ),
        sa.ForeignKeyConstraint(
            ["from_closure_id"], ["closure.id"], name=op.f("fk_closure_effect_from_closure_id_closure")
        ),
        sa.ForeignKeyConstraint(
            ["from_room_id"], ["room.id"], name=op.f("fk_closure_effect_from_room_id_room")
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrence.id"], name=op.f("fk_closure_effect_occurrence_id_occurrence")
        ),
        sa.ForeignKeyConstraint(["to_room_id"], ["room.id"], name=op.f("fk_closure_effect_to_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_effect")),
        sa.UniqueConstraint(
            "closure_id", "occurrence_id", name=op.f("uq_closure_effect_closure_id_occurrence_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("closure_effect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closure_effect_occurrence_id"), ["occurrence_id"], unique=False)


def _add_columns() -> None:
    # On SQLite the table is made anew, which is the only way to have it count on after a list is gone.
    lite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table(
        "import_batch",
        recreate="always" if lite else "never",
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch_op:
        batch_op.add_column(sa.Column("left_out", sa.LargeBinary(), nullable=True))

    if lite:  # undoing a change names rows that are gone: their ids are never used again
        with op.batch_alter_table("duty", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass

    with op.batch_alter_table("cause", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("closure_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("holiday_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_cause_occurrence_id_type"), type_="unique")
        batch_op.create_index(
            "uq_cause_occurrence_id_type",
            ["occurrence_id", "type"],
            unique=True,
            sqlite_where=sa.text("closure_id IS NULL AND holiday_id IS NULL"),
            postgresql_where=sa.text("closure_id IS NULL AND holiday_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_cause_closure_id"), ["closure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cause_holiday_id"), ["holiday_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_cause_occurrence_id_closure_id"), ["occurrence_id", "closure_id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_cause_occurrence_id_holiday_id"), ["occurrence_id", "holiday_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_cause_closure_id_closure"), "closure", ["closure_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_cause_holiday_id_holiday"), "holiday", ["holiday_id"], ["id"]
        )

    with op.batch_alter_table("memory", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.add_column(sa.Column("subject_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_memory_subject_id"), ["subject_id"], unique=False)

    with op.batch_alter_table(
        "occurrence", schema=None, table_kwargs={"sqlite_autoincrement": True}
    ) as batch_op:
        batch_op.add_column(sa.Column("own_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("closure_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_occurrence_closure_id"), ["closure_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_occurrence_series_id_occurrence_starts_at"),
            ["series_id", "starts_at"],
            unique=False,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_occurrence_closure_id_closure"), "closure", ["closure_id"], ["id"]
        )

    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.add_column(sa.Column("not_met_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("not_met_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("not_met_reason", sa.String(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_sheet_not_met_by_person"), "person", ["not_met_by"], ["id"]
        )

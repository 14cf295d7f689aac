"""Whether members of a series come in by themselves, by a code at the door."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("check_in", sa.Boolean(), nullable=False, server_default=sa.false()))

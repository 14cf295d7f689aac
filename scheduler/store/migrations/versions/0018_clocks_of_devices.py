"""When a device made a mark by its own clock."""

import sqlalchemy as sa
from alembic import op

from scheduler.store.base import UtcInstant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sent_mark", sa.Column("clock_at", UtcInstant(), nullable=True))

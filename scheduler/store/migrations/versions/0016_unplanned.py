"""Sessions that a facilitator started on the spot."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("unplanned_at", sa.DateTime(timezone=True), nullable=True))

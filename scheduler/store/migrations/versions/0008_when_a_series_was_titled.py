"""When the title of a series was last changed: it is not for those who were gone by then."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("titled_at", sa.DateTime(timezone=True), nullable=True))

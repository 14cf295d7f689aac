"""When the title of a series was last changed, and which feed has the place of one with an older address."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("series", sa.Column("titled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("feed", sa.Column("replaced_by", sa.Integer(), nullable=True))

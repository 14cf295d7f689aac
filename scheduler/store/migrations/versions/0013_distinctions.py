"""What tells people of one display name apart on sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("identity", sa.Column("distinction", sa.String(), nullable=True))

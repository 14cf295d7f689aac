"""Which line of a sheet on paper somebody signed."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mark", sa.Column("paper_line", sa.Integer(), nullable=True))

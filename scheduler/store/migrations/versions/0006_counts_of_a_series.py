"""What of a session a payer counts: least and most people, least and most minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("least_people", "most_people", "least_minutes", "most_minutes"):
        op.add_column("series", sa.Column(column, sa.Integer(), nullable=True))

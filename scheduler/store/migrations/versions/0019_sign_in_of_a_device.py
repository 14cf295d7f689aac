"""By which sign-in a device was last in contact, so that ending the device ends that too."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("sign_in_id", sa.Integer(), nullable=True))

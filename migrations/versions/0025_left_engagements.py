"""When a team was told that its coach is gone.

Revision: 0025
Follows: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("engagement") as batch_op:
        batch_op.add_column(sa.Column("left_told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("engagement") as batch_op:
        batch_op.drop_column("left_told_at")

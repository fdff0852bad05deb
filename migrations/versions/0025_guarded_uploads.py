"""Uploads whose readers are asked: the evidence of an assessment.

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
    op.add_column("upload", sa.Column("is_guarded", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("upload") as table:
        table.alter_column("is_guarded", server_default=None)


def downgrade():
    op.drop_column("upload", "is_guarded")

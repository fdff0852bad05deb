"""Texts that were brought in know the document that they came from.

Revision: 0020
Follows: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("manuscript") as batch:
        batch.add_column(sa.Column("brought_from", sa.String(length=500), nullable=True))
        batch.create_unique_constraint(op.f("uq_manuscript_brought_from"), ["brought_from"])


def downgrade():
    with op.batch_alter_table("manuscript") as batch:
        batch.drop_constraint(op.f("uq_manuscript_brought_from"), type_="unique")
        batch.drop_column("brought_from")

"""Which version of the original a translation says the same as.

Revision: 0012
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "translation_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source_number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("number > 0 and source_number > 0", name=op.f("ck_translation_source_numbers")),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_translation_source_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_translation_source_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_source")),
    )
    op.create_index("ix_translation_source_manuscript_id", "translation_source", ["manuscript_id", "number", "id"])
    op.create_index(op.f("ix_translation_source_user_id"), "translation_source", ["user_id"])


def downgrade():
    op.drop_table("translation_source")

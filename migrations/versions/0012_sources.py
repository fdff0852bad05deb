"""Repositories that the site follows.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "content_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("branch", sa.String(length=200), nullable=False),
        sa.Column("folder", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("brought_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind in ('practice', 'case-study')", name=op.f("ck_content_source_kind")),
        sa.CheckConstraint("every_hours between 1 and 168", name=op.f("ck_content_source_every_hours")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_content_source_created_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_source")),
        sa.UniqueConstraint("url", "branch", "folder", name=op.f("uq_content_source_url_branch_folder")),
    )
    op.create_index(op.f("ix_content_source_created_by_id"), "content_source", ["created_by_id"])


def downgrade():
    op.drop_table("content_source")

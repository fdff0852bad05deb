"""The writing desk: what is typed and not saved, who is there, and which form has become which text.

Revision: 0010
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "autosave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.CheckConstraint("(manuscript_id is null) <> (key is null)", name=op.f("ck_autosave_of_what")),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_autosave_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_autosave_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autosave")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_autosave_user_id_key")),
        sa.UniqueConstraint("user_id", "manuscript_id", name=op.f("uq_autosave_user_id_manuscript_id")),
    )
    op.create_index(op.f("ix_autosave_manuscript_id"), "autosave", ["manuscript_id"])
    op.create_index(op.f("ix_autosave_saved_at"), "autosave", ["saved_at"])
    op.create_table(
        "desk_presence",
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_desk_presence_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_desk_presence_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("manuscript_id", "user_id", name=op.f("pk_desk_presence")),
    )
    op.create_index(op.f("ix_desk_presence_user_id"), "desk_presence", ["user_id"])
    op.create_index(op.f("ix_desk_presence_seen_at"), "desk_presence", ["seen_at"])
    op.create_table(
        "desk_begun",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_desk_begun_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_desk_begun_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_desk_begun")),
    )
    op.create_index(op.f("ix_desk_begun_manuscript_id"), "desk_begun", ["manuscript_id"])
    op.create_index(op.f("ix_desk_begun_at"), "desk_begun", ["at"])


def downgrade():
    op.drop_table("desk_begun")
    op.drop_table("desk_presence")
    op.drop_table("autosave")

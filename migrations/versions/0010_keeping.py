"""Former addresses, and who has looked at an article again.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "former_address",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("to_kind", sa.String(length=20), nullable=True),
        sa.Column("to_slug", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(to_kind is null) = (to_slug is null)", name=op.f("ck_former_address_to")),
        sa.CheckConstraint("is_retired or to_slug is not null", name=op.f("ck_former_address_moved_somewhere")),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_former_address_actor_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("kind", "slug", name=op.f("pk_former_address")),
    )
    op.create_index(op.f("ix_former_address_actor_id"), "former_address", ["actor_id"])
    op.create_table(
        "upkeep_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("next_by", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_upkeep_check_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_check")),
    )
    op.create_index("ix_upkeep_check_slug", "upkeep_check", ["slug", "id"])
    op.create_index(op.f("ix_upkeep_check_user_id"), "upkeep_check", ["user_id"])
    op.create_table(
        "upkeep_nudge",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.CheckConstraint("stage in ('due', 'overdue')", name=op.f("ck_upkeep_nudge_stage")),
        sa.PrimaryKeyConstraint("slug", "stage", "review_by", name=op.f("pk_upkeep_nudge")),
    )


def downgrade():
    op.drop_table("upkeep_nudge")
    op.drop_table("upkeep_check")
    op.drop_table("former_address")

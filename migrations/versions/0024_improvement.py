"""Improvement plans, and the stories that began from snapshots.

Revision: 0024
Follows: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "improvement_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("baseline_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state in ('running', 'closed')", name=op.f("ck_improvement_plan_state")),
        sa.ForeignKeyConstraint(
            ["baseline_id"], ["snapshot.id"], name=op.f("fk_improvement_plan_baseline_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_improvement_plan_framework_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_improvement_plan_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_plan")),
    )
    with op.batch_alter_table("improvement_plan") as batch_op:
        batch_op.create_index(batch_op.f("ix_improvement_plan_framework_id"), ["framework_id"], unique=False)
        batch_op.create_index(
            "ix_improvement_plan_running",
            ["team_id", "framework_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "story_origin",
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["after_id"], ["snapshot.id"], name=op.f("fk_story_origin_after_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["snapshot.id"], name=op.f("fk_story_origin_before_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["manuscript_id"], ["manuscript.id"], name=op.f("fk_story_origin_manuscript_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_story_origin_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("manuscript_id", name=op.f("pk_story_origin")),
        sa.UniqueConstraint("before_id", "after_id", name=op.f("uq_story_origin_before_id_after_id")),
    )
    with op.batch_alter_table("story_origin") as batch_op:
        batch_op.create_index(batch_op.f("ix_story_origin_after_id"), ["after_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_origin_team_id"), ["team_id"], unique=False)

    op.create_table(
        "improvement_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("capability", sa.String(length=80), nullable=False),
        sa.Column("from_level", sa.Integer(), nullable=True),
        sa.Column("to_level", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("key", sa.String(length=180), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("nudged_at", MOMENT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind in ('practice', 'session', 'coach', 'story', 'own')", name=op.f("ck_improvement_item_kind")
        ),
        sa.CheckConstraint("state in ('open', 'doing', 'done', 'dropped')", name=op.f("ck_improvement_item_state")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user.id"], name=op.f("fk_improvement_item_changed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_improvement_item_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["improvement_plan.id"], name=op.f("fk_improvement_item_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_item")),
        sa.UniqueConstraint("plan_id", "key", name=op.f("uq_improvement_item_plan_id_key")),
    )
    with op.batch_alter_table("improvement_item") as batch_op:
        batch_op.create_index("ix_improvement_item_due", ["state", "due_on"], unique=False)
        batch_op.create_index("ix_improvement_item_owner", ["owner_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_improvement_item_plan_id"), ["plan_id"], unique=False)


def downgrade():
    with op.batch_alter_table("improvement_item") as batch_op:
        batch_op.drop_index(batch_op.f("ix_improvement_item_plan_id"))
        batch_op.drop_index("ix_improvement_item_owner")
        batch_op.drop_index("ix_improvement_item_due")

    op.drop_table("improvement_item")
    with op.batch_alter_table("story_origin") as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_origin_team_id"))
        batch_op.drop_index(batch_op.f("ix_story_origin_after_id"))

    op.drop_table("story_origin")
    with op.batch_alter_table("improvement_plan") as batch_op:
        batch_op.drop_index(
            "ix_improvement_plan_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_improvement_plan_framework_id"))

    op.drop_table("improvement_plan")

"""Manuscripts: their versions, who writes and reviews them, and their history.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "manuscript",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("translation_of", sa.String(length=8), nullable=True),
        sa.Column("source_number", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("capability_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("latest_number", sa.Integer(), nullable=False),
        sa.Column("submitted_number", sa.Integer(), nullable=True),
        sa.Column("published_number", sa.Integer(), nullable=True),
        sa.Column("kept_in_file", sa.String(length=500), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_manuscript_language")),
        sa.CheckConstraint("translation_of <> language", name=op.f("ck_manuscript_translation_of")),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'changes_requested', 'accepted', 'rejected')", name=op.f("ck_manuscript_state")
        ),
        sa.CheckConstraint("state <> 'submitted' or submitted_number is not null", name=op.f("ck_manuscript_submitted_number")),
        sa.CheckConstraint("submitted_number <= latest_number", name=op.f("ck_manuscript_submitted_exists")),
        sa.CheckConstraint("published_number <= latest_number", name=op.f("ck_manuscript_published_exists")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_manuscript_team_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["capability_id"], ["capability.id"], name=op.f("fk_manuscript_capability_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manuscript")),
        sa.UniqueConstraint("kind", "slug", "language", name=op.f("uq_manuscript_kind_slug_language")),
        sa.UniqueConstraint("kept_in_file", name=op.f("uq_manuscript_kept_in_file")),
    )
    op.create_index("ix_manuscript_state", "manuscript", ["state", "state_since"])
    op.create_index(op.f("ix_manuscript_team_id"), "manuscript", ["team_id"])
    op.create_index(op.f("ix_manuscript_capability_id"), "manuscript", ["capability_id"])
    op.create_table(
        "manuscript_author",
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_manuscript_author_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_manuscript_author_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("manuscript_id", "user_id", name=op.f("pk_manuscript_author")),
    )
    op.create_index(op.f("ix_manuscript_author_user_id"), "manuscript_author", ["user_id"])
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_version_number")),
        sa.CheckConstraint("origin in ('web', 'merged', 'restored', 'file', 'imported')", name=op.f("ck_version_origin")),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_version_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_version_author_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("manuscript_id", "number", name=op.f("uq_version_manuscript_id_number")),
    )
    op.create_index(op.f("ix_version_author_id"), "version", ["author_id"])
    op.create_table(
        "manuscript_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_manuscript_event_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_manuscript_event_actor_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manuscript_event")),
    )
    op.create_index("ix_manuscript_event_manuscript_id", "manuscript_event", ["manuscript_id", "id"])
    op.create_index(op.f("ix_manuscript_event_actor_id"), "manuscript_event", ["actor_id"])
    op.create_table(
        "review_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_review_assignment_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_review_assignment_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_review_assignment_assigned_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_assignment")),
        sa.UniqueConstraint("manuscript_id", "user_id", name=op.f("uq_review_assignment_manuscript_id_user_id")),
    )
    op.create_index(op.f("ix_review_assignment_user_id"), "review_assignment", ["user_id"])
    op.create_index(op.f("ix_review_assignment_assigned_by_id"), "review_assignment", ["assigned_by_id"])


def downgrade():
    op.drop_table("review_assignment")
    op.drop_table("manuscript_event")
    op.drop_table("version")
    op.drop_table("manuscript_author")
    op.drop_table("manuscript")

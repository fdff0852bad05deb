"""Comments, answers to "Was this helpful?", bookmarks and collections, and which team uses which practice.

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=170), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("hidden_at", MOMENT, nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_reason", sa.String(length=300), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_comment_language")),
        sa.ForeignKeyConstraint(["hidden_by_id"], ["user.id"], name=op.f("fk_comment_hidden_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["thread_id"], ["comment.id"], name=op.f("fk_comment_thread_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_comment_author_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_comment_author_id_key")),
    )
    op.create_index("ix_comment_author", "comment", ["author_id", "at"])
    op.create_index("ix_comment_subject", "comment", ["kind", "slug", "thread_id", "id"])
    op.create_index("ix_comment_thread_id", "comment", ["thread_id"])
    op.create_table(
        "helpful_answer",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=170), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("not is_helpful or (reason = '' and words = '')", name=op.f("ck_helpful_answer_reason_for_no")),
        sa.CheckConstraint("reason in ('', 'outdated', 'unclear', 'does_not_work', 'missing')", name=op.f("ck_helpful_answer_reason")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_helpful_answer_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kind", "slug", "user_id", name=op.f("pk_helpful_answer")),
    )
    op.create_index("ix_helpful_answer_user_id", "helpful_answer", ["user_id"])
    op.create_table(
        "bookmark",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=170), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_bookmark_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "kind", "slug", name=op.f("pk_bookmark")),
    )
    op.create_table(
        "read_tick",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=170), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_read_tick_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "kind", "slug", name=op.f("pk_read_tick")),
    )
    op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sight", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_collection_language")),
        sa.CheckConstraint("sight in ('private', 'link', 'listed')", name=op.f("ck_collection_sight")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_collection_owner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_collection_team_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint("slug", name=op.f("uq_collection_slug")),
    )
    op.create_index("ix_collection_listed", "collection", ["sight", "updated_at"])
    op.create_index("ix_collection_owner_id", "collection", ["owner_id"])
    op.create_index("ix_collection_team_id", "collection", ["team_id"])
    op.create_table(
        "collection_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=170), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name=op.f("fk_collection_entry_collection_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_entry")),
        sa.UniqueConstraint("collection_id", "kind", "slug", name=op.f("uq_collection_entry_collection_id_kind_slug")),
    )
    op.create_index("ix_collection_entry_position", "collection_entry", ["collection_id", "position"])
    op.create_table(
        "adoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice_slug", sa.String(length=80), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("stage in ('trying', 'using', 'standardised', 'stopped')", name=op.f("ck_adoption_stage")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_adoption_confirmed_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_adoption_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
        sa.UniqueConstraint("practice_slug", "team_id", name=op.f("uq_adoption_practice_slug_team_id")),
    )
    op.create_index("ix_adoption_team", "adoption", ["team_id", "stage"])
    op.create_table(
        "adoption_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adoption_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("what in ('said', 'confirmed', 'stopped')", name=op.f("ck_adoption_event_what")),
        sa.CheckConstraint("stage in ('trying', 'using', 'standardised', 'stopped')", name=op.f("ck_adoption_event_stage")),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_adoption_event_actor_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["adoption_id"], ["adoption.id"], name=op.f("fk_adoption_event_adoption_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_event")),
    )
    op.create_index("ix_adoption_event_adoption_id", "adoption_event", ["adoption_id"])


def downgrade():
    op.drop_table("adoption_event")
    op.drop_table("adoption")
    op.drop_table("collection_entry")
    op.drop_table("collection")
    op.drop_table("read_tick")
    op.drop_table("bookmark")
    op.drop_table("helpful_answer")
    op.drop_table("comment")

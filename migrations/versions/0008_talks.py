"""Talks of exhibitions and sharing sessions, and who gives them.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("abstract_html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("break_before", sa.Integer(), nullable=False),
        sa.Column("story_slug", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_talk_language")),
        sa.CheckConstraint("minutes between 5 and 480", name=op.f("ck_talk_minutes")),
        sa.CheckConstraint("break_before between 0 and 240", name=op.f("ck_talk_break_before")),
        sa.ForeignKeyConstraint(["training_id"], ["training_session.id"], name=op.f("fk_talk_training_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
        sa.UniqueConstraint("training_id", "title", name=op.f("uq_talk_training_id_title")),
    )
    op.create_index("ix_talk_order", "talk", ["training_id", "position"])
    op.create_table(
        "talk_speaker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("guest", sa.String(length=80), nullable=False),
        sa.CheckConstraint("(user_id is null) = (guest <> '')", name=op.f("ck_talk_speaker_member_or_guest")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_speaker_talk_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_talk_speaker_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_speaker")),
        sa.UniqueConstraint("talk_id", "user_id", name=op.f("uq_talk_speaker_talk_id_user_id")),
    )
    op.create_index(op.f("ix_talk_speaker_talk_id"), "talk_speaker", ["talk_id"])
    op.create_index(op.f("ix_talk_speaker_user_id"), "talk_speaker", ["user_id"])


def downgrade():
    op.drop_table("talk_speaker")
    op.drop_table("talk")

"""Topics of notices and how each person hears of them; digests; what people follow; what is read, and what has to be.

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("topic", sa.String(length=16), nullable=False, server_default=""))
        table.add_column(sa.Column("bundle", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("in_app", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("digest_due_at", MOMENT, nullable=True))
        table.create_index("ix_notice_digest", ["digest_due_at", "user_id"])
    with op.batch_alter_table("notice") as table:
        table.alter_column("topic", server_default=None)
        table.alter_column("in_app", server_default=None)
    op.create_table(
        "notice_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("mailing", sa.String(length=8), nullable=False),
        sa.CheckConstraint("mailing in ('at once', 'daily', 'weekly', 'never')", name=op.f("ck_notice_choice_mailing")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notice_choice_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "topic", name=op.f("pk_notice_choice")),
    )
    op.create_table(
        "digest_hour",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_digest_hour_hour")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_digest_hour_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_digest_hour")),
    )
    op.create_table(
        "follow",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=180), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_follow_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "kind", "slug", name=op.f("pk_follow")),
    )
    op.create_index("ix_follow_subject", "follow", ["kind", "slug", "user_id"])
    op.create_table(
        "follow_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=180), nullable=False),
        sa.Column("refs", sa.JSON(), nullable=False),
        sa.Column("not_to", sa.JSON(), nullable=False),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_event")),
    )
    op.create_index("ix_follow_event_subject", "follow_event", ["kind", "slug", "event"])
    op.create_table(
        "read_day",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "slug", "language", "day", name=op.f("pk_read_day")),
    )
    op.create_index("ix_read_day_day", "read_day", ["day"])
    op.create_table(
        "read_seen",
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mark", "kind", "slug", name=op.f("pk_read_seen")),
    )
    op.create_index("ix_read_seen_at", "read_seen", ["at"])
    op.create_table(
        "read_tallied",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_read_tallied")),
    )
    op.create_table(
        "required_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("for_everybody", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_required_reading_asked_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_reading")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_required_reading_kind_slug")),
    )
    op.create_table(
        "required_team",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["required_reading.id"], name=op.f("fk_required_team_reading_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_required_team_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reading_id", "team_id", name=op.f("pk_required_team")),
    )
    op.create_index(op.f("ix_required_team_team_id"), "required_team", ["team_id"])
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text_hash", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["required_reading.id"], name=op.f("fk_acknowledgement_reading_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_acknowledgement_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("reading_id", "user_id", "round", name=op.f("uq_acknowledgement_reading_id_user_id_round")),
    )
    op.create_index("ix_acknowledgement_user", "acknowledgement", ["user_id", "reading_id"])
    op.create_table(
        "reading_nudge",
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("lead", sa.String(length=8), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("lead in ('asked', 'soon', 'overdue')", name=op.f("ck_reading_nudge_lead")),
        sa.ForeignKeyConstraint(["reading_id"], ["required_reading.id"], name=op.f("fk_reading_nudge_reading_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reading_nudge_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reading_id", "user_id", "round", "lead", name=op.f("pk_reading_nudge")),
    )
    op.create_index(op.f("ix_reading_nudge_user_id"), "reading_nudge", ["user_id"])


def downgrade():
    op.drop_table("reading_nudge")
    op.drop_table("acknowledgement")
    op.drop_table("required_team")
    op.drop_table("required_reading")
    op.drop_table("read_tallied")
    op.drop_table("read_seen")
    op.drop_table("read_day")
    op.drop_table("follow_event")
    op.drop_table("follow")
    op.drop_table("digest_hour")
    op.drop_table("notice_choice")
    op.execute("delete from notice where not in_app")
    with op.batch_alter_table("notice") as table:
        table.drop_index("ix_notice_digest")
        for name in ("digest_due_at", "in_app", "bundle", "topic"):
            table.drop_column(name)

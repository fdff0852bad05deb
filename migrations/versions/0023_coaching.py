"""Requests for coaching, engagements, office hours, the path of coaches.

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "path_stage",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_path_stage")),
        sa.UniqueConstraint("position", name=op.f("uq_path_stage_position")),
    )
    op.create_table(
        "coach_room",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("most between 0 and 50", name=op.f("ck_coach_room_most")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_coach_room_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_coach_room")),
    )
    op.create_table(
        "coach_away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_coach_away_last_after_first")),
        sa.ForeignKeyConstraint(["coach_id"], ["user.id"], name=op.f("fk_coach_away_coach_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coach_away")),
        sa.UniqueConstraint("coach_id", "first", "last", name=op.f("uq_coach_away_coach_id_first_last")),
    )
    op.create_table(
        "office_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("is_drop_in", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("lead_hours", sa.Integer(), nullable=False),
        sa.Column("cancel_hours", sa.Integer(), nullable=False),
        sa.Column("ahead_days", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ahead_days between 1 and 180", name=op.f("ck_office_hours_ahead_days")),
        sa.CheckConstraint("cancel_hours between 0 and 336", name=op.f("ck_office_hours_cancel_hours")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_office_hours_ends_after_start")),
        sa.CheckConstraint("lead_hours between 0 and 336", name=op.f("ck_office_hours_lead_hours")),
        sa.CheckConstraint("slot_minutes between 10 and 240", name=op.f("ck_office_hours_slot_minutes")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_office_hours_weekday")),
        sa.ForeignKeyConstraint(["coach_id"], ["user.id"], name=op.f("fk_office_hours_coach_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
    )
    with op.batch_alter_table("office_hours") as batch_op:
        batch_op.create_index(batch_op.f("ix_office_hours_coach_id"), ["coach_id"], unique=False)

    op.create_table(
        "path_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'approved', 'declined', 'withdrawn')", name=op.f("ck_path_application_state")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_path_application_decided_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_path_application_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_application")),
    )
    with op.batch_alter_table("path_application") as batch_op:
        batch_op.create_index(
            "ix_path_application_open",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "path_observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("observer_id", sa.Integer(), nullable=True),
        sa.Column("training_slug", sa.String(length=80), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["observer_id"], ["user.id"], name=op.f("fk_path_observation_observer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_path_observation_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_observation")),
        sa.UniqueConstraint(
            "user_id",
            "observer_id",
            "training_slug",
            name=op.f("uq_path_observation_user_id_observer_id_training_slug"),
        ),
    )
    op.create_table(
        "path_standing",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user.id"], name=op.f("fk_path_standing_approved_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_path_standing_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_path_standing")),
    )
    with op.batch_alter_table("path_standing") as batch_op:
        batch_op.create_index(batch_op.f("ix_path_standing_stage"), ["stage"], unique=False)

    op.create_table(
        "office_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hours_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.CheckConstraint("(starts is null) = (ends is null)", name=op.f("ck_office_exception_both_or_none")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_office_exception_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["office_hours.id"], name=op.f("fk_office_exception_hours_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_exception")),
        sa.UniqueConstraint("hours_id", "day", name=op.f("uq_office_exception_hours_id_day")),
    )
    op.create_table(
        "office_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hours_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("called_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'called', 'served', 'left', 'missed')", name=op.f("ck_office_ticket_state")
        ),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["office_hours.id"], name=op.f("fk_office_ticket_hours_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_office_ticket_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_ticket")),
        sa.UniqueConstraint("hours_id", "day", "number", name=op.f("uq_office_ticket_hours_id_day_number")),
    )
    with op.batch_alter_table("office_ticket") as batch_op:
        batch_op.create_index(
            "ix_office_ticket_once",
            ["hours_id", "day", "user_id"],
            unique=True,
            sqlite_where=sa.text("state in ('waiting', 'called')"),
            postgresql_where=sa.text("state in ('waiting', 'called')"),
        )
        batch_op.create_index(batch_op.f("ix_office_ticket_user_id"), ["user_id"], unique=False)

    op.create_table(
        "coaching_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("capability_id", sa.Integer(), nullable=True),
        sa.Column("from_level", sa.Integer(), nullable=True),
        sa.Column("to_level", sa.Integer(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("wished_from", sa.Date(), nullable=True),
        sa.Column("wished_until", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_coaching_request_language")),
        sa.CheckConstraint(
            "state in ('open', 'asked', 'stranded', 'accepted', 'withdrawn')", name=op.f("ck_coaching_request_state")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_coaching_request_asked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["capability_id"], ["capability.id"], name=op.f("fk_coaching_request_capability_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["user.id"], name=op.f("fk_coaching_request_coach_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_coaching_request_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_request")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_coaching_request_team_id_key")),
    )
    with op.batch_alter_table("coaching_request") as batch_op:
        batch_op.create_index("ix_coaching_request_clock", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_coaching_request_coach", ["coach_id", "state"], unique=False)

    op.create_table(
        "coaching_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("first_word_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ending", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "ending in ('accepted', 'declined', 'handed over', 'ran out', 'gone', 'withdrawn')",
            name=op.f("ck_coaching_offer_ending"),
        ),
        sa.CheckConstraint(
            "origin in ('matched', 'wished', 'handed over', 'given')", name=op.f("ck_coaching_offer_origin")
        ),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["user.id"], name=op.f("fk_coaching_offer_coach_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["coaching_request.id"], name=op.f("fk_coaching_offer_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_offer")),
    )
    with op.batch_alter_table("coaching_offer") as batch_op:
        batch_op.create_index("ix_coaching_offer_coach", ["coach_id", "offered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_coaching_offer_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            "ix_coaching_offer_running",
            ["request_id"],
            unique=True,
            sqlite_where=sa.text("ending is null"),
            postgresql_where=sa.text("ending is null"),
        )

    op.create_table(
        "coaching_request_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_coaching_request_word_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["coaching_request.id"],
            name=op.f("fk_coaching_request_word_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_request_word")),
    )
    with op.batch_alter_table("coaching_request_word") as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_request_word_request_id"), ["request_id"], unique=False)

    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("left_told_at", MOMENT, nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state in ('running', 'paused', 'ended')", name=op.f("ck_engagement_state")),
        sa.ForeignKeyConstraint(["coach_id"], ["user.id"], name=op.f("fk_engagement_coach_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["coaching_request.id"], name=op.f("fk_engagement_request_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_engagement_team_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("request_id", name=op.f("uq_engagement_request_id")),
    )
    with op.batch_alter_table("engagement") as batch_op:
        batch_op.create_index("ix_engagement_coach", ["coach_id", "state"], unique=False)
        batch_op.create_index("ix_engagement_team", ["team_id", "state"], unique=False)

    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("hours_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("capability_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("reminded_for", MOMENT, nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state in ('booked', 'cancelled', 'held', 'missed')", name=op.f("ck_booking_state")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_booking_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["capability_id"], ["capability.id"], name=op.f("fk_booking_capability_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["coach_id"], ["user.id"], name=op.f("fk_booking_coach_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_booking_ended_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_booking_engagement_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["hours_id"], ["office_hours.id"], name=op.f("fk_booking_hours_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_booking_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    with op.batch_alter_table("booking") as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_hours_id"), ["hours_id"], unique=False)
        batch_op.create_index(
            "ix_booking_one_at_a_time",
            ["coach_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.create_index("ix_booking_user", ["user_id", "starts_at"], unique=False)
        batch_op.create_index("ix_booking_clock", ["state", "starts_at"], unique=False)

    op.create_table(
        "engagement_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("nudged_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_action_engagement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_engagement_action_owner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_action")),
    )
    with op.batch_alter_table("engagement_action") as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_action_engagement_id"), ["engagement_id"], unique=False)
        batch_op.create_index("ix_engagement_action_owner", ["owner_id", "done_at", "due_on"], unique=False)

    op.create_table(
        "engagement_feedback",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("shown_mark", sa.Integer(), nullable=True),
        sa.Column("shown_text", sa.Text(), nullable=False),
        sa.CheckConstraint("mark between 1 and 5", name=op.f("ck_engagement_feedback_mark")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_feedback_engagement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_engagement_feedback_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("engagement_id", "user_id", name=op.f("pk_engagement_feedback")),
    )
    op.create_table(
        "engagement_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("capability_id", sa.Integer(), nullable=True),
        sa.Column("from_level", sa.Integer(), nullable=True),
        sa.Column("to_level", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["capability_id"], ["capability.id"], name=op.f("fk_engagement_goal_capability_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_goal_engagement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_goal")),
    )
    with op.batch_alter_table("engagement_goal") as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_goal_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "engagement_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_engagement_note_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_note_engagement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_note")),
    )
    with op.batch_alter_table("engagement_note") as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_note_engagement_id"), ["engagement_id"], unique=False)

    op.create_table(
        "engagement_session",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("training_slug", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_session_engagement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("engagement_id", "training_slug", name=op.f("pk_engagement_session")),
    )
    with op.batch_alter_table("engagement_session") as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_session_training_slug"), ["training_slug"], unique=False)


def downgrade():
    with op.batch_alter_table("engagement_session") as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_session_training_slug"))

    op.drop_table("engagement_session")
    with op.batch_alter_table("engagement_note") as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_note_engagement_id"))

    op.drop_table("engagement_note")
    with op.batch_alter_table("engagement_goal") as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_goal_engagement_id"))

    op.drop_table("engagement_goal")
    op.drop_table("engagement_feedback")
    with op.batch_alter_table("engagement_action") as batch_op:
        batch_op.drop_index("ix_engagement_action_owner")
        batch_op.drop_index(batch_op.f("ix_engagement_action_engagement_id"))

    op.drop_table("engagement_action")
    with op.batch_alter_table("booking") as batch_op:
        batch_op.drop_index("ix_booking_clock")
        batch_op.drop_index("ix_booking_user")
        batch_op.drop_index(
            "ix_booking_one_at_a_time",
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.drop_index(batch_op.f("ix_booking_hours_id"))
        batch_op.drop_index(batch_op.f("ix_booking_engagement_id"))

    op.drop_table("booking")
    with op.batch_alter_table("engagement") as batch_op:
        batch_op.drop_index("ix_engagement_team")
        batch_op.drop_index("ix_engagement_coach")

    op.drop_table("engagement")
    with op.batch_alter_table("coaching_request_word") as batch_op:
        batch_op.drop_index(batch_op.f("ix_coaching_request_word_request_id"))

    op.drop_table("coaching_request_word")
    with op.batch_alter_table("coaching_offer") as batch_op:
        batch_op.drop_index(
            "ix_coaching_offer_running",
            sqlite_where=sa.text("ending is null"),
            postgresql_where=sa.text("ending is null"),
        )
        batch_op.drop_index(batch_op.f("ix_coaching_offer_request_id"))
        batch_op.drop_index("ix_coaching_offer_coach")

    op.drop_table("coaching_offer")
    with op.batch_alter_table("coaching_request") as batch_op:
        batch_op.drop_index("ix_coaching_request_coach")
        batch_op.drop_index("ix_coaching_request_clock")

    op.drop_table("coaching_request")
    with op.batch_alter_table("office_ticket") as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_ticket_user_id"))
        batch_op.drop_index(
            "ix_office_ticket_once",
            sqlite_where=sa.text("state in ('waiting', 'called')"),
            postgresql_where=sa.text("state in ('waiting', 'called')"),
        )

    op.drop_table("office_ticket")
    op.drop_table("office_exception")
    with op.batch_alter_table("path_standing") as batch_op:
        batch_op.drop_index(batch_op.f("ix_path_standing_stage"))

    op.drop_table("path_standing")
    op.drop_table("path_observation")
    with op.batch_alter_table("path_application") as batch_op:
        batch_op.drop_index(
            "ix_path_application_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.drop_table("path_application")
    with op.batch_alter_table("office_hours") as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_hours_coach_id"))

    op.drop_table("office_hours")
    op.drop_table("coach_away")
    op.drop_table("coach_room")
    op.drop_table("path_stage")

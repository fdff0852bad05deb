"""Meetings; how seats are given out; offers, requests, holds, questions and head starts.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    _session()
    _meetings()
    op.create_table(
        "seat_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("seats between 1 and 1000", name=op.f("ck_seat_hold_seats")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_seat_hold_created_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_seat_hold_team_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["training_id"], ["training_session.id"], name=op.f("fk_seat_hold_training_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_hold")),
        sa.UniqueConstraint("training_id", "team_id", name=op.f("uq_seat_hold_training_id_team_id")),
    )
    op.create_index(op.f("ix_seat_hold_team_id"), "seat_hold", ["team_id"])
    op.create_index(op.f("ix_seat_hold_until"), "seat_hold", ["until"])
    _enrolment()
    op.create_table(
        "signup_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind in ('text', 'choice', 'consent')", name=op.f("ck_signup_question_kind")),
        sa.ForeignKeyConstraint(["training_id"], ["training_session.id"], name=op.f("fk_signup_question_training_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup_question")),
        sa.UniqueConstraint("training_id", "position", name=op.f("uq_signup_question_training_id_position")),
    )
    op.create_table(
        "signup_answer",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_signup_answer_enrolment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["question_id"], ["signup_question.id"], name=op.f("fk_signup_answer_question_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("enrolment_id", "question_id", name=op.f("pk_signup_answer")),
    )
    op.create_index(op.f("ix_signup_answer_question_id"), "signup_answer", ["question_id"])
    op.create_table(
        "head_start",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["training_id"], ["training_session.id"], name=op.f("fk_head_start_training_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_head_start_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("training_id", "user_id", name=op.f("pk_head_start")),
    )
    op.create_index(op.f("ix_head_start_user_id"), "head_start", ["user_id"])


def _session():
    with op.batch_alter_table("training_session") as table:
        table.add_column(sa.Column("head_start_at", MOMENT, nullable=True))
        table.add_column(sa.Column("needs_approval", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("waiting", sa.String(length=16), nullable=False, server_default="promotion"))
        table.add_column(sa.Column("offer_hours", sa.Integer(), nullable=False, server_default="24"))
        table.add_column(sa.Column("absentees_last", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("minimum", sa.Integer(), nullable=True))
        table.add_column(sa.Column("decide_at", MOMENT, nullable=True))
        table.add_column(sa.Column("decision_asked_at", MOMENT, nullable=True))
        table.add_column(sa.Column("decided_at", MOMENT, nullable=True))
        table.create_check_constraint(op.f("ck_training_session_waiting"), "waiting in ('promotion', 'offer')")
        table.create_check_constraint(op.f("ck_training_session_offer_hours"), "offer_hours between 1 and 336")
        table.create_check_constraint(op.f("ck_training_session_minimum"), "minimum between 1 and capacity")
        table.create_check_constraint(op.f("ck_training_session_minimum_has_a_day"), "(minimum is null) = (decide_at is null)")
        table.create_index(op.f("ix_training_session_decide_at"), ["decide_at"])
    with op.batch_alter_table("training_session") as table:
        for name in ("needs_approval", "waiting", "offer_hours", "absentees_last"):
            table.alter_column(name, server_default=None)


def _meetings():
    """Every session that is there has had one meeting, as long as itself."""
    op.create_table(
        "training_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_training_meeting_ends_after_start")),
        sa.ForeignKeyConstraint(["training_id"], ["training_session.id"], name=op.f("fk_training_meeting_training_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_meeting")),
    )
    op.create_index("ix_training_meeting_time", "training_meeting", ["training_id", "starts_at"])
    op.execute(
        "INSERT INTO training_meeting (training_id, starts_at, ends_at) SELECT id, starts_at, ends_at FROM training_session"
    )


def _enrolment():
    with op.batch_alter_table("enrolment") as table:
        table.add_column(sa.Column("is_behind", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("offer_until", MOMENT, nullable=True))
        table.add_column(sa.Column("hold_id", sa.Integer(), nullable=True))
        table.drop_constraint(op.f("ck_enrolment_state"), type_="check")
        table.create_check_constraint(
            op.f("ck_enrolment_state"), "state in ('confirmed', 'offered', 'waiting', 'requested', 'cancelled')"
        )
        table.create_check_constraint(
            op.f("ck_enrolment_offer_has_an_end"), "(state = 'offered') = (offer_until is not null)"
        )
        table.create_foreign_key(op.f("fk_enrolment_hold_id"), "seat_hold", ["hold_id"], ["id"], ondelete="SET NULL")
        table.drop_index("ix_enrolment_order")
        table.create_index("ix_enrolment_order", ["training_id", "state", "is_behind", "queue"])
        table.create_index("ix_enrolment_offer", ["state", "offer_until"])
        table.create_index(op.f("ix_enrolment_hold_id"), ["hold_id"])
    with op.batch_alter_table("enrolment") as table:
        table.alter_column("is_behind", server_default=None)
    with op.batch_alter_table("enrolment_event") as table:
        table.add_column(sa.Column("reason", sa.String(length=500), nullable=False, server_default=""))
    with op.batch_alter_table("enrolment_event") as table:
        table.alter_column("reason", server_default=None)


def downgrade():
    """Offers and requests, which the earlier form does not know, wait."""
    op.execute("UPDATE enrolment SET state = 'waiting', offer_until = NULL WHERE state IN ('offered', 'requested')")
    op.drop_table("head_start")
    op.drop_table("signup_answer")
    op.drop_table("signup_question")
    with op.batch_alter_table("enrolment_event") as table:
        table.drop_column("reason")
    with op.batch_alter_table("enrolment") as table:
        table.drop_index(op.f("ix_enrolment_hold_id"))
        table.drop_index("ix_enrolment_offer")
        table.drop_index("ix_enrolment_order")
        table.drop_constraint(op.f("fk_enrolment_hold_id"), type_="foreignkey")
        table.drop_constraint(op.f("ck_enrolment_offer_has_an_end"), type_="check")
        table.drop_constraint(op.f("ck_enrolment_state"), type_="check")
        table.create_check_constraint(op.f("ck_enrolment_state"), "state in ('confirmed', 'waiting', 'cancelled')")
        table.drop_column("hold_id")
        table.drop_column("offer_until")
        table.drop_column("is_behind")
        table.create_index("ix_enrolment_order", ["training_id", "state", "queue"])
    op.drop_table("seat_hold")
    op.drop_table("training_meeting")
    with op.batch_alter_table("training_session") as table:
        table.drop_index(op.f("ix_training_session_decide_at"))
        for name in ("minimum_has_a_day", "minimum", "offer_hours", "waiting"):
            table.drop_constraint(op.f(f"ck_training_session_{name}"), type_="check")
        for name in ("decided_at", "decision_asked_at", "decide_at", "minimum", "absentees_last", "offer_hours", "waiting", "needs_approval", "head_start_at"):
            table.drop_column(name)

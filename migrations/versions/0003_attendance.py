"""Who was there at each meeting, and the history of it; hours of a head start at sign-up.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("means", sa.String(length=8), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("state in ('present', 'late', 'excused', 'absent')", name=op.f("ck_attendance_state")),
        sa.CheckConstraint("means in ('roster', 'wall', 'personal', 'walk_in')", name=op.f("ck_attendance_means")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_enrolment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["training_meeting.id"], name=op.f("fk_attendance_meeting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("meeting_id", "enrolment_id", name=op.f("uq_attendance_meeting_id_enrolment_id")),
    )
    op.create_index(op.f("ix_attendance_enrolment_id"), "attendance", ["enrolment_id"])
    op.create_table(
        "attendance_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("means", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_attendance_event_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_event_enrolment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["training_meeting.id"], name=op.f("fk_attendance_event_meeting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_event")),
        sa.UniqueConstraint("meeting_id", "enrolment_id", "mark", name=op.f("uq_attendance_event_meeting_id_enrolment_id_mark")),
    )
    op.create_index(op.f("ix_attendance_event_enrolment_id"), "attendance_event", ["enrolment_id"])
    with op.batch_alter_table("training_session") as table:
        table.add_column(sa.Column("head_start_hours", sa.Integer(), nullable=False, server_default="0"))
        table.create_check_constraint(op.f("ck_training_session_head_start_hours"), "head_start_hours between 0 and 168")
    with op.batch_alter_table("training_session") as table:
        table.alter_column("head_start_hours", server_default=None)


def downgrade():
    with op.batch_alter_table("training_session") as table:
        table.drop_constraint(op.f("ck_training_session_head_start_hours"), type_="check")
        table.drop_column("head_start_hours")
    op.drop_table("attendance_event")
    op.drop_table("attendance")

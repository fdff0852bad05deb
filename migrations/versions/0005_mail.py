"""Mail knows its person and can be dropped; what stands in people's calendars, reminders, feeds to subscribe to.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "state in ('queued', 'sending', 'sent', 'failed')"
STATES_NOW = "state in ('queued', 'sending', 'sent', 'failed', 'dropped')"


def upgrade():
    with op.batch_alter_table("mail") as table:
        table.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_mail_user_id"), "user", ["user_id"], ["id"], ondelete="SET NULL")
        table.create_index(op.f("ix_mail_user_id"), ["user_id"])
        table.drop_constraint(op.f("ck_mail_state"), type_="check")
        table.create_check_constraint(op.f("ck_mail_state"), STATES_NOW)
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_calendar_entry_enrolment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["training_meeting.id"], name=op.f("fk_calendar_entry_meeting_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sa.UniqueConstraint("enrolment_id", "uid", name=op.f("uq_calendar_entry_enrolment_id_uid")),
    )
    op.create_index(op.f("ix_calendar_entry_meeting_id"), "calendar_entry", ["meeting_id"])
    op.create_index("ix_calendar_entry_open", "calendar_entry", ["withdrawn_at", "ends_at"])
    op.create_table(
        "reminder_plan",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Boolean(), nullable=False),
        sa.Column("hour", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["training_id"], ["training_session.id"], name=op.f("fk_reminder_plan_training_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("training_id", name=op.f("pk_reminder_plan")),
    )
    op.create_table(
        "reminder",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("lead", sa.String(length=8), nullable=False),
        sa.Column("covers_until", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("was_sent", sa.Boolean(), nullable=False),
        sa.CheckConstraint("lead in ('week', 'day', 'hour')", name=op.f("ck_reminder_lead")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_reminder_enrolment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["meeting_id"], ["training_meeting.id"], name=op.f("fk_reminder_meeting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("enrolment_id", "meeting_id", "lead", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_meeting_id"), "reminder", ["meeting_id"])
    op.create_index(op.f("ix_training_meeting_starts_at"), "training_meeting", ["starts_at"])
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )


def downgrade():
    op.drop_table("calendar_feed")
    op.drop_index(op.f("ix_training_meeting_starts_at"), table_name="training_meeting")
    op.drop_table("reminder")
    op.drop_table("reminder_plan")
    op.drop_table("calendar_entry")
    op.execute("delete from mail where state = 'dropped'")
    with op.batch_alter_table("mail") as table:
        table.drop_constraint(op.f("ck_mail_state"), type_="check")
        table.create_check_constraint(op.f("ck_mail_state"), STATES)
        table.drop_index(op.f("ix_mail_user_id"))
        table.drop_constraint(op.f("fk_mail_user_id"), type_="foreignkey")
        table.drop_column("user_id")

"""Courses, and series of sessions.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    _course()
    _prerequisites()
    op.create_table(
        "training_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("pattern", sa.String(length=16), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "pattern in ('weekly', 'fortnightly', 'monthly', 'monthly_last')", name=op.f("ck_training_series_pattern")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_training_series_created_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_series")),
        sa.UniqueConstraint("created_by_id", "token", name=op.f("uq_training_series_created_by_id_token")),
    )
    with op.batch_alter_table("training_session") as table:
        table.add_column(sa.Column("course_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("series_date", sa.Date(), nullable=True))
        table.create_foreign_key(op.f("fk_training_session_course_id"), "training_course", ["course_id"], ["id"], ondelete="SET NULL")
        table.create_foreign_key(op.f("fk_training_session_series_id"), "training_series", ["series_id"], ["id"], ondelete="SET NULL")
        table.create_unique_constraint(op.f("uq_training_session_series_id_series_date"), ["series_id", "series_date"])
        table.create_check_constraint(op.f("ck_training_session_series_has_a_date"), "series_id is null or series_date is not null")
        table.create_index("ix_training_session_course", ["course_id", "state", "ends_at"])


def _course():
    op.create_table(
        "training_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), nullable=False),
        sa.Column("description_text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("capability_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_training_course_language")),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_training_course_level")),
        sa.ForeignKeyConstraint(["capability_id"], ["capability.id"], name=op.f("fk_training_course_capability_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_training_course_created_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_course")),
        sa.UniqueConstraint("slug", name=op.f("uq_training_course_slug")),
    )
    op.create_index(op.f("ix_training_course_capability_id"), "training_course", ["capability_id"])
    op.create_index(op.f("ix_training_course_created_by_id"), "training_course", ["created_by_id"])
    op.create_table(
        "course_coach",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["training_course.id"], name=op.f("fk_course_coach_course_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_course_coach_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("course_id", "user_id", name=op.f("pk_course_coach")),
    )
    op.create_index(op.f("ix_course_coach_user_id"), "course_coach", ["user_id"])


def _prerequisites():
    op.create_table(
        "course_practice",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["training_course.id"], name=op.f("fk_course_practice_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("course_id", "slug", name=op.f("pk_course_practice")),
    )
    op.create_table(
        "course_before",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("course_id <> before_id", name=op.f("ck_course_before_not_itself")),
        sa.ForeignKeyConstraint(["before_id"], ["training_course.id"], name=op.f("fk_course_before_before_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["course_id"], ["training_course.id"], name=op.f("fk_course_before_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("course_id", "before_id", name=op.f("pk_course_before")),
    )
    op.create_index(op.f("ix_course_before_before_id"), "course_before", ["before_id"])


def downgrade():
    with op.batch_alter_table("training_session") as table:
        table.drop_index("ix_training_session_course")
        table.drop_constraint(op.f("ck_training_session_series_has_a_date"), type_="check")
        table.drop_constraint(op.f("uq_training_session_series_id_series_date"), type_="unique")
        table.drop_constraint(op.f("fk_training_session_series_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_training_session_course_id"), type_="foreignkey")
        table.drop_column("series_date")
        table.drop_column("series_id")
        table.drop_column("course_id")
    op.drop_table("training_series")
    op.drop_table("course_before")
    op.drop_table("course_practice")
    op.drop_table("course_coach")
    op.drop_table("training_course")

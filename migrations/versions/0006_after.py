"""After a session: feedback, thanks, materials, certificates.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def of_session(table):
    return sa.ForeignKeyConstraint(["training_id"], ["training_session.id"], name=op.f(f"fk_{table}_training_id"), ondelete="CASCADE")


def upgrade():
    feedback()
    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.CheckConstraint("audience in ('all', 'there')", name=op.f("ck_material_audience")),
        of_session("material"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    op.create_index("ix_material_order", "material", ["training_id", "position"])
    op.create_index("ix_material_untold", "material", ["is_told", "training_id"])
    certificates()


def feedback():
    op.create_table(
        "feedback_answer",
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("trainer", sa.Integer(), nullable=False),
        sa.Column("usefulness", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("content between 1 and 5", name=op.f("ck_feedback_answer_content")),
        sa.CheckConstraint("trainer between 1 and 5", name=op.f("ck_feedback_answer_trainer")),
        sa.CheckConstraint("usefulness between 1 and 5", name=op.f("ck_feedback_answer_usefulness")),
        of_session("feedback_answer"),
        sa.PrimaryKeyConstraint("seal", name=op.f("pk_feedback_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_feedback_answer_training_id"), "feedback_answer", ["training_id"])
    op.create_table(
        "thanked",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        of_session("thanked"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_thanked_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("training_id", "user_id", name=op.f("pk_thanked")),
    )
    op.create_index(op.f("ix_thanked_user_id"), "thanked", ["user_id"])
    op.create_table(
        "thanks_off",
        sa.Column("training_id", sa.Integer(), nullable=False),
        of_session("thanks_off"),
        sa.PrimaryKeyConstraint("training_id", name=op.f("pk_thanks_off")),
    )


def certificates():
    op.create_table(
        "certificate_rule",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.CheckConstraint("needed between 1 and 40", name=op.f("ck_certificate_rule_needed")),
        of_session("certificate_rule"),
        sa.PrimaryKeyConstraint("training_id", name=op.f("pk_certificate_rule")),
    )
    by = [
        sa.ForeignKeyConstraint([column], ["user.id"], name=op.f(f"fk_certificate_{column}"), ondelete="SET NULL")
        for column in ("issued_by_id", "kept_by_id", "revoked_by_id")
    ]
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("coaches", sa.String(length=1000), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("doubted_at", MOMENT, nullable=True),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_certificate_language")),
        sa.CheckConstraint("(revoked_at is null) = (revoked_reason = '')", name=op.f("ck_certificate_revoked_with_a_reason")),
        of_session("certificate"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_certificate_user_id"), ondelete="CASCADE"),
        *by,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
    )
    op.create_index(op.f("ix_certificate_training_id"), "certificate", ["training_id"])
    op.create_index(op.f("ix_certificate_user_id"), "certificate", ["user_id"])
    valid = sa.text("revoked_at is null")
    op.create_index(
        "uq_certificate_valid", "certificate", ["training_id", "user_id"], unique=True, sqlite_where=valid, postgresql_where=valid
    )
    op.create_table(
        "certificate_paper",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("has_pdf", sa.Boolean(), nullable=False),
        sa.Column("lacking", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_paper_certificate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_paper")),
    )


def downgrade():
    for table in (
        "certificate_paper", "certificate", "certificate_rule", "material", "thanks_off", "thanked", "feedback_answer",
    ):  # fmt: skip
        op.drop_table(table)

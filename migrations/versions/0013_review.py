"""Reviewing: who reviews what, reviews with their marks, remarks on passages, what must not be published.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "reviewer_capability",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("capability_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["capability_id"], ["capability.id"], name=op.f("fk_reviewer_capability_capability_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reviewer_capability_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "capability_id", name=op.f("pk_reviewer_capability")),
    )
    op.create_index("ix_reviewer_capability_capability_id", "reviewer_capability", ["capability_id"])
    op.create_table(
        "review_assignment_reason",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("fit", sa.String(length=16), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.CheckConstraint("fit in ('capability', 'area', 'editor')", name=op.f("ck_review_assignment_reason_fit")),
        sa.ForeignKeyConstraint(["assignment_id"], ["review_assignment.id"], name=op.f("fk_review_assignment_reason_assignment_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_review_assignment_reason")),
    )
    op.create_table(
        "review_handed_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_review_handed_back_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_review_handed_back_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_handed_back")),
    )
    op.create_index("ix_review_handed_back_manuscript_id", "review_handed_back", ["manuscript_id"])
    op.create_index("ix_review_handed_back_user_id", "review_handed_back", ["user_id"])
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.String(length=8), nullable=True),
        sa.Column("clarity", sa.String(length=8), nullable=True),
        sa.Column("usefulness", sa.String(length=8), nullable=True),
        sa.Column("sensitive", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("decision <> 'accept' or sensitive in ('good', 'enough')", name=op.f("ck_review_accepted_is_not_sensitive")),
        sa.CheckConstraint("clarity in ('good', 'enough', 'not_yet')", name=op.f("ck_review_clarity")),
        sa.CheckConstraint("decision in ('accept', 'request_changes', 'reject')", name=op.f("ck_review_decision")),
        sa.CheckConstraint("evidence in ('good', 'enough', 'not_yet')", name=op.f("ck_review_evidence")),
        sa.CheckConstraint("sensitive in ('good', 'enough', 'not_yet')", name=op.f("ck_review_sensitive")),
        sa.CheckConstraint("usefulness in ('good', 'enough', 'not_yet')", name=op.f("ck_review_usefulness")),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_review_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_review_reviewer_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_manuscript_id", "review", ["manuscript_id", "id"])
    op.create_index("ix_review_reviewer_id", "review", ["reviewer_id"])
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("quote", sa.String(length=1000), nullable=False),
        sa.Column("prefix", sa.String(length=64), nullable=False),
        sa.Column("suffix", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["done_by_id"], ["user.id"], name=op.f("fk_remark_done_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_remark_manuscript_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index("ix_remark_done_by_id", "remark", ["done_by_id"])
    op.create_index("ix_remark_manuscript_id", "remark", ["manuscript_id", "id"])
    op.create_table(
        "remark_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint("side in ('review', 'writing')", name=op.f("ck_remark_entry_side")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_remark_entry_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_remark_entry_remark_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark_entry")),
    )
    op.create_index("ix_remark_entry_author_id", "remark_entry", ["author_id"])
    op.create_index("ix_remark_entry_remark_id", "remark_entry", ["remark_id", "id"])
    op.create_table(
        "review_nudge",
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("nudge", sa.String(length=16), nullable=False),
        sa.Column("round", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_review_nudge_manuscript_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_review_nudge_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("manuscript_id", "user_id", "nudge", "round", name=op.f("pk_review_nudge")),
    )
    op.create_index("ix_review_nudge_user_id", "review_nudge", ["user_id"])
    op.create_table(
        "guarded_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("normal", sa.String(length=80), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name=op.f("fk_guarded_word_added_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarded_word")),
        sa.UniqueConstraint("normal", name=op.f("uq_guarded_word_normal")),
    )
    op.create_index("ix_guarded_word_added_by_id", "guarded_word", ["added_by_id"])
    op.create_table(
        "finding_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manuscript_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_finding_answer_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["manuscript_id"], ["manuscript.id"], name=op.f("fk_finding_answer_manuscript_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_answer")),
        sa.UniqueConstraint("manuscript_id", "digest", name=op.f("uq_finding_answer_manuscript_id_digest")),
    )
    op.create_index("ix_finding_answer_author_id", "finding_answer", ["author_id"])


def downgrade():
    op.drop_table("finding_answer")
    op.drop_table("guarded_word")
    op.drop_table("review_nudge")
    op.drop_table("remark_entry")
    op.drop_table("remark")
    op.drop_table("review")
    op.drop_table("review_handed_back")
    op.drop_table("review_assignment_reason")
    op.drop_table("reviewer_capability")

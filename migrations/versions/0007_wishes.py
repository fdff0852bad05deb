"""One list of wishes: what people want to learn, with votes. What editors noted for themselves moves over.

Revision: 0007
Follows: 0006
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
HAN = re.compile("[\u3400-\u9fff]")
DONE = "Done / 已完成"
OLD = sa.table(
    "search_wish",
    sa.column("text", sa.String), sa.column("note", sa.String), sa.column("state", sa.String),
    sa.column("created_at", MOMENT), sa.column("created_by_id", sa.Integer),
    sa.column("changed_at", MOMENT), sa.column("changed_by_id", sa.Integer),
)
NEW = sa.table(
    "training_wish",
    sa.column("title", sa.String), sa.column("normal", sa.String), sa.column("why", sa.String),
    sa.column("language", sa.String), sa.column("made_by_id", sa.Integer), sa.column("made_at", MOMENT),
    sa.column("closed_at", MOMENT), sa.column("closed_by_id", sa.Integer), sa.column("closed_reason", sa.String),
    sa.column("is_sample", sa.Boolean),
)


def upgrade():
    op.create_table(
        "training_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("normal", sa.String(length=120), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("capability_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_reason", sa.String(length=500), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_training_wish_level")),
        sa.CheckConstraint("language in ('en', 'zh')", name=op.f("ck_training_wish_language")),
        sa.ForeignKeyConstraint(["capability_id"], ["capability.id"], name=op.f("fk_training_wish_capability_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["training_id"], ["training_session.id"], name=op.f("fk_training_wish_training_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_training_wish_made_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_training_wish_closed_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_wish")),
    )
    op.create_index("ix_training_wish_capability", "training_wish", ["capability_id", "closed_at"])
    op.create_index("ix_training_wish_normal", "training_wish", ["normal"])
    op.create_index(op.f("ix_training_wish_training_id"), "training_wish", ["training_id"])
    op.create_index(op.f("ix_training_wish_made_by_id"), "training_wish", ["made_by_id"])
    op.create_table(
        "training_wish_vote",
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["wish_id"], ["training_wish.id"], name=op.f("fk_training_wish_vote_wish_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_training_wish_vote_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("wish_id", "user_id", name=op.f("pk_training_wish_vote")),
    )
    op.create_index(op.f("ix_training_wish_vote_user_id"), "training_wish_vote", ["user_id"])
    is_open = OLD.c.state == "open"
    op.execute(
        NEW.insert().from_select(
            [column.name for column in NEW.columns],
            sa.select(
                OLD.c.text, OLD.c.text, OLD.c.note,
                sa.literal("en"),
                OLD.c.created_by_id, OLD.c.created_at,
                sa.case((is_open, sa.null()), else_=OLD.c.changed_at),
                sa.case((is_open, sa.null()), else_=OLD.c.changed_by_id),
                sa.case((is_open, ""), else_=DONE),
                sa.false(),
            ).order_by(sa.text("id")),
        )
    )
    connection = op.get_bind()
    for title in connection.execute(sa.select(NEW.c.title)).scalars().all():
        if HAN.search(title):
            connection.execute(sa.update(NEW).where(NEW.c.title == title).values(language="zh"))
    op.drop_table("search_wish")


def downgrade():
    op.create_table(
        "search_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state in ('open', 'done')", name=op.f("ck_search_wish_state")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["user.id"], name=op.f("fk_search_wish_changed_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_search_wish_created_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_wish")),
    )
    is_open = NEW.c.closed_at.is_(None)
    op.execute(
        OLD.insert().from_select(
            [column.name for column in OLD.columns],
            sa.select(
                sa.func.substr(NEW.c.normal, 1, 80), NEW.c.why,
                sa.case((is_open, "open"), else_="done"),
                NEW.c.made_at, NEW.c.made_by_id,
                sa.func.coalesce(NEW.c.closed_at, NEW.c.made_at), sa.func.coalesce(NEW.c.closed_by_id, NEW.c.made_by_id),
            ).order_by(sa.text("id")),
        )
    )
    op.drop_table("training_wish_vote")
    op.drop_table("training_wish")

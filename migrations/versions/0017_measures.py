"""Numbers of case studies say which measure they are, the unit and period of both sides, and of how many cases they were made.

Revision: 0017
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

TEXTS = {"measure": 40, "before_unit": 40, "window_before": 80}


def upgrade():
    with op.batch_alter_table("case_study_metric") as table:
        for name, length in TEXTS.items():
            table.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        table.add_column(sa.Column("cases_before", sa.Integer(), nullable=True))
        table.add_column(sa.Column("cases_after", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_case_study_metric_cases"), "cases_before > 0 and cases_after > 0")
    with op.batch_alter_table("case_study_metric") as table:
        for name in TEXTS:
            table.alter_column(name, server_default=None)


def downgrade():
    with op.batch_alter_table("case_study_metric") as table:
        table.drop_constraint(op.f("ck_case_study_metric_cases"), type_="check")
        for name in ("cases_after", "cases_before", *reversed(TEXTS)):
            table.drop_column(name)

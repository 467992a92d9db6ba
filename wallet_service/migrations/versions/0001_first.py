"""The first tables."""

from alembic import op

from wallet_service import migrations
from wallet_service.ledger.tables import APPEND_ONLY, append_only

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.metadata().create_all(op.get_bind())
    for table in APPEND_ONLY:
        for statement in append_only(op.get_bind().dialect.name, table.name):
            op.execute(statement)

"""The first tables."""

from alembic import op

from wallet_service import migrations

revision = "0001"
down_revision = None


def upgrade() -> None:
    migrations.metadata().create_all(op.get_bind())

"""Alembic's entry: runs the steps on the connection that `migrations.upgrade` hands over."""

from alembic import context

from wallet_service import migrations

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=migrations.metadata(),
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()

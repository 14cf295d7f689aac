"""Run by Alembic for each upgrade; the connection comes from :mod:`scheduler.store.schema`."""

from alembic import context

from scheduler.store.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Called by Alembic for each upgrade; uses the connection and transaction of `store.migrate` and no other."""

from __future__ import annotations

from alembic import context

from portal.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

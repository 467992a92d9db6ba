"""Tables whose rows are written once: triggers on both engines refuse to change or delete them.

`db.table(…, append_only=True)` marks one; `migrations.upgrade` puts the triggers on.
"""

import sqlalchemy as sa


def marked(metadata: sa.MetaData) -> tuple[sa.Table, ...]:
    """The tables that are append-only, by name."""
    return tuple(each for each in metadata.sorted_tables if each.info.get("append_only"))


def statements(dialect: str, table_name: str) -> tuple[str, ...]:
    """The statements that make a table refuse UPDATE and DELETE (and TRUNCATE) on an engine.

    To be run again after every batch recreate on SQLite, which drops triggers without a word.
    """
    words = f"{table_name} is append-only"
    if dialect == "postgresql":
        refuse = (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        trigger = (
            "CREATE OR REPLACE TRIGGER {table}_append_only_{when} BEFORE {event} ON {table} "
            "FOR EACH {each} EXECUTE FUNCTION refuse_change()"
        )
        return (
            refuse,
            trigger.format(table=table_name, when="row", event="UPDATE OR DELETE", each="ROW"),
            trigger.format(table=table_name, when="all", event="TRUNCATE", each="STATEMENT"),
        )
    return tuple(
        f"CREATE TRIGGER IF NOT EXISTS {table_name}_append_only_{event.lower()} "
        f"BEFORE {event} ON {table_name} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        for event in ("UPDATE", "DELETE")
    )


def triggers(dialect: str, table_name: str) -> tuple[str, ...]:
    """The names of the triggers that `statements` make."""
    endings = ("row", "all") if dialect == "postgresql" else ("update", "delete")
    return tuple(f"{table_name}_append_only_{ending}" for ending in endings)

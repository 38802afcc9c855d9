"""What the database knows of its tables, from which it chooses between indexes."""

from django.db import connection

ROWS_LOOKED_AT = 100_000
"""Of each index of SQLite. With a thousand it takes the indexes of open cases for no smaller than those of all, and
walks the wrong one; with all of them it would hold the one place of writing for long in a very large office."""


def renew() -> None:
    """Let the database look at its tables again: every night, and after much has come in.

    Not `PRAGMA optimize`: it looks only at tables that the same connection has asked much of before, and the
    connection of a command has asked nothing. PostgreSQL looks by itself, but some minutes after an import.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("ANALYZE")
            return
        cursor.execute(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
        # Table by table: others write in between.
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")

from django.db import migrations, models


def order_keys_by_code_point(apps, schema_editor):
    """PostgreSQL sorts by the rules of a language, in which a beginning is no range. SQLite has no such rules."""
    if schema_editor.connection.vendor == "postgresql":
        for table, column, length in (("contacts_contactkey", "key", 80), ("contacts_contact", "sort_name", 200)):
            schema_editor.execute(
                f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"'
            )


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_first")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="warning_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="why the warning is there"),
        ),
        migrations.RunPython(order_keys_by_code_point, migrations.RunPython.noop),
    ]

"""What activities are about, made comparable; those that are here are folded once."""

from django.db import migrations

import wardbook.lib.folded
from wardbook.lib.fold import fold

AT_ONCE = 2_000


def fold_what_is_here(apps, schema_editor):
    activities = apps.get_model("cases", "Activity").objects.order_by("pk")
    last = 0
    while rows := list(activities.filter(pk__gt=last).values_list("pk", "subject")[:AT_ONCE]):
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE cases_activity SET subject_folded = %s WHERE id = %s",
                [(fold(subject)[:400], pk) for pk, subject in rows],
            )
        last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_facets_of_open_cases_and_a_glance")]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="subject_folded",
            field=wardbook.lib.folded.FoldedField(max_length=400, of="subject"),
        ),
        migrations.RunPython(fold_what_is_here, migrations.RunPython.noop, elidable=True),
    ]

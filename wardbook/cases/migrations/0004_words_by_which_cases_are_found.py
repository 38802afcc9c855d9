"""The words of cases and the index over them: FTS5 in SQLite, GIN in PostgreSQL."""

import django.db.models.deletion
from django.db import migrations, models

import wardbook.cases.models.words
from wardbook.cases import finding
from wardbook.cases.models.words import INDEX, VECTOR

# Words stand between spaces; whatever else is in them is part of them. The triggers keep the index in step.
SQLITE = f"""
CREATE VIRTUAL TABLE {INDEX} USING fts5(
    words, content='cases_casewords', content_rowid='case_id', tokenize="ascii tokenchars '_:'", detail='none'
);
CREATE TRIGGER cases_words_added AFTER INSERT ON cases_casewords BEGIN
    INSERT INTO {INDEX}(rowid, words) VALUES (new.case_id, new.words);
END;
CREATE TRIGGER cases_words_gone AFTER DELETE ON cases_casewords BEGIN
    INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', old.case_id, old.words);
END;
CREATE TRIGGER cases_words_changed AFTER UPDATE ON cases_casewords BEGIN
    INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES ('delete', old.case_id, old.words);
    INSERT INTO {INDEX}(rowid, words) VALUES (new.case_id, new.words);
END;
"""


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE.strip().replace(";\nCREATE", ";\x00CREATE").split("\x00"):
            schema_editor.execute(statement, params=None)
    else:
        schema_editor.execute(f"CREATE INDEX {INDEX} ON cases_casewords USING gin ({VECTOR.format(words='words')})")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for trigger in ("added", "gone", "changed"):
            schema_editor.execute(f"DROP TRIGGER cases_words_{trigger}", params=None)
        schema_editor.execute(f"DROP TABLE {INDEX}", params=None)
    else:
        schema_editor.execute(f"DROP INDEX {INDEX}")


def fill(apps, schema_editor):
    case_words = apps.get_model("cases", "CaseWords")
    rows = []
    for pk, office_id, description in (
        apps.get_model("cases", "Case").objects.order_by("pk").values_list("pk", "office_id", "description").iterator()
    ):
        rows.append(case_words(case_id=pk, words=finding.keys(office_id, description)))
        if len(rows) == 2000:
            case_words.objects.bulk_create(rows, batch_size=500)
            rows = []
    case_words.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0003_cover_what_lists_are_narrowed_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseWords",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("words", wardbook.cases.models.words.WordsField()),
            ],
            options={"verbose_name_plural": "case words"},
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_words_by_which_cases_are_found"),
        ("correspondence", "0003_a_message_on_two_cases"),
    ]

    operations = [
        migrations.AddField(
            model_name="dispatch",
            name="informed_was",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="dispatch",
            name="work",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="cases.activity",
            ),
        ),
    ]

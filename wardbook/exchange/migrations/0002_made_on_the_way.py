import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="Made",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(max_length=60)),
                ("object_id", models.BigIntegerField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="made", to="exchange.batch"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "made",
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "model", "object_id"), name="made_once_by_a_batch")
                ],
            },
        ),
    ]

"""Concepts can be retired, and skills say which concept they were made of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("frameworks", "0003_postings_and_priorities"),
    ]

    operations = [
        migrations.AddField(
            model_name="concept",
            name="retired_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="skill",
            name="adopted_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="adopted_as",
                to="frameworks.concept",
            ),
        ),
    ]

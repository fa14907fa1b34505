"""Courses say whose they are, and may leave open what their source does not state."""

from django.db import migrations, models

BASES = [("known", "Stated by the source"), ("estimate", "Estimate")]


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
    ]

    operations = [
        # Every course so far came from the seed, which withdraws what it no longer holds.
        migrations.AddField(
            model_name="course",
            name="origin",
            field=models.CharField(blank=True, db_index=True, default="seed", max_length=40),
        ),
        migrations.AlterField(
            model_name="course",
            name="origin",
            field=models.CharField(blank=True, db_index=True, max_length=40),
        ),
        migrations.AlterField(
            model_name="course",
            name="hours",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="course",
            name="hours_basis",
            field=models.CharField(blank=True, choices=BASES, max_length=10),
        ),
        migrations.AlterField(
            model_name="course",
            name="price",
            field=models.PositiveIntegerField(blank=True, help_text="whole CNY", null=True),
        ),
        migrations.AlterField(
            model_name="course",
            name="price_basis",
            field=models.CharField(blank=True, choices=BASES, max_length=10),
        ),
        migrations.AlterField(
            model_name="course",
            name="price_class",
            field=models.CharField(
                blank=True,
                choices=[
                    ("free", "Free"),
                    ("freemium", "Free to follow, certificate costs extra"),
                    ("paid", "Paid"),
                    ("university", "For enrolled students"),
                ],
                max_length=12,
            ),
        ),
    ]

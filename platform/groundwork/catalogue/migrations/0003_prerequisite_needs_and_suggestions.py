"""Prerequisites as groups of needs, what courses say of themselves, and skills suggested from it."""

import django.db.models.deletion
from django.db import migrations, models

import groundwork.frameworks.models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_origin_and_unknown_figures"),
        ("frameworks", "0003_postings_and_priorities"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="description",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="course",
            name="keywords",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="course",
            name="licence",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="course",
            name="prerequisites_flags",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name="CourseTagging",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text_digest", models.CharField(max_length=64)),
                ("linker", models.CharField(max_length=64)),
                ("tagged_at", models.DateTimeField()),
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagging",
                        to="catalogue.course",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutcomeSuggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", groundwork.frameworks.models.LevelField()),
                ("probability", models.FloatField()),
                ("words", models.CharField(max_length=300)),
                ("context", models.CharField(blank=True, max_length=500)),
                ("reason", models.JSONField(blank=True, default=dict)),
                ("linker", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suggested", "To be decided"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                        ],
                        default="suggested",
                        max_length=10,
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="catalogue.course",
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="frameworks.skill"
                    ),
                ),
            ],
            options={
                "ordering": ["-probability", "course", "skill"],
                "indexes": [models.Index(fields=["state", "-probability"], name="suggestion_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("course", "skill"), name="outcome_suggestion_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)),
                        name="suggestion_level_1_to_5",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("probability__gte", 0), ("probability__lte", 1)),
                        name="suggestion_probability_0_to_1",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrerequisiteNeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("group", models.PositiveSmallIntegerField()),
                ("alternative", models.PositiveSmallIntegerField()),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("course", "Course"),
                            ("permission", "Permission"),
                            ("standing", "Standing or general requirement"),
                            ("equivalent", "Equivalent"),
                            ("text", "Words that were not understood"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField()),
                ("together", models.BooleanField(default=False)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="catalogue.course",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="needed_by",
                        to="catalogue.course",
                    ),
                ),
            ],
            options={
                "ordering": ["course", "group", "alternative", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course", "group", "alternative", "position"), name="prerequisite_need_once"
                    )
                ],
            },
        ),
    ]

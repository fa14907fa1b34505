"""Completions that were taken back become withdrawn lines; then proficiency is derived anew from all evidence."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from groundwork.learners import standing
from recommender.estimators.proficiency import DEFAULT_CLOCKS

BATCH = 500


def derive(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Some people at a time, so that memory does not grow with the database."""
    evidence, mark = apps.get_model("learners", "Evidence"), apps.get_model("learners", "Mark")
    proficiency = apps.get_model("learners", "Proficiency")
    proficiency.objects.all().delete()
    people = list(evidence.objects.order_by().values_list("learner", flat=True).distinct())
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        groups: dict[Any, list[Any]] = {}
        lines = evidence.objects.filter(learner__in=some).select_related("skill")
        for line in lines.order_by("recorded_at", "pk"):
            line.last_mark = None
            groups.setdefault((line.learner_id, line.skill_id), []).append(line)
        marks, rows = [], []
        for (learner, skill), history in groups.items():
            marks += [mark(**columns) for columns in _withdrawn(history)]
            columns = standing.standing(history, half_life=history[0].skill.half_life, clocks=DEFAULT_CLOCKS)
            if columns:
                rows.append(proficiency(learner_id=learner, skill_id=skill, **columns))
        mark.objects.bulk_create(marks)
        proficiency.objects.bulk_create(rows)


def _withdrawn(history: list[Any]) -> list[dict[str, Any]]:
    """The marks of completions that a later correction took back, and of these corrections."""
    marks: list[dict[str, Any]] = []
    for place, line in enumerate(history):
        if line.kind != "correction" or not line.course_id:
            continue
        undone = [
            one
            for one in history[:place]
            if one.kind == "course" and one.course_id == line.course_id and one.last_mark is None
        ]
        for one in [*undone, line]:
            one.last_mark = "withdrawn"
            marks.append(
                {
                    "evidence_id": one.pk,
                    "kind": "withdrawn",
                    "made_by": line.recorded_by,
                    "made_at": line.recorded_at,
                }
            )
    return marks


class Migration(migrations.Migration):
    dependencies = [("learners", "0003_evidence_in_full")]
    # On the way back the columns go; the rows that are left hold what the older model kept.
    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]

"""Steps that were finished before attempts were kept are attempts, too."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def keep_finished_steps(apps: Any, _schema_editor: Any) -> None:
    """One finished attempt per person and course, from the first step that was finished.

    Nobody recorded when a step was begun: it is taken to be the planned day, or that of finishing if earlier.
    """
    step_model, enrolment = apps.get_model("plans", "PlanStep"), apps.get_model("plans", "Enrolment")
    steps = step_model.objects.exclude(completed_on=None).order_by("completed_on", "pk")
    found: dict[tuple[Any, Any], Any] = {}
    for step in steps.select_related("plan"):
        found.setdefault((step.plan.learner_id, step.course_id), step)
    enrolment.objects.bulk_create(
        enrolment(
            learner_id=learner,
            course_id=course,
            step=step,
            state="finished",
            started_on=min(step.starts_on, step.completed_on),
            ended_on=step.completed_on,
            recorded_by="system:migration",
        )
        for (learner, course), step in found.items()
    )


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_enrolments_and_estimates")]

    operations = [migrations.RunPython(keep_finished_steps, migrations.RunPython.noop)]

"""Steps of kept plans get their portions, and dates that know the days off taken so far."""

from collections.abc import Iterable
from typing import Any

from django.db import migrations

from groundwork.plans import timetables
from groundwork.plans.timetables import Dated
from recommender.domain import Course
from recommender.planning import timetable
from recommender.planning.calendar import Holiday, StudyTime
from recommender.planning.placing import Entry


def fill(apps: Any, _schema: Any) -> None:
    plans = apps.get_model("plans", "Plan").objects.prefetch_related("steps", "learner__time_off")
    for plan in plans.iterator(chunk_size=500):
        steps = list(plan.steps.all())
        if not steps:
            continue
        off = plan.learner.time_off.all() if plan.superseded_at is None else ()
        plain, moved = dated(plan, steps, off=()), dated(plan, steps, off=off)
        for step in steps:
            if step.completed_on:
                # It keeps its dates.
                step.portions = plain[step.pk].portions
                continue
            found = moved[step.pk]
            step.starts_on, step.ends_on, step.portions = found.starts_on, found.ends_on, found.portions
        apps.get_model("plans", "PlanStep").objects.bulk_update(steps, ["starts_on", "ends_on", "portions"])
        plan.ends_on = max(step.ends_on for step in steps)
        plan.save(update_fields=["ends_on"])


def dated(plan: Any, steps: list[Any], *, off: Iterable[Any]) -> dict[int, Dated]:
    """The plan laid out one course after the other, as all were until now; by the key of the step."""
    time = StudyTime(
        start=plan.starts_on,
        hours_per_week=plan.hours_per_week,
        holidays=tuple(Holiday(first=one.first, last=one.last) for one in off),
    )
    entries = [
        Entry(course=Course(id=str(step.pk), hours=step.hours, price=0, requires={}, teaches={}))
        for step in steps
    ]
    found = timetable.laid_out(entries, levels={}, time=timetables.by_weeks(time))
    return {int(one.course): one for one in timetables.dated(found, time=time)}


class Migration(migrations.Migration):
    dependencies = [("plans", "0012_study_days"), ("learners", "0006_study_days")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

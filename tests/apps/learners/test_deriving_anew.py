"""Databases from before withdrawals: undone completions become marks, and every level is derived anew."""

from __future__ import annotations

import importlib
from datetime import date

import pytest
from django.apps import apps

from groundwork.core.actors import SYSTEM
from groundwork.learners.models import Evidence, Learner, Mark, Proficiency
from tests import builders

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
migration = importlib.import_module("groundwork.learners.migrations.0004_proficiency_from_all_evidence")


def add(learner: Learner, level: int, kind: str, **more: object) -> Evidence:
    return Evidence.objects.create(
        learner=learner,
        skill=builders.make_skill("python"),
        level=level,
        kind=kind,
        evidenced_on=DAY,
        recorded_by=SYSTEM.label,
        **more,
    )


def test_an_old_database_keeps_its_levels_and_its_undone_courses_stay_undone(
    django_assert_num_queries,
):
    builders.make_skill("python")
    undone, again, plain = (builders.make_learner() for _number in range(3))
    course, other = builders.make_course(), builders.make_course()
    add(undone, 2, "self-report")
    taken_back = add(undone, 4, "course", course=course)
    add(undone, 3, "course", course=other)
    correction = add(undone, 2, "correction", course=course)
    add(again, 3, "course", course=course)
    add(again, 0, "correction", course=course)
    add(again, 3, "course", course=course)
    add(plain, 4, "cv")
    add(plain, 0, "self-report")
    with django_assert_num_queries(5):
        migration.derive(apps, None)
    levels = {one: one.levels() for one in (undone, again, plain)}
    assert levels == {undone: {"python": 3}, again: {"python": 3}, plain: {}}
    marked = set(Mark.objects.filter(evidence__learner=undone).values_list("evidence", "kind"))
    assert marked == {(taken_back.pk, "withdrawn"), (correction.pk, "withdrawn")}
    assert Mark.objects.count() == 4
    assert Proficiency.objects.get(learner=undone).variance < 0.25

"""Prerequisites read from texts: stored as groups, linked to courses, in the plan, and circles told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from groundwork.accounts.models import User
from groundwork.catalogue import publications
from groundwork.catalogue.models import Course, Outcome, PrerequisiteNeed
from groundwork.core.actors import SYSTEM
from groundwork.frameworks import reports
from groundwork.plans import snapshot
from recommender.formats import course_mappings, courses
from tests import builders

pytestmark = pytest.mark.django_db

HEADER = "course_code,title,credit_hours,department,raw_precoreqs\n"


def run(tmp_path, *rows, **options):
    path = tmp_path / "rpi.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    how = course_mappings.mapping("rpi")
    return publications.import_catalogue(
        courses.read(courses.source(path), how), source=how.name, actor=SYSTEM, **options
    )


CALCULUS = "MATH-1010,Calculus,4,MATH,"
STATISTICS = "MATH-2010,Statistics,4,MATH,Prerequisite: MATH 1010."
LEARNING = (
    "CSCI-4100,Learning,4,CSCI,"
    '"Prerequisite: MATH 2010 or CSCI 1200, or permission of instructor. Corequisite: CSCI 2300."'
)
PROGRAMMING = "CSCI-1200,Programming,4,CSCI,"
ALGORITHMS = "CSCI-2300,Algorithms,4,CSCI,"
ALL = (LEARNING, CALCULUS, STATISTICS, PROGRAMMING, ALGORITHMS)


def needs_of(slug):
    rows = PrerequisiteNeed.objects.filter(course__slug=slug).select_related("target")
    return [
        (row.group, row.alternative, row.kind, row.together, row.target.source_id if row.target else None)
        for row in rows
    ]


def teach(source_id, **levels):
    course = Course.objects.get(source_id=source_id)
    for skill, level in levels.items():
        Outcome.objects.create(course=course, skill=builders.make_skill(skill), level=level)
    Course.objects.filter(pk=course.pk).update(price=0)
    course.save(update_fields=["updated_at"])
    return course


def slug_of(source_id):
    return Course.objects.get(source_id=source_id).slug


def test_groups_alternatives_permissions_and_corequisites_are_stored(tmp_path):
    run(tmp_path, *ALL)
    # The courses are found though they come later in the file.
    assert needs_of(slug_of("CSCI-4100")) == [
        (0, 0, "course", False, "MATH-2010"),
        (0, 1, "course", False, "CSCI-1200"),
        (0, 2, "permission", False, None),
        (1, 0, "course", True, "CSCI-2300"),
    ]
    assert Course.objects.get(source_id="CSCI-4100").prerequisites_text.startswith("Prerequisite: MATH 2010")


def test_a_second_import_changes_nothing_and_an_older_one_is_caught_up_with(tmp_path):
    run(tmp_path, *ALL)
    before = list(PrerequisiteNeed.objects.values())
    assert run(tmp_path, *ALL).changes == 0
    assert list(PrerequisiteNeed.objects.values()) == before
    PrerequisiteNeed.objects.all().delete()
    assert run(tmp_path, *ALL).total("updated") == 2
    assert PrerequisiteNeed.objects.count() == len(before)


def test_a_changed_text_is_read_anew(tmp_path):
    run(tmp_path, CALCULUS, STATISTICS)
    run(tmp_path, CALCULUS, "MATH-2010,Statistics,4,MATH,Prerequisite: CSCI 1200.", PROGRAMMING)
    assert needs_of(slug_of("MATH-2010")) == [(0, 0, "course", False, "CSCI-1200")]


def test_a_course_asked_for_stands_for_what_it_teaches(tmp_path):
    run(tmp_path, *ALL)
    teach("MATH-2010", statistics=2)
    teach("CSCI-1200", python=2)
    teach("CSCI-2300", algorithms=3)
    learning = teach("CSCI-4100", learning=3)
    value = snapshot.catalogue().by_id[learning.slug]
    assert value.requires == {"algorithms": 3}, "a corequisite comes before, the engine knows no meanwhile"
    assert value.one_of == (({"statistics": 2}, {"python": 2}),), "a permission is no level"


def test_what_is_not_known_in_levels_asks_for_nothing(tmp_path):
    run(tmp_path, *ALL)
    learning = teach("CSCI-4100", learning=3)
    value = snapshot.catalogue().by_id[learning.slug]
    assert (value.requires, value.one_of) == ({}, ())
    teach("CSCI-1200", python=2)
    value = snapshot.catalogue().by_id[learning.slug]
    assert (value.requires, value.one_of) == ({"python": 2}, ()), "the one way that is known"


def test_what_a_person_entered_goes_before_the_text(tmp_path):
    run(tmp_path, *ALL)
    teach("CSCI-2300", algorithms=3)
    learning = teach("CSCI-4100", learning=3)
    learning.prerequisites.create(skill=builders.make_skill("logic"), level=1)
    learning.save(update_fields=["updated_at"])
    assert snapshot.catalogue().by_id[learning.slug].requires == {"logic": 1}


def test_two_corequisites_do_not_wait_for_each_other(tmp_path):
    run(
        tmp_path,
        "AAAA-1000,One,1,AAAA,Corequisite: AAAA 2000.",
        "AAAA-2000,Two,1,AAAA,Corequisite: AAAA 1000.",
    )
    one, two = teach("AAAA-1000", one=1), teach("AAAA-2000", two=1)
    assert PrerequisiteNeed.objects.filter(together=True, target__isnull=False).count() == 2
    catalogue = snapshot.catalogue()
    assert not catalogue.by_id[one.slug].requires
    assert not catalogue.by_id[two.slug].requires


def test_circles_are_told_at_the_first_of_their_courses(tmp_path):
    rows = (
        CALCULUS,
        "AAAA-1000,One,1,AAAA,Prerequisite: AAAA 2000.",
        "AAAA-2000,Two,1,AAAA,Prerequisite: AAAA 1000.",
        "BBBB-1000,Loop,1,B,Prerequisite: BBBB 1000 or permission of instructor.",
        "CCCC-1000,Beside,1,C,Corequisite: CCCC 2000.",
        "CCCC-2000,Beside too,1,C,Corequisite: CCCC 1000.",
    )
    report = run(tmp_path, *rows)
    told = [(one.line, one.code.value, one.args["value"]) for one in report.findings]
    assert told == [(3, "closed", "AAAA-1000, AAAA-2000"), (5, "circle", "BBBB-1000")]
    assert "nobody can take these courses: AAAA-1000, AAAA-2000" in reports.sentence(report.findings[0])
    assert report.total("bad") == 0


def test_a_dry_run_tells_the_circles_and_keeps_nothing(tmp_path):
    rows = ("AAAA-1000,One,1,AAAA,Prerequisite: AAAA 2000.", "AAAA-2000,Two,1,AAAA,Prerequisite: AAAA 1000.")
    dry = run(tmp_path, *rows, dry_run=True)
    assert not PrerequisiteNeed.objects.exists()
    real = run(tmp_path, *rows)
    assert (dry.counts, dry.findings) == (real.counts, real.findings)


def test_operators_see_the_needs_at_the_course(client, tmp_path, django_assert_max_num_queries):
    run(tmp_path, *ALL)
    client.force_login(User.objects.create_superuser("root@example.com", builders.PASSWORD))
    course = Course.objects.get(source_id="CSCI-4100")
    with django_assert_max_num_queries(16):
        page = client.get(reverse("admin:catalogue_course_change", args=[course.pk])).content.decode()
    assert "MATH 2010" in page
    assert "Permission" in page
    assert 'name="needs-0-text"' not in page, "the import writes them"

"""Roles by bound and by exact hours: the bound never hides the nearest, and demand hides no layer."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from groundwork.core.errors import InvalidError
from groundwork.frameworks.models import Demand, Role
from groundwork.plans import combining, distances, examples, feeding, planning, ranking, snapshot
from groundwork.plans.clock import countdown
from groundwork.plans.models import Plan
from groundwork.plans.ranking import Order
from recommender import domain
from tests import builders, cast

pytestmark = pytest.mark.django_db

SKILLS = ("a", "b", "c", "d")
LEVELS = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3), max_size=3)
COURSE = st.tuples(st.integers(1, 9), st.integers(0, 400), LEVELS, LEVELS)


def catalogue_of(rows: list[tuple[int, int, dict[str, int], dict[str, int]]]) -> domain.Catalogue:
    courses = [
        domain.Course(id=f"c{place}", hours=hours, price=price, requires=requires, teaches=teaches)
        for place, (hours, price, requires, teaches) in enumerate(rows)
    ]
    return domain.Catalogue(courses=tuple(courses), skills=frozenset(SKILLS))


@given(
    st.lists(COURSE, min_size=3, max_size=10),
    st.lists(LEVELS.filter(bool), min_size=2, max_size=6),
    st.integers(1, 4),
)
@limits(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_role_is_nearer_than_its_bound_and_the_nearest_are_always_measured(rows, goals, count):
    offered = catalogue_of(rows)
    problems = [
        domain.Problem(
            id=str(place),
            catalogue=offered,
            profile=domain.Profile(levels={}),
            role=domain.Role(id=str(place), requires=requires),
            objective=snapshot.OBJECTIVE,
        )
        for place, requires in enumerate(goals)
    ]
    least = distances.least_hours(problems)
    exact = [distances.measure(one) for one in problems]
    for bound, far in zip(least, exact, strict=True):
        assert (bound is None) == (not far.has_route)
        assert bound is None or bound <= far.hours
    nearest = sorted(far.hours for far in exact if far.has_route)[:count]
    found = distances.nearest(problems, least=least, count=count)
    assert sorted(far.hours for far in found.values() if far.has_route)[:count] == nearest


@pytest.fixture
def ladder(db: None) -> list[Role]:  # rows need the database
    """Roles 10, 20, ... 120 hours away, each by a course of its own, and one that nothing leads to."""
    for number in range(1, 13):
        builders.make_course(f"course-for-{number}", hours=10 * number, teaches={f"skill-{number}": 2})
    roles = [builders.make_role(f"role-{n:02}", requires={f"skill-{n}": 2}) for n in range(1, 13)]
    return [*roles, builders.make_role("role-nowhere", requires={"magic": 1})]


def test_the_first_page_is_exact_and_the_rest_has_a_bound(ladder):
    ranked = ranking.rank(levels={}, exact=4)
    assert [one.role.slug for one in ranked[:4]] == [role.slug for role in ladder[:4]]
    assert all(one.distance and one.distance.is_proven for one in ranked[:4])
    assert [one.distance for one in ranked[6:12]] == [None] * 6
    assert [one.at_least for one in ranked[6:12]] == [70, 80, 90, 100, 110, 120]
    assert ranked[-1].hours is None
    assert {one.role.pk for one in ranked} == {role.pk for role in ladder}, "nobody is left out"


def test_bounds_alone_run_no_search(ladder, monkeypatch):
    monkeypatch.setattr(distances, "measure", lambda _problem: pytest.fail("measured"))
    assert [one.hours for one in ranking.rank(levels={}, exact=0)][:2] == [10, 20]


def test_without_time_everything_has_its_bound_and_what_is_known_is_exact(ladder):
    cache.clear()
    ranking.rank(levels={}, exact=2)
    ranked = ranking.rank(levels={}, exact=4, stop=countdown(0))
    assert [one.hours for one in ranked[:4]] == [10, 20, 30, 40]
    assert [one.distance is not None for one in ranked[:4]] == [True, True, False, False]


def test_the_order_roles_come_in_does_not_matter(ladder):
    forth = ranking.rank(levels={}, roles=ladder, exact=3)
    back = ranking.rank(levels={}, roles=ladder[::-1], exact=3)
    assert [one.role.slug for one in forth] == [one.role.slug for one in back]


def test_a_role_says_what_is_shared_and_what_is_missing():
    builders.make_course("both", teaches={"ml": 3, "sql": 3})
    role = builders.make_role("engineer", requires={"sql": 2, "ml": 3})
    (found,) = ranking.rank(levels={"sql": 2, "ml": 1})
    assert [skill.slug for skill in found.shared] == ["sql"]
    assert [(gap.skill.slug, gap.have, gap.need) for gap in found.gaps] == [("ml", 1, 3)]
    assert found.role == role


# --- feeders ---


def test_a_role_is_fed_by_the_roles_it_is_nearest_from_one_way_only():
    builders.make_course("up", hours=10, requires={"low": 1}, teaches={"high": 2})
    builders.make_course("first", hours=30, teaches={"low": 1})
    low = builders.make_role("low-role", requires={"low": 1})
    high = builders.make_role("high-role", requires={"high": 2})
    none = builders.make_role("other-role", requires={"magic": 1})
    assert [(one.role, one.hours, one.courses) for one in feeding.feeders(high)] == [
        (low, 10, 1),
        (none, 40, 2),
    ]
    assert [(one.role, one.hours) for one in feeding.feeders(low)] == [(high, 30), (none, 30)]


def test_feeders_are_kept_until_the_catalogue_or_a_role_changes(monkeypatch):
    builders.make_course("up", hours=10, teaches={"high": 2})
    builders.make_role("low-role", requires={"low": 1})
    high = builders.make_role("high-role", requires={"high": 2})
    assert feeding.feeders(high)[0].hours == 10
    with monkeypatch.context() as patched:
        patched.setattr(distances, "nearest", lambda *_args, **_kwargs: pytest.fail("computed again"))
        assert feeding.feeders(high)[0].hours == 10
    builders.make_course("faster", hours=6, teaches={"high": 2})
    assert feeding.feeders(high)[0].hours == 6


# --- two roles ---


def combined(first: Role, second: Role) -> combining.Combined:
    return combining.combine(levels={}, roles=(first, second), hours_per_week=10, starts_on=date(2026, 1, 5))


@pytest.fixture
def pair(db: None) -> tuple[Role, Role]:  # rows need the database
    builders.make_course("python", hours=20, teaches={"python": 3})
    builders.make_course("ml", hours=15, requires={"python": 3}, teaches={"ml": 2})
    builders.make_course("bio", hours=25, requires={"python": 2}, teaches={"bio": 2})
    ml = builders.make_role("ml-role", requires={"python": 2, "ml": 2})
    return ml, builders.make_role("bio-role", requires={"python": 3, "bio": 2})


def test_what_two_roles_share_is_learned_once(pair):
    both = combined(*pair)
    assert [part.distance.hours for part in both.parts] == [35, 45]
    assert (both.planned.hours, both.apart, both.saved) == (60, 80, 20)
    assert [skill.slug for skill in both.shared] == ["python"]
    assert both.planned.solution.status == "optimal"


def test_two_roles_are_two(pair):
    with pytest.raises(InvalidError):
        combined(pair[0], pair[0])


def test_a_plan_for_two_roles_is_kept_beside_those_for_each(pair):
    people = cast.gather()
    ml, bio = pair
    day = date(2026, 1, 5)

    def make(role: Role, also: Role | None = None) -> Plan:
        actor = people.actor(people.ada)
        return planning.make_plan(
            actor=actor, learner=people.ada_learner, role=role, also=also, starts_on=day
        )

    alone, both, again = make(ml), make(bio, ml), make(ml, bio)
    assert again == both, "their order means nothing"
    assert both.also is not None
    assert both.hours == 60
    alone.refresh_from_db()
    assert alone.superseded_at is None


# --- the real catalogue ---


@pytest.fixture
def seeded(db: None) -> None:  # rows need the database
    call_command("seed", verbosity=0)


def test_the_first_page_holds_the_nearest_of_all_real_roles(seeded):
    for person in examples.people()[:2]:
        quick = ranking.rank(levels=person.profile.levels, exact=5)
        whole = ranking.rank(levels=person.profile.levels, exact=99)
        assert [one.hours for one in quick[:5]] == [one.hours for one in whole[:5]]
        assert [one.role.slug for one in quick[:5]] == [one.role.slug for one in whole[:5]]
        for one in whole:
            assert one.distance is not None
            assert (one.at_least or 0) <= one.distance.hours


def test_demand_never_pushes_the_foundation_layer_out_of_sight(seeded):
    roles = list(Role.objects.with_requirements())
    foundation = {role.slug for role in roles if role.layer == Role.Layer.FOUNDATION}
    asked_for = set(Role.objects.filter(demand__postings__gte=Demand.ENOUGH).values_list("slug", flat=True))
    assert not foundation & asked_for, "hardly a posting is for them, yet"
    ranked = ranking.by_coverage(levels={})
    for order in Order:
        ordered = ranking.in_order(ranked, order)
        assert {one.role.slug for one in ordered} == {role.slug for role in roles}
    first_page = [one.role.slug for one in ranking.in_order(ranked, Order.DEMAND)[: ranking.FIRST_PAGE]]
    assert foundation <= set(first_page)
    top = ranking.in_order(ranked, Order.PRIORITY)[: ranking.FIRST_PAGE]
    assert sum(one.role.layer == Role.Layer.FOUNDATION for one in top) >= 8

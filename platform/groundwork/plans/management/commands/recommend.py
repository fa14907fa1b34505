"""`manage.py recommend`: from a CV or an example person to a verified path, in the terminal."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import activate, gettext

from groundwork.catalogue.models import Course
from groundwork.core.errors import DomainError
from groundwork.frameworks.models import Role, Skill
from groundwork.learners import linking, reading
from groundwork.plans import examples, planning, ranking, snapshot
from groundwork.plans.planning import Planned
from groundwork.plans.snapshot import Wishes

WITHIN_REACH = 10
# Who reads Chinese is offered English courses, too.
LANGUAGES = {"en": ("en",), "zh-hans": ("en", "zh")}


class Command(BaseCommand):
    help = "Recommend roles and a verified learning path for an example person or a CV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--person", help="id of an example person, see fixtures/people/people.csv")
        who.add_argument("--cv", type=Path, help="a CV as text, PDF or DOCX")
        parser.add_argument("--role", help="id of the target role; the nearest one when left out")
        parser.add_argument("--hours-per-week", type=int, default=8)
        parser.add_argument("--language", choices=sorted(LANGUAGES), default="en")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *_args: Any, **options: Any) -> None:
        activate(options["language"])
        if not Role.objects.exists():
            raise CommandError("No roles are loaded yet. Run `manage.py seed` first.")
        levels, wanted = self._start(options)
        if not levels:
            raise CommandError("No skill of the vocabulary was found in this CV. Is it the right file?")
        wishes = Wishes(languages=LANGUAGES[options["language"]])
        role = self._role(options["role"] or wanted, levels=levels, wishes=wishes)
        try:
            planned = planning.compute(
                snapshot.take(levels=levels, role=role, wishes=wishes),
                hours_per_week=options["hours_per_week"],
                starts_on=timezone.localdate(),
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_document(planned, levels=levels, role=role), ensure_ascii=False))
        else:
            self._print(planned, levels=levels, role=role)

    def _start(self, options: Mapping[str, Any]) -> tuple[dict[str, int], str | None]:
        if options["person"]:
            person = examples.person(options["person"])
            if person is None:
                known = ", ".join(one.id for one in examples.people())
                raise CommandError(f"Unknown person. Known: {known}.")
            return dict(person.profile.levels), person.role
        path: Path = options["cv"]
        try:
            text = reading.read_document(path.name, path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path}: cannot be read ({error.strerror})") from error
        except reading.DocumentError as error:
            raise CommandError(f"{path}: {error}") from error
        return linking.accepted_levels(linking.find_skills(text, on_date=timezone.localdate())), None

    def _role(self, slug: str | None, *, levels: Mapping[str, int], wishes: Wishes) -> Role:
        if slug is None:
            ranked = ranking.rank(levels=levels, wishes=wishes, exact=WITHIN_REACH)
            self.stderr.write(gettext("Roles by hours to ready:"))
            for one in ranked[:WITHIN_REACH]:
                hours = one.distance.hours if one.distance else 0
                self.stderr.write(f"  {hours:5d} h  {one.coverage:3d} %  {one.role.slug}")
            return ranked[0].role
        role = Role.objects.with_requirements().filter(slug=slug).first()
        if role is None:
            known = ", ".join(Role.objects.values_list("slug", flat=True))
            raise CommandError(f"Unknown role {slug!r}. Known: {known}.")
        return role

    def _print(self, planned: Planned, *, levels: Mapping[str, int], role: Role) -> None:
        titles = {c.slug: c for c in Course.objects.filter(slug__in=[s.course for s in planned.steps])}
        solution = planned.solution
        known = gettext("%(n)d skills known") % {"n": len(levels)}
        self.stdout.write(f"{role.code} {role.name}: {solution.status.value}, {known}")
        for skill in Skill.objects.filter(slug__in=solution.unreachable):
            self.stdout.write(
                "  " + gettext("no course reaches the level needed in: %(skill)s") % {"skill": skill.name}
            )
        for number, step in enumerate(planned.steps, start=1):
            course = titles[step.course]
            mark = "~" if course.hours_basis == Course.Basis.ESTIMATE else " "
            what = gettext("%(hours)4d h %(price)6d yuan") % {"hours": step.hours, "price": step.price}
            self.stdout.write(f"{number:3d}. {step.starts_on} {mark}{what}  {course.title}")
        if solution.cost is not None:
            total = {
                "hours": planned.hours,
                "price": planned.price,
                "day": planned.ends_on or gettext("today"),
                "cost": solution.cost,
                "bound": solution.bound,
            }
            self.stdout.write(
                gettext(
                    "Total %(hours)d h, %(price)d yuan, until %(day)s; cost %(cost)d, proven bound "
                    "%(bound)d; accepted by the independent checker. (~ hours are an estimate)"
                )
                % total
            )


def _document(planned: Planned, *, levels: Mapping[str, int], role: Role) -> dict[str, Any]:
    solution = planned.solution
    return {
        "role": role.slug,
        "profile": dict(levels),
        "status": solution.status.value,
        "cost": solution.cost,
        "bound": solution.bound,
        "verified": solution.cost is not None,
        "hours": planned.hours,
        "price": planned.price,
        "ends_on": planned.ends_on.isoformat() if planned.ends_on else None,
        "unreachable": list(solution.unreachable),
        "steps": [
            {
                "course": step.course,
                "hours": step.hours,
                "price": step.price,
                "starts_on": step.starts_on.isoformat(),
                "ends_on": step.ends_on.isoformat(),
            }
            for step in planned.steps
        ],
    }

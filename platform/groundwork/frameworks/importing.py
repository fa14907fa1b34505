"""Framework records -> rows: skills, roles with requirements, demand. Idempotent."""

from __future__ import annotations

from django.db import transaction

from groundwork.core import searching
from groundwork.core.actors import SYSTEM
from groundwork.events import outbox
from groundwork.frameworks import demand, suggesting, terms
from groundwork.frameworks.models import (
    Demand,
    DemandTerm,
    Framework,
    Priority,
    Role,
    RoleRequirement,
    Skill,
)
from recommender.datasets import Fixtures, RoleRecord, SkillRecord
from recommender.estimators import demand as shares

OURS = "groundwork"


@transaction.atomic
def import_framework(fixtures: Fixtures, *, digest: str) -> Framework:
    """Create or update everything of our own framework; `digest` marks the imported state."""
    framework, _created = Framework.objects.get_or_create(
        slug=OURS, defaults={"name_en": "Groundwork framework", "name_zh": "筑基技能框架"}
    )
    _import_skills(fixtures, framework=framework)
    terms.give_back()
    _import_roles(fixtures, framework=framework)
    _import_requirements(fixtures)
    suggesting.reapply()
    _import_priorities(fixtures)
    _import_demand(fixtures)
    framework.digest = digest
    framework.save(update_fields=["digest", "imported_at"])
    outbox.record(
        actor=SYSTEM,
        action="framework.imported",
        subject=framework,
        details={"skills": len(fixtures.skills), "roles": len(fixtures.roles), "digest": digest},
    )
    return framework


def _import_skills(fixtures: Fixtures, *, framework: Framework) -> None:
    fields = [
        "framework",
        "name_en",
        "name_zh",
        "aliases_en",
        "aliases_zh",
        "kind",
        "half_life",
        "esco_uri",
        "onet",
        "provenance",
        "updated_at",
        *searching.COLUMNS,
    ]
    Skill.objects.bulk_create(
        [_skill(record, framework=framework) for record in fixtures.skills.values()],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=fields,
    )


def _skill(record: SkillRecord, *, framework: Framework) -> Skill:
    skill = record.skill
    return Skill(
        framework=framework,
        slug=skill.id,
        name_en=skill.name.en,
        name_zh=skill.name.zh,
        aliases_en=list(skill.aliases_en),
        aliases_zh=list(skill.aliases_zh),
        kind=skill.kind.value,
        half_life=skill.half_life.value,
        esco_uri=skill.esco_uri,
        onet=skill.onet,
        provenance=record.provenance,
    )


def _import_roles(fixtures: Fixtures, *, framework: Framework) -> None:
    roles = [_role(record, framework=framework) for record in fixtures.roles.values()]
    fields = [
        field.name for field in Role._meta.concrete_fields if not field.primary_key and field.name != "slug"
    ]
    Role.objects.bulk_create(roles, update_conflicts=True, unique_fields=["slug"], update_fields=fields)


def _role(record: RoleRecord, *, framework: Framework) -> Role:
    return Role(
        framework=framework,
        slug=record.id,
        code=record.code,
        layer=record.layer,
        domain_en=record.domain.en,
        domain_zh=record.domain.zh,
        name_en=record.name.en,
        name_zh=record.name.zh,
        aliases_en=list(record.aliases_en),
        aliases_zh=list(record.aliases_zh),
        summary_en=record.summary.en,
        summary_zh=record.summary.zh,
        integration_course=record.integration_course,
        priority=record.priority,
        priority_reason_en=record.priority_reason.en,
        priority_reason_zh=record.priority_reason.zh,
        priority_source=record.priority_source,
        priority_as_of=record.priority_as_of,
        esco=record.esco,
        onet=record.onet,
        csco=record.csco,
        provenance=record.provenance,
    )


def _import_requirements(fixtures: Fixtures) -> None:
    skills = dict(Skill.objects.values_list("slug", "pk"))
    roles = dict(Role.objects.values_list("slug", "pk"))
    RoleRequirement.objects.filter(role_id__in=[roles[slug] for slug in fixtures.roles]).delete()
    RoleRequirement.objects.bulk_create(
        RoleRequirement(
            role_id=roles[row.role],
            skill_id=skills[row.skill],
            level=row.level,
            weight=row.weight,
            essential=row.essential,
            part=row.part,
            source=row.source,
            provenance=row.provenance,
        )
        for row in fixtures.requirements
    )


def _import_priorities(fixtures: Fixtures) -> None:
    skills = dict(Skill.objects.values_list("slug", "pk"))
    Priority.objects.all().delete()
    Priority.objects.bulk_create(
        Priority(
            layer=row.layer,
            skill_id=skills[row.skill] if row.skill else None,
            priority=row.priority,
            reason_en=row.reason.en,
            reason_zh=row.reason.zh,
            source=row.source,
            as_of=row.as_of,
            basis=row.basis,
        )
        for row in fixtures.priorities
    )


def _import_demand(fixtures: Fixtures) -> None:
    skills = dict(Skill.objects.values_list("slug", "pk"))
    roles = dict(Role.objects.values_list("slug", "pk"))
    # Where imported postings speak for a role, they go on to.
    Demand.objects.filter(role_id__in=[roles[slug] for slug in fixtures.roles], imported_from=None).delete()
    spoken_for = set(Demand.objects.values_list("role__slug", flat=True))
    rows = {
        row.role: Demand(
            role_id=roles[row.role],
            postings=row.postings,
            source=row.source,
            as_of=row.as_of,
            note_en=row.note_en,
            note_zh=row.note_zh,
        )
        for row in fixtures.demand.values()
        if row.role not in spoken_for
    }
    Demand.objects.bulk_create(rows.values())
    DemandTerm.objects.bulk_create(
        DemandTerm(
            demand=rows[term.role],
            term=term.term,
            skill_id=skills[term.skill] if term.skill else None,
            postings=term.postings,
            **demand.thousandths(shares.share(term.postings, postings=rows[term.role].postings)),
        )
        for term in fixtures.demand_terms
        if term.role in rows
    )

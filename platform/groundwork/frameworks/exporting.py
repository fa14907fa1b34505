"""Frameworks -> the exchange formats of others: a CASE 1.1 package of what was published, or of our own.

Read row by row, so that a framework of any size leaves in the memory of one batch and of its labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from groundwork.frameworks.models import Concept, ConceptRelation, Framework, Role, RoleRequirement, Skill
from recommender.formats.case_writing import End, Head, Package
from recommender.formats.concepts import ConceptKind, ConceptRecord, RelationKind, RelationRecord, Wording

BATCH = 2000
CREATOR = "Groundwork"


def case_package(framework: Framework) -> Iterator[str]:
    """The CFPackage of `framework`, piece by piece: its concepts, or else its skills and roles."""
    ours = not framework.concepts.exists()
    package = Package(_head(framework))
    if ours:
        return package.lines(
            _own_concepts(framework), _own_relations(framework), elsewhere=_linked(framework)
        )
    matches = ConceptRelation.objects.filter(origin__framework=framework).exclude(target__framework=framework)
    elsewhere = {
        uri: End(uri=uri, label=label, framework=slug)
        for uri, label, slug in matches.values_list("target__uri", "target__label", "target__framework__slug")
    }
    return package.lines(_concepts(framework), _relations(framework), elsewhere=elsewhere)


def _head(framework: Framework) -> Head:
    return Head(
        slug=framework.slug,
        title=framework.name_en,
        creator=framework.publisher or CREATOR,
        publisher=framework.publisher,
        language="en",
        version=framework.version,
        licence=framework.licence,
        attribution=framework.attribution,
        uri=framework.uri,
        changed_at=framework.imported_at,
    )


# --- what was published ---


def _concepts(framework: Framework) -> Iterator[ConceptRecord]:
    for row in framework.concepts.order_by("pk").iterator(chunk_size=BATCH):
        # The one language that most readers share, or the first of those that are there.
        languages = sorted(row.texts, key=lambda language: (language != "en", language))
        main, *others = [_wording(language, row.texts[language]) for language in languages]
        yield ConceptRecord(
            uri=row.uri,
            kind=ConceptKind(row.kind),
            language=main.language,
            label=main.label,
            code=row.code,
            alternatives=main.alternatives,
            hidden=main.hidden,
            description=main.description,
            definition=main.definition,
            scope_note=main.scope_note,
            others=tuple(others),
            retired=row.retired_on is not None,
            retired_on=row.retired_on,
            attributes=row.attributes,
        )


def _wording(language: str, text: Mapping[str, Any]) -> Wording:
    return Wording(
        language=language,
        label=text["label"],
        alternatives=tuple(text["alternatives"]),
        hidden=tuple(text["hidden"]),
        description=text["description"],
        definition=text["definition"],
        scope_note=text["scope_note"],
    )


def _relations(framework: Framework) -> Iterator[RelationRecord]:
    uris = dict(framework.concepts.values_list("pk", "uri"))
    rows = ConceptRelation.objects.filter(origin__framework=framework).order_by("pk")
    others = rows.exclude(target__framework=framework)
    uris |= dict(others.order_by().values_list("target_id", "target__uri"))
    columns = ("origin_id", "kind", "target_id", "value", "attributes")
    for origin, kind, target, value, attributes in rows.values_list(*columns).iterator(chunk_size=BATCH):
        yield RelationRecord(
            origin=uris[origin],
            kind=RelationKind(kind),
            target=uris[target],
            value=value,
            attributes=attributes,
        )


# --- our own ---


def skill_uri(slug: str) -> str:
    """The URI of one of our skills: the same in every installation."""
    return f"urn:groundwork:skill:{slug}"


def role_uri(slug: str) -> str:
    """The URI of one of our roles."""
    return f"urn:groundwork:role:{slug}"


def _own_concepts(framework: Framework) -> Iterator[ConceptRecord]:
    for skill in framework.skills.order_by("slug").iterator(chunk_size=BATCH):
        yield ConceptRecord(
            uri=skill_uri(skill.slug),
            kind=ConceptKind.SKILL,
            language="en",
            label=skill.name_en,
            code=skill.slug[:60],
            alternatives=tuple(skill.aliases_en),
            others=(Wording(language="zh", label=skill.name_zh, alternatives=tuple(skill.aliases_zh)),),
            attributes=_said(
                layer=skill.kind,
                half_life=skill.half_life,
                esco=skill.esco_uri,
                onet=skill.onet,
                provenance=skill.provenance,
            ),
        )
    for role in framework.roles.order_by("code").iterator(chunk_size=BATCH):
        yield ConceptRecord(
            uri=role_uri(role.slug),
            kind=ConceptKind.OCCUPATION,
            language="en",
            label=role.name_en,
            code=role.code,
            alternatives=tuple(role.aliases_en),
            description=role.summary_en,
            others=(
                Wording(
                    language="zh",
                    label=role.name_zh,
                    alternatives=tuple(role.aliases_zh),
                    description=role.summary_zh,
                ),
            ),
            attributes=_role_attributes(role),
        )


def _role_attributes(role: Role) -> dict[str, str]:
    return _said(
        layer=role.layer,
        domain=role.domain_en,
        priority=str(role.priority),
        esco=role.esco,
        onet=role.onet,
        csco=role.csco,
        provenance=role.provenance,
    )


def _own_relations(framework: Framework) -> Iterator[RelationRecord]:
    """What roles ask for, with level and weight, and which skills are the same as an entry of ESCO."""
    rows = RoleRequirement.objects.filter(role__framework=framework, skill__framework=framework)
    columns = ("role__slug", "skill__slug", "essential", "level", "weight", "part")
    for role, skill, essential, level, weight, part in rows.order_by("pk").values_list(*columns):
        yield RelationRecord(
            origin=role_uri(role),
            kind=RelationKind.ESSENTIAL if essential else RelationKind.OPTIONAL,
            target=skill_uri(skill),
            value=Decimal(level),
            attributes={"weight": str(weight), "part": part},
        )
    for slug, uri in framework.skills.exclude(esco_uri="").order_by("slug").values_list("slug", "esco_uri"):
        yield RelationRecord(origin=skill_uri(slug), kind=RelationKind.EXACT_MATCH, target=uri)


def _linked(framework: Framework) -> dict[str, End]:
    """The entries of ESCO that our skills are linked to, by the name of ESCO where it has been imported."""
    names = dict(
        Skill.objects.filter(framework=framework).exclude(esco_uri="").values_list("esco_uri", "name_en")
    )
    labels = dict(Concept.objects.filter(framework__slug="esco", uri__in=names).values_list("uri", "label"))
    return {uri: End(uri=uri, label=labels.get(uri, name), framework="esco") for uri, name in names.items()}


def _said(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}

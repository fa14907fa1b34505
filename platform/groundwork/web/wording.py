"""Reasons are data below this line; here they become sentences in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from groundwork.core.actors import Right
from groundwork.learners.linking import FoundSkill
from groundwork.learners.refusals import DocumentError

LEVEL_NAMES = {
    0: gettext_lazy("none"),
    1: gettext_lazy("aware"),
    2: gettext_lazy("assisted"),
    3: gettext_lazy("independent"),
    4: gettext_lazy("advanced"),
    5: gettext_lazy("expert"),
}

# What each level means, as a person would say it of themselves.
LEVEL_WORDS = {
    0: gettext_lazy("I cannot do it yet."),
    1: gettext_lazy("I know what it is for and have seen it at work."),
    2: gettext_lazy("I do it with help, or along an example."),
    3: gettext_lazy("I do the usual work alone and find my own mistakes."),
    4: gettext_lazy("I solve unusual cases, choose between ways of doing it, and help others."),
    5: gettext_lazy("Others come to me with what nobody could solve; I change how it is done."),
}

LEVEL_BRIEFLY = {
    0: gettext_lazy("not yet"),
    1: gettext_lazy("I know of it"),
    2: gettext_lazy("with help"),
    3: gettext_lazy("on my own"),
    4: gettext_lazy("I help others"),
    5: gettext_lazy("others come to me"),
}

# Where in a CV skills were found, as headings; the order in which they are shown.
GROUP_NAMES = {
    "experience": gettext_lazy("From your work"),
    "projects": gettext_lazy("From your projects"),
    "skills": gettext_lazy("From your list of skills"),
    "education": gettext_lazy("From your studies"),
    "certificates": gettext_lazy("From your certificates"),
    "publications": gettext_lazy("From your publications"),
    "summary": gettext_lazy("From what you say of yourself"),
    "languages": gettext_lazy("From your languages"),
    "interests": gettext_lazy("From your interests"),
    "": gettext_lazy("From the rest of your CV"),
}

SECTION_NAMES = {
    "summary": gettext_lazy("summary"),
    "objective": gettext_lazy("objective"),
    "skills": gettext_lazy("skills"),
    "experience": gettext_lazy("experience"),
    "projects": gettext_lazy("projects"),
    "education": gettext_lazy("education"),
    "certificates": gettext_lazy("certificates"),
    "publications": gettext_lazy("publications"),
    "languages": gettext_lazy("languages"),
    "interests": gettext_lazy("interests"),
}


COURSE_SOURCES = {
    "general_knowledge": gettext_lazy("general knowledge of the editors"),
    "groundwork": gettext_lazy("Groundwork"),
    "cs_self_learning": "cs-self-learning",
    "free_programming_courses": "EbookFoundation/free-programming-books",
    "galaxy_training": "Galaxy Training Network",
    "mit_courses": "MIT",
    "rpi_courses": "RPI (yacs.n)",
}

# The catalogue keeps provenance in English clauses. An unknown clause is shown as it stands.
PROVENANCE = {
    "course level and skill levels editorial": gettext_lazy("course level and skill levels editorial"),
    "exam itself 2 h as the source says, preparation time estimated by the editor": gettext_lazy(
        "2 hours of examination as the source says, hours of preparation estimated by the editors"
    ),
    "facts from dataset": gettext_lazy("facts from the dataset"),
    "facts from dataset (hours = units x 14 weeks, includes preparation)": gettext_lazy(
        "facts from the dataset (hours: units × 14 weeks, preparation included)"
    ),
    "hours and levels editorial": gettext_lazy("hours and levels editorial"),
    "hours estimated as credits x 42": gettext_lazy("hours estimated as 42 for each credit"),
    "hours estimated by editor": gettext_lazy("hours estimated by the editors"),
    "hours estimated by the editor": gettext_lazy("hours estimated by the editors"),
    "level, hours, skills assigned by editor": gettext_lazy("level, hours and skills set by the editors"),
    "levels editorial": gettext_lazy("levels editorial"),
    "open lecture notes free (general knowledge)": gettext_lazy("free lecture notes, unverified"),
    "own project brief": gettext_lazy("a project brief of our own"),
    "price estimated by editor": gettext_lazy("price estimated by the editors"),
    "provider added by editor": gettext_lazy("provider added by the editors"),
    "skills and area assigned by editor": gettext_lazy("skills and field set by the editors"),
    "title and link from dataset": gettext_lazy("title and link from the dataset"),
    "title, provider, url from dataset": gettext_lazy("title, provider and link from the dataset"),
    "unverified (general knowledge)": gettext_lazy("unverified"),
    "unverified (general knowledge; hours are typical advertised or estimated values)": gettext_lazy(
        "unverified (hours as usually advertised, or estimated)"
    ),
}
_BETWEEN_CLAUSES = re.compile(r"; (?![^(]*\))")

# Django 5.2 changed this text after its Chinese translation was made, so it is translated here.
LEFT_IN_ENGLISH_BY_DJANGO = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)


def clauses_of(provenance: str) -> list[str]:
    """What a provenance says, one by one; a semicolon within brackets does not part."""
    return _BETWEEN_CLAUSES.split(provenance)


def course_source(source: str, *, provenance: str) -> str:
    """Where the facts of a course come from, and which of them are not facts."""
    clauses = [str(PROVENANCE.get(one, one)) for one in clauses_of(provenance)]
    return _("%(source)s: %(clauses)s.") % {
        "source": COURSE_SOURCES.get(source, source),
        "clauses": " · ".join(clauses),
    }


LANGUAGE_NAMES = {"en": gettext_lazy("English"), "zh": gettext_lazy("Chinese")}


def language_name(code: str) -> str:
    """The name of a language of instruction; the code where it has none here."""
    return str(LANGUAGE_NAMES.get(code, code))


def level_name(level: int) -> str:
    """The name of a level on the one scale."""
    return str(LEVEL_NAMES[level])


def level_choices() -> list[tuple[int, str]]:
    """The levels with their names and what they mean in two or three words."""
    return [(level, f"{name} · {LEVEL_BRIEFLY[level]}") for level, name in LEVEL_NAMES.items()]


def level_meanings() -> list[tuple[int, str, str]]:
    """The levels with their names and what they mean in a sentence."""
    return [(level, str(name), str(LEVEL_WORDS[level])) for level, name in LEVEL_NAMES.items()]


def level_reason(reason: Mapping[str, Any]) -> str:
    """Why a level was guessed from a text."""
    args = reason.get("args", {})
    match reason.get("code"):
        case "years":
            years = int(args["years"])
            return ngettext(
                "The text states %(years)d year of it.", "The text states %(years)d years of it.", years
            ) % {"years": years}
        case "adverb":
            return _("The text says “%(cue)s”.") % {"cue": args["cue"]}
        case "seniority":
            return _("The job title says “%(cue)s”.") % {"cue": args["cue"]}
        case "dated":
            years = int(args["years"])
            return ngettext(
                "The dates beside it cover %(years)d year.",
                "The dates beside it cover %(years)d years.",
                years,
            ) % {"years": years}
        case "section":
            section = SECTION_NAMES.get(str(args["section"]), str(args["section"]))
            return _("It stands in the section on %(section)s.") % {"section": section}
        case "mentioned":
            times = int(args["times"])
            return ngettext("It is mentioned once.", "It is mentioned %(times)d times.", times) % {
                "times": times
            }
        case "example":
            return _("It belongs to the example profile.")
        case _:
            return _("You added it yourself.")


def link_source(one: FoundSkill) -> str:
    """How the words of a text led to a skill; nothing where they are its name."""
    texts = {
        "typo": gettext_lazy("We read it as “%(name)s”."),
        "words": gettext_lazy("These are the words of “%(name)s” in another form."),
        "nearest": gettext_lazy("“%(name)s” is the nearest name we know."),
    }
    if one.method not in texts or not one.label:
        return ""
    source = str(texts[one.method]) % {"name": one.label}
    if one.certain or one.method == "typo":
        return source
    likely = _("About %(percent)d of 100 such suggestions are right.")
    return f"{source} {likely % {'percent': round(100 * one.confidence)}}"


SCOPE_NAMES = {
    Right.READ_CATALOGUE: gettext_lazy("read roles, skills and courses"),
    Right.READ_PEOPLE: gettext_lazy("read people and their skills"),
    Right.WRITE_PEOPLE: gettext_lazy("enter people and their evidence"),
    Right.READ_PLANS: gettext_lazy("read plans and progress"),
    Right.WRITE_PLANS: gettext_lazy("make plans and assign roles"),
}

# What the audit trail says of each action that is recorded anywhere; a test names those that are missing.
ACTION_NAMES = {
    "account.changed": gettext_lazy("changed their account"),
    "account.email-changed": gettext_lazy("changed their e-mail address"),
    "account.password-changed": gettext_lazy("changed their password"),
    "recovery-codes.made": gettext_lazy("made recovery codes"),
    "recovery-codes.used": gettext_lazy("signed in with a recovery code"),
    "sign-in.connected": gettext_lazy("connected another service to sign in with"),
    "sign-in.disconnected": gettext_lazy("disconnected a service to sign in with"),
    "sessions.ended": gettext_lazy("signed devices out"),
    "two-factor.switched-off": gettext_lazy("switched two-step sign-in off"),
    "two-factor.switched-on": gettext_lazy("switched two-step sign-in on"),
    "admin.changed": gettext_lazy("changed something in the administration"),
    "admin.created": gettext_lazy("added something in the administration"),
    "admin.deleted": gettext_lazy("deleted something in the administration"),
    "assessment.finished": gettext_lazy("finished a short assessment"),
    "assessment.started": gettext_lazy("began a short assessment"),
    "assignment.made": gettext_lazy("assigned a role"),
    "assignment.withdrawn": gettext_lazy("withdrew an assignment"),
    "calendar.closed": gettext_lazy("switched their calendar address off"),
    "calendar.opened": gettext_lazy("opened a calendar address"),
    "calendar.renewed": gettext_lazy("renewed their calendar address"),
    "catalogue.imported": gettext_lazy("loaded the course catalogue"),
    "clocks.changed": gettext_lazy("changed the half-lives"),
    "concepts.imported": gettext_lazy("loaded concepts of a published framework"),
    "concepts.retired": gettext_lazy("retired concepts of a published framework"),
    "badge.accepted": gettext_lazy("took a badge of somebody else's as evidence"),
    "badge.removed": gettext_lazy("removed a badge of somebody else's"),
    "course.accepted-after-all": gettext_lazy("took back that a course is not for them"),
    "course.refused": gettext_lazy("said that a course is not for them"),
    "courses.imported": gettext_lazy("loaded courses from a file"),
    "courses.tagged": gettext_lazy("looked for skills in the text of courses"),
    "consent.given": gettext_lazy("allowed a use of their data"),
    "consent.withdrawn": gettext_lazy("no longer allowed a use of their data"),
    "credential-key.retired": gettext_lazy("retired a key that signed credentials"),
    "credential-key.revoked": gettext_lazy("revoked a key that signed credentials"),
    "credential-key.rotated": gettext_lazy("made a new key that signs credentials"),
    "credential.issued": gettext_lazy("issued a credential"),
    "credential.revoked": gettext_lazy("revoked a credential"),
    "demand.refreshed": gettext_lazy("counted anew what job postings ask for"),
    "dispute.agreed": gettext_lazy("struck out a disputed line of evidence"),
    "dispute.dropped": gettext_lazy("took back a dispute"),
    "dispute.upheld": gettext_lazy("let a disputed line of evidence stand"),
    "enrolment.dropped": gettext_lazy("took back an attempt at a course"),
    "enrolment.recorded": gettext_lazy("recorded an attempt at a course"),
    "estimates.chosen": gettext_lazy("chose between expected and declared hours"),
    "estimates.renewed": gettext_lazy("renewed the estimates of hours and completion"),
    "evidence.disputed": gettext_lazy("disputed a line of evidence"),
    "evidence.recorded": gettext_lazy("recorded evidence of skills"),
    "evidence.restored": gettext_lazy("brought back a line of evidence"),
    "evidence.withdrawn": gettext_lazy("withdrew evidence of skills"),
    "framework.described": gettext_lazy("described a published framework"),
    "framework.imported": gettext_lazy("loaded skills and roles"),
    "invitation.sent": gettext_lazy("made an invitation"),
    "item-bank.imported": gettext_lazy("loaded a bank of questions"),
    "learner.created": gettext_lazy("entered a person"),
    "learner.hours-changed": gettext_lazy("changed the hours per week"),
    "learner.study-days-changed": gettext_lazy("changed courses at once or public holidays"),
    "learner.moved": gettext_lazy("moved a person with their membership"),
    "learner.taken-over": gettext_lazy("handed over what the employer had entered"),
    "membership.joined": gettext_lazy("joined"),
    "membership.left": gettext_lazy("left"),
    "notifications.changed": gettext_lazy("changed what they are told of"),
    "organisation.founded": gettext_lazy("started the organisation"),
    "outcome.accepted": gettext_lazy("accepted that a course teaches a skill"),
    "outcome.rejected": gettext_lazy("rejected that a course teaches a skill"),
    "plan.brought-back": gettext_lazy("brought back a former plan"),
    "erasure.done": gettext_lazy("erased a person"),
    "erasure.requested": gettext_lazy("asked to be erased"),
    "erasure.taken-back": gettext_lazy("asked not to be erased after all"),
    "person.exported": gettext_lazy("downloaded all data about a person"),
    "person.imported": gettext_lazy("took an exported person in"),
    "plan.offer-dismissed": gettext_lazy("kept a plan as it was"),
    "plan.made": gettext_lazy("made a plan"),
    "plan.redated": gettext_lazy("moved the dates of a plan to other study days"),
    "plan.shared": gettext_lazy("shared a plan by a link"),
    "planning-job.finished": gettext_lazy("computed many plans"),
    "planning-job.requested": gettext_lazy("asked for many plans"),
    "postings.imported": gettext_lazy("loaded job postings"),
    "postings.source-described": gettext_lazy("described a source of job postings"),
    "proof.added": gettext_lazy("showed something for a finished course"),
    "proof.deleted": gettext_lazy("deleted what was shown for a finished course"),
    "service-account.opened": gettext_lazy("made a key"),
    "service-account.revoked": gettext_lazy("closed a key"),
    "share.restored": gettext_lazy("brought back a link to a plan"),
    "share.revoked": gettext_lazy("ended a link to a plan"),
    "skill.adopted": gettext_lazy("made a published concept a skill"),
    "skill.alias-added": gettext_lazy("gave a skill another name"),
    "step.completed": gettext_lazy("finished a step"),
    "step.reopened": gettext_lazy("took back a finished step"),
    "study.logged": gettext_lazy("logged hours of study"),
    "study.taken-back": gettext_lazy("took back logged hours of study"),
    "suggestion.accepted": gettext_lazy("accepted a suggested requirement of a role"),
    "suggestion.rejected": gettext_lazy("rejected a suggested requirement of a role"),
    "suggestions.made": gettext_lazy("suggested requirements of roles"),
    "team.formed": gettext_lazy("formed a team"),
    "time-off.taken": gettext_lazy("took days off from study"),
    "time-off.taken-back": gettext_lazy("took back days off from study"),
    "unknown-term.aliased": gettext_lazy("made an unknown term the name of a skill"),
    "unknown-term.ignored": gettext_lazy("put an unknown term aside"),
}


def actor_name(label: str) -> str:
    """Who stands behind the label of an audit entry when no name is known."""
    match label.partition(":")[0]:
        case "user":
            return _("a former member")
        case "erased":
            return _("a person whose data were erased")
        case "service":
            return _("an HR system")
        case _:
            return _("the system")


def document_error(error: DocumentError) -> str:
    """What is wrong with an uploaded file, and what to do."""
    return {
        "empty": _("The file is empty. Choose another one, or paste the text."),
        "too-large": _("The file is larger than 5 MB. Save it smaller, or paste the text."),
        "too-many-files": _("These are more than 10 files. Choose at most 10 at once."),
        "pdf-without-text": _(
            "This PDF holds no text, only pictures of it. Export it from your word processor."
        ),
        "pdf-encrypted": _("This PDF is protected by a password. Remove the password, or paste the text."),
        "not-a-docx": _(
            "This file is named .docx but is not a Word document. Save it again, or paste the text."
        ),
        "unknown-type": _(
            "We read text, PDF and DOCX files, LinkedIn exports, Europass and JSON Resume. "
            "Save your CV as one of these, or paste the text."
        ),
        "archive-without-cv": _(
            "This archive holds neither a Word document nor the tables of a LinkedIn export (such as "
            "Positions.csv). Choose another file, or paste the text."
        ),
        "archive-encrypted": _(
            "This archive is protected by a password. Unpack it and choose the files in it."
        ),
        "archive-unreadable": _("This archive is damaged and cannot be read. Download it again."),
        "xml-unreadable": _(
            "This XML file is damaged, or larger than any CV. Export it again, or paste the text."
        ),
        "xml-unsafe": _(
            "This XML file declares a document type or entities of its own, which we never follow. "
            "Export it again from Europass, or paste the text."
        ),
        "json-unreadable": _(
            "This JSON file is damaged and cannot be read. Export it again, or paste the text."
        ),
        "unknown-export": _(
            "This file is neither JSON Resume nor Europass. "
            "Save your CV as one of these or as text, PDF or DOCX."
        ),
        "export-without-content": _(
            "This export names no positions, studies, certificates or skills. Choose them when you export, "
            "or paste the text."
        ),
        "unpacks-too-large": _(
            "The content of this file is too large to read. Save the CV without pictures, or paste the text."
        ),
        "too-many-pages": _("This PDF has more than 100 pages. Upload the CV alone, or paste the text."),
        "too-long": _("This text is too long for a CV: more than 200,000 characters. Shorten it."),
        "pdf-unreadable": _("This PDF is damaged and cannot be read. Export it again, or paste the text."),
        "undecodable": _("The characters of this file cannot be read. Save it as UTF-8, or paste the text."),
    }.get(error.code, _("This file cannot be read. Save it as text, PDF or DOCX, or paste the text."))

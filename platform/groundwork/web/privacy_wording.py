"""Every table that holds people, in words; a test names those that are missing."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

HELD: dict[str, Promise] = {
    "accounts.User": gettext_lazy("Your account: name, e-mail address, language, time zone"),
    "account.EmailAddress": gettext_lazy("E-mail addresses of the account"),
    "account.EmailConfirmation": gettext_lazy("E-mail addresses waiting to be confirmed"),
    "accounts.Membership": gettext_lazy("Your place in an organisation"),
    "accounts.Team_members": gettext_lazy("Teams you are in"),
    "accounts.User_groups": gettext_lazy("Groups of operators"),
    "accounts.User_user_permissions": gettext_lazy("Rights of operators"),
    "admin.LogEntry": gettext_lazy("What you changed as an operator"),
    "assessments.Answer": gettext_lazy("Questions you were asked, and your answers"),
    "assessments.Sitting": gettext_lazy("Short assessments you sat"),
    "credentials.Award": gettext_lazy("Credentials issued to you"),
    "credentials.Badge": gettext_lazy("Badges of others that you took as evidence"),
    "credentials.BadgeLine": gettext_lazy("Lines of evidence that rest on such a badge"),
    "learners.Evidence": gettext_lazy("Evidence of your skills, lines that no longer count among it"),
    "learners.Learner": gettext_lazy("Your profile: hours per week, languages of courses"),
    "learners.Mark": gettext_lazy("Lines of evidence withdrawn, disputed or settled"),
    "learners.Proficiency": gettext_lazy("Your level in each skill, computed from the evidence"),
    "mfa.Authenticator": gettext_lazy("Two-step sign-in"),
    "socialaccount.SocialAccount": gettext_lazy("Services that sign you in"),
    "socialaccount.SocialToken": gettext_lazy("Keys to services that sign you in (none are kept)"),
    "usersessions.UserSession": gettext_lazy("Devices you are signed in on"),
    "notifications.DeliverySettings": gettext_lazy("When we may write to you"),
    "notifications.KindChoice": gettext_lazy("What we may write to you about"),
    "notifications.Notification": gettext_lazy("What you were told"),
    "plans.Assignment": gettext_lazy("Roles your organisation assigned to you"),
    "plans.CalendarFeed": gettext_lazy("The address of your calendar"),
    "plans.Enrolment": gettext_lazy("Courses you started, and how each ended"),
    "plans.CourseRefusal": gettext_lazy("Courses that are not for you, and why"),
    "plans.EstimateChoice": gettext_lazy("Whether expected hours count in your plans"),
    "plans.Plan": gettext_lazy("Your plans, earlier versions among them"),
    "plans.PlanShare": gettext_lazy("Links to your plans"),
    "plans.PlanStep": gettext_lazy("Steps of your plans"),
    "plans.PlanningJobItem": gettext_lazy("Plans an HR system asked for"),
    "plans.Proof": gettext_lazy("What you showed for finished courses, files included"),
    "plans.StudySession": gettext_lazy("Hours of study you logged"),
    "plans.TimeOff": gettext_lazy("Days off from study"),
}


def words_of(label: str) -> str:
    """The table in words; its name where nobody found words yet."""
    return str(HELD.get(label, label))

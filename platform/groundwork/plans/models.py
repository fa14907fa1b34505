"""Where a person is going, the proven way there, and who asked for it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Organisation, Team, User
from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor, Right
from groundwork.core.querysets import VisibleQuerySet
from groundwork.frameworks.models import Role
from groundwork.learners.models import Learner
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.proofs import Proof
from groundwork.plans.refusals import CourseRefusal
from groundwork.plans.sessions import StudySession, TimeOff
from groundwork.plans.shares import CalendarFeed, PlanShare
from groundwork.plans.versions import EstimateChoice, EstimateVersion, ModelCard

# Django finds an app's tables through this module; these stand in files of their own.
OTHER_TABLES = (
    CalendarFeed,
    CourseRefusal,
    Enrolment,
    EstimateChoice,
    EstimateVersion,
    ModelCard,
    PlanShare,
    Proof,
    StudySession,
    TimeOff,
)


class CatalogueSnapshot(models.Model):
    """The catalogue a plan was computed on, stored once per content, so that a plan replays offline."""

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.BinaryField(help_text="groundwork-catalogue/1, gzip")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest[:12]


class AssignmentQuerySet(VisibleQuerySet["Assignment"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own assignments; for administrators and scoped systems those of the organisation."""
        own = Q(learner__user_id=actor.user_id) if actor.user_id else Q(pk__in=[])
        if actor.may(Right.READ_PLANS):
            # Both: who has left is no longer the former employer's to follow.
            employer = actor.organisation_id
            own |= Q(organisation_id=employer, learner__organisation_id=employer)
        return self.filter(own)

    def current(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Assignment(models.Model):
    """An employer asks a person to grow into a role by a date."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="assignments")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(_("due date"))
    assigned_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "role"],
                condition=Q(withdrawn_at=None),
                name="one_current_assignment_per_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} -> {self.role_id} by {self.due_on}"

    def is_late(self, *, plan: Plan | None, on_date: date) -> bool:
        """Unfinished, and `plan` (the current one for it) ends after the due date or that date has passed."""
        if plan and plan.progress_percent == 100:
            return False
        ends_late = bool(plan and plan.ends_on and plan.ends_on > self.due_on)
        return ends_late or self.due_on < on_date


class PlanQuerySet(VisibleQuerySet["Plan"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own plans; for administrators and scoped systems those of the organisation's people."""
        own = Q(learner__user_id=actor.user_id) if actor.user_id else Q(pk__in=[])
        if actor.may(Right.READ_PLANS):
            own |= Q(learner__organisation_id=actor.organisation_id)
        return self.filter(own)

    def current(self) -> Self:
        """Not superseded by a later plan for the same learner and role."""
        return self.filter(superseded_at=None)

    def towards(self, role: Role, *, also: Role | None = None) -> Self:
        """Those for this role alone, or for these two together."""
        return self.filter(role=role, also=also)

    def with_steps(self) -> Self:
        """Everything a plan page reads, in a fixed number of queries."""
        return self.select_related("learner", "role", "also").prefetch_related("steps__course__provider")


class Plan(models.Model):
    """A computed sequence of courses for one learner and role, verified before it was saved.

    `problem` is the learner's part of the problem (groundwork-problem/1); with the catalogue
    snapshot it replays offline.
    """

    class Status(models.TextChoices):
        OPTIMAL = "optimal", _("Proven best")
        FEASIBLE = "feasible", _("Good, not yet proven best")
        INFEASIBLE = "infeasible", _("Not possible")
        UNKNOWN = "unknown", _("No answer in time")

    WITH_STEPS: ClassVar[list[str]] = [Status.OPTIMAL, Status.FEASIBLE]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="plans")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    # A second role that the plan reaches together with the first, what they share counted once.
    also = models.ForeignKey(Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    catalogue = models.ForeignKey(CatalogueSnapshot, on_delete=models.PROTECT, related_name="+")
    problem = models.JSONField()
    # What the roles require and this plan does not reach, because the person gave way on it: skill -> level.
    given_way = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=Status.choices)
    cost = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    hours = models.PositiveIntegerField(default=0)
    price = models.PositiveIntegerField(default=0, help_text="whole CNY")
    hours_per_week = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # The last day the person wished for. The hours that fit before it stand in the problem.
    finish_by = models.DateField(null=True, blank=True)
    unreachable = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    # When its dates last followed the days of study; none where they are as they were made.
    redated_at = models.DateTimeField(null=True, blank=True)
    # The offer to plan anew that the person does not want to see again, by its digest.
    dismissed_offer = models.CharField(max_length=64, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "role"],
                condition=Q(superseded_at=None, also=None),
                name="one_current_plan_per_role",
            ),
            models.UniqueConstraint(
                fields=["learner", "role", "also"],
                condition=Q(superseded_at=None),
                name="one_current_plan_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(also=None) | ~Q(also=models.F("role")), name="plan_of_two_different_roles"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} -> {self.role_id} ({self.status})"

    @property
    def goal_name(self) -> str:
        """The role, or both, in the reader's language."""
        return f"{self.role.name} + {self.also.name}" if self.also else self.role.name

    @property
    def dated_at(self) -> datetime:
        """When its dates were last changed."""
        return self.redated_at or self.created_at

    @property
    def ends_late(self) -> bool:
        """Whether the wished last day is no longer kept: days off came after it."""
        return bool(self.finish_by and self.ends_on and self.ends_on > self.finish_by)

    @property
    def done_hours(self) -> int:
        """Hours of the finished steps; read `with_steps()` first."""
        return sum(step.hours for step in self.steps.all() if step.completed_on)

    @property
    def progress_percent(self) -> int:
        """Finished share of the plan's hours, in whole per cent, rounded down; 0 where there is no way."""
        if self.status not in self.WITH_STEPS:
            return 0
        return 100 * self.done_hours // self.hours if self.hours else 100


class PlanStepQuerySet(VisibleQuerySet["PlanStep"]):
    def visible_to(self, actor: Actor) -> Self:
        """Steps of the plans the actor sees."""
        return self.filter(plan__in=Plan.objects.visible_to(actor))


class PlanStep(models.Model):
    """One course at its place, with its dates and the reasons as data.

    `portions` are [Monday as an ISO date, sevenths of an hour] for each week in which it is studied.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    hours = models.PositiveIntegerField()
    price = models.PositiveIntegerField(help_text="whole CNY")
    starts_on = models.DateField()
    ends_on = models.DateField()
    portions = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)
    completed_on = models.DateField(null=True, blank=True)

    objects = PlanStepQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="step_position_once"),
            models.UniqueConstraint(fields=["plan", "course"], name="step_course_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} #{self.position}"


class PlanningJobQuerySet(VisibleQuerySet["PlanningJob"]):
    def visible_to(self, actor: Actor) -> Self:
        """Jobs of the organisation, for those who may read its plans."""
        if actor.may(Right.READ_PLANS):
            return self.filter(organisation_id=actor.organisation_id)
        return self.none()


class PlanningJob(models.Model):
    """Many plans computed by a worker, one item per learner and role."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    requested_by = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PlanningJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class PlanningJobItem(models.Model):
    """One learner's plan inside a job: waiting, made, or refused with a reason."""

    job = models.ForeignKey(PlanningJob, on_delete=models.CASCADE, related_name="items")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="+")
    error = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "learner", "role"], name="job_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.learner_id}"

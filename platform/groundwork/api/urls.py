"""/api/v1/: one line per address."""

from django.urls import path, re_path

from groundwork.api import (
    assignments,
    courses,
    enrolments,
    frameworks,
    moochub,
    people,
    planning_jobs,
    plans,
    proficiency,
    reference,
    role_distances,
    roles,
    skills,
)

app_name = "api"
urlpatterns = [
    path("", reference.Index.as_view(), name="index"),
    path("docs/", reference.Docs.as_view(), name="docs"),
    path("schema/", reference.Schema.as_view(), name="schema"),
    path("problems/", reference.Problems.as_view(), name="problems"),
    path("roles/", roles.Roles.as_view(), name="roles"),
    path("roles/<slug:slug>/", roles.OneRole.as_view(), name="role"),
    path("roles/<slug:slug>/feeders/", roles.Feeders.as_view(), name="feeders"),
    path("skills/", skills.Skills.as_view(), name="skills"),
    path("skills/<slug:slug>/", skills.OneSkill.as_view(), name="skill"),
    path("courses/", courses.Courses.as_view(), name="courses"),
    path("courses/<slug:slug>/", courses.OneCourse.as_view(), name="course"),
    path("frameworks/", frameworks.Frameworks.as_view(), name="frameworks"),
    path("frameworks/<slug:slug>/", frameworks.OneFramework.as_view(), name="framework"),
    path("frameworks/<slug:slug>/concepts/", frameworks.Concepts.as_view(), name="concepts"),
    path("frameworks/<slug:slug>/case/", frameworks.CasePackage.as_view(), name="framework-case"),
    path("moochub/courses/", moochub.MoochubCourses.as_view(), name="moochub-courses"),
    path("people/", people.People.as_view(), name="people"),
    path("people/<uuid:pk>/", people.OnePerson.as_view(), name="person"),
    path("people/<uuid:pk>/roles/", role_distances.PersonRoles.as_view(), name="person-roles"),
    path(
        "people/<uuid:pk>/roles/<slug:slug>/with/<slug:also>/",
        role_distances.PersonCombined.as_view(),
        name="person-roles-combined",
    ),
    path("people/<uuid:pk>/evidence/", people.PersonEvidence.as_view(), name="evidence"),
    path(
        "people/<uuid:pk>/evidence/<int:line>/withdrawal/",
        proficiency.EvidenceWithdrawal.as_view(),
        name="evidence-withdrawal",
    ),
    path("people/<uuid:pk>/proficiency/", proficiency.PersonProficiency.as_view(), name="proficiency"),
    path(
        "people/<uuid:pk>/proficiency/<slug:slug>/",
        proficiency.PersonSkill.as_view(),
        name="proficiency-in-skill",
    ),
    path("people/<uuid:pk>/enrolments/", enrolments.PersonEnrolments.as_view(), name="enrolments"),
    path("enrolments/<uuid:pk>/", enrolments.OneEnrolment.as_view(), name="enrolment"),
    path("plans/", plans.Plans.as_view(), name="plans"),
    path("plans/<uuid:pk>/", plans.OnePlan.as_view(), name="plan"),
    path("planning-jobs/", planning_jobs.PlanningJobs.as_view(), name="planning-jobs"),
    path("planning-jobs/<uuid:pk>/", planning_jobs.OnePlanningJob.as_view(), name="planning-job"),
    path(
        "planning-jobs/<uuid:pk>/results/",
        planning_jobs.PlanningJobResults.as_view(),
        name="planning-job-results",
    ),
    path("assignments/", assignments.Assignments.as_view(), name="assignments"),
    path("assignments/<uuid:pk>/", assignments.OneAssignment.as_view(), name="assignment"),
    path(
        "assignments/<uuid:pk>/progress/",
        assignments.AssignmentProgress.as_view(),
        name="assignment-progress",
    ),
    path("progress/", assignments.ProgressList.as_view(), name="progress"),
    re_path(r"^(?P<rest>.+)$", reference.nothing_here, name="nothing-here"),
]

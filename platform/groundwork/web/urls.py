"""Pages by audience."""

from django.urls import path

from groundwork.web import administrator, assessments, combining, keys, learner, roles, skills, visitor

app_name = "web"

urlpatterns = [
    path("", visitor.start, name="start"),
    path("cv/", visitor.read_cv, name="read_cv"),
    path("examples/<slug:person>/", visitor.take_example, name="take_example"),
    path("skills/", skills.skills, name="skills"),
    path("skills/save/", skills.save_skills, name="save_skills"),
    path("skills/keep/", skills.keep_visit, name="keep_visit"),
    path("skills/restore/", skills.restore, name="restore"),
    path("forget/", skills.forget, name="forget"),
    path("theme/", visitor.change_theme, name="theme"),
    path("about/", visitor.about, name="about"),
    path("roles/", roles.roles, name="roles"),
    path("roles/combine/", combining.combine, name="combine"),
    path("roles/combine/keep/", combining.keep_combined, name="keep_combined"),
    path("roles/<slug:slug>/", roles.role, name="role"),
    path("roles/<slug:slug>/path/", roles.path, name="path"),
    path("roles/<slug:slug>/path.<str:kind>", roles.download, name="download"),
    path("roles/<slug:slug>/keep/", learner.keep_plan, name="keep_plan"),
    path("me/", learner.me, name="me"),
    path("me/history/", learner.history, name="history"),
    path("me/hours/", learner.change_hours, name="change_hours"),
    path("me/plans/<uuid:pk>/", learner.plan, name="plan"),
    path("me/plans/<uuid:pk>/steps/<int:step>/complete/", learner.complete_step, name="complete_step"),
    path("me/plans/<uuid:pk>/steps/<int:step>/reopen/", learner.reopen_step, name="reopen_step"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/<slug:slug>/start/", assessments.start_assessment, name="start_assessment"),
    path("assessments/<uuid:pk>/", assessments.assessment, name="assessment"),
    path("assessments/<uuid:pk>/answer/", assessments.answer_assessment, name="answer_assessment"),
    path("organisation/", administrator.organisation, name="organisation"),
    path("organisation/new/", administrator.found_organisation, name="found_organisation"),
    path("organisation/people/add/", administrator.add_person, name="add_person"),
    path("organisation/people/<uuid:pk>/", administrator.person, name="person"),
    path("organisation/invitations/", administrator.invite, name="invite"),
    path("organisation/teams/", administrator.add_team, name="add_team"),
    path("organisation/assignments/", administrator.assign, name="assign"),
    path("organisation/assignments/<uuid:pk>/withdraw/", administrator.withdraw, name="withdraw"),
    path("organisation/keys/", keys.keys, name="keys"),
    path("organisation/keys/add/", keys.add_key, name="add_key"),
    path("organisation/keys/<uuid:pk>/revoke/", keys.revoke_key, name="revoke_key"),
    path("join/<str:secret>/", administrator.join, name="join"),
]

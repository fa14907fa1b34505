"""The page of notifications: order, reading and taking it back, filter, paging, both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from groundwork.accounts.models import Membership, User
from groundwork.events import outbox
from groundwork.notifications import noticing
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import Notification
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db

Counter = Callable[[int], AbstractContextManager[object]]
PAGE = "/me/notifications/"
ZH = {"accept-language": "zh-hans"}
WEEK = {"monday": "2026-06-15", "done": 2, "hours": 30, "late": 1, "next": "second-steps"}
AWARD = {"role": None, "also": None, "skill": "kernel-tuning", "level": 4, "until": "2026-09-01"}
ROLE = {"role": "kernel-engineer", "due_on": "2026-09-01"}
LAPSE = {"skill": "kernel-tuning", "on": "2026-09-01", "level": 4, "to_level": 3}
# Each kind with its data, what is said of it in both languages, and where it leads.
SAID: dict[Kind, tuple[Mapping[str, object], str, str, str, str, str]] = {
    Kind.ASSIGNED: (
        ROLE,
        "You are asked to grow into the role Kernel engineer",
        "The due date is 2026-09-01.",
        "请您向“内核工程师”岗位发展",
        "截止日期为 2026-09-01。",
        "/roles/kernel-engineer/path/",
    ),
    Kind.DUE_SOON: (
        ROLE,
        "Kernel engineer is due on 2026-09-01",
        "Your plan shows what is left to do.",
        "内核工程师将于 2026-09-01 截止",
        "您的学习计划列出了尚未完成的内容。",
        "/me/",
    ),
    Kind.OVERDUE: (
        ROLE,
        "The due date of Kernel engineer has passed",
        "It was 2026-09-01.",
        "内核工程师的截止日期已过",
        "截止日期为 2026-09-01。",
        "/me/",
    ),
    Kind.LAPSING: (
        LAPSE,
        "Kernel tuning lapses on 2026-09-01",
        "plans read level 3, not 4,",
        "内核调优将于 2026-09-01 失效",
        "按 3 级而非 4 级计算",
        "/me/skills/kernel-tuning/",
    ),
    Kind.SETTLED: (
        {"skill": "kernel-tuning", "stands": False},
        "Your dispute about Kernel tuning is settled",
        "The line is struck out",
        "您对内核调优提出的异议已处理",
        "该记录已删去",
        "/me/skills/kernel-tuning/",
    ),
    Kind.CREDENTIAL_ISSUED: (
        AWARD,
        "Credential issued: Kernel tuning, level 4",
        "valid until 2026-09-01",
        "凭证已颁发：内核调优，4 级",
        "有效期至 2026-09-01",
        "/credentials/00000000-0000-0000-0000-000000000001/",
    ),
    Kind.CREDENTIAL_EXPIRING: (
        {**AWARD, "role": "kernel-engineer", "also": "far-engineer", "skill": None, "level": None},
        "Credential about to expire: Kernel engineer + Far engineer",
        "valid until 2026-09-01",
        "凭证即将到期：内核工程师 + 岗位 far-engineer",
        "有效期至 2026-09-01",
        "/me/credentials/",
    ),
    Kind.WEEK: (
        WEEK,
        "Your study week from 2026-06-15",
        "Last week you finished 2 courses of 30 hours. Next comes “Second steps”. 1 course is behind",
        "2026-06-15 起的学习周",
        "上周您完成了 2 门课程，共 30 小时。接下来是“课程 second-steps”。1 门课程已落后于日程",
        "/me/",
    ),
    Kind.JOB_ENDED: (
        {"made": 2, "failed": 1},
        "The plans you asked for are computed",
        "2 plans were made. 1 could not be made.",
        "您请求的计划已计算完成",
        "已生成 2 份计划。1 份未能生成。",
        "/organisation/",
    ),
    Kind.JOINED: (
        {"user": "ada"},
        "Ada Ahlgren joined your organisation",
        "You can assign roles to them now.",
        "Ada Ahlgren已加入您的组织",
        "您现在可以向其指派岗位。",
        "/organisation/",
    ),
}


def tell(user: User, kind: Kind, *, subject: str = "award:00000000-0000-0000-0000-000000000001") -> None:
    """Tell somebody of a kind as in SAID."""
    noticing.tell([user], kind=kind, subject=subject, data=dict(SAID[kind][0]), now=timezone.now())


def titles(client: Client, address: str = PAGE) -> list[str]:
    return [one.title for one in client.get(address).context["notices"]]


@pytest.fixture(autouse=True)
def _quiet_start(people: Cast) -> None:
    Notification.objects.all().delete()


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_is_put_into_the_readers_language_and_leads_on(hana: Client, people: Cast, kind: Kind):
    _data, title, text, title_zh, text_zh, address = SAID[kind]
    tell(people.hana, kind)
    if kind == Kind.JOINED:
        Notification.objects.update(data={"user": str(people.ada.pk)})
    english, chinese = hana.get(PAGE), hana.get(PAGE, headers=ZH)
    for answer, words in ((english, (title, text)), (chinese, (title_zh, text_zh))):
        [notice] = answer.context["notices"]
        assert notice.title == words[0]
        assert words[1] in notice.text
        assert all(word in answer.content.decode() for word in words)
    opened = hana.get(f"{PAGE}{Notification.objects.get().pk}/")
    assert opened["Location"] == address
    assert Notification.objects.get().read_at


def test_every_kind_has_a_name_in_both_languages(hana: Client):
    for headers, script in (({}, r"^[\x00-\x7f]+$"), (ZH, r"[\u4e00-\u9fff]")):
        answer = hana.get(PAGE, headers=headers)
        names = [str(label) for _value, label in answer.context["form"].fields["kind"].choices]
        assert len(names) == len(Kind) + 1
        assert all(re.search(script, name) for name in names)


def test_unread_come_before_read_and_late_before_early(ada: Client, people: Cast):
    now = timezone.now()
    for number, kind in enumerate([Kind.ASSIGNED, Kind.DUE_SOON, Kind.OVERDUE, Kind.LAPSING]):
        tell(people.ada, kind)
        Notification.objects.filter(kind=kind).update(created_at=now + timedelta(minutes=number))
    Notification.objects.filter(kind__in=[Kind.LAPSING, Kind.ASSIGNED]).update(read_at=now)
    order = [one.kind for one in ada.get(PAGE).context["notices"]]
    assert order == [Kind.OVERDUE, Kind.DUE_SOON, Kind.LAPSING, Kind.ASSIGNED]


def test_one_is_marked_as_read_and_as_unread_again(ada: Client, people: Cast):
    tell(people.ada, Kind.ASSIGNED)
    pk = Notification.objects.get().pk
    assert b"Mark as read" in ada.get(PAGE).content
    answer = ada.post(f"{PAGE}{pk}/mark/", {"act": "read", "kind": "assigned", "page": "1"})
    assert answer["Location"] == f"{PAGE}?kind=assigned&page=1"
    assert b"Mark as unread" in ada.get(PAGE).content
    ada.post(f"{PAGE}{pk}/mark/", {"act": "unread"})
    assert Notification.objects.get().read_at is None


def test_all_are_marked_as_read_and_it_is_taken_back(ada: Client, people: Cast):
    tell(people.ada, Kind.ASSIGNED)
    tell(people.ada, Kind.LAPSING)
    long_ago = timezone.now() - timedelta(days=1)
    tell(people.ada, Kind.SETTLED)
    Notification.objects.filter(kind=Kind.SETTLED).update(read_at=long_ago)
    answer = ada.post(f"{PAGE}read/", follow=True)
    assert "2 notifications are marked as read." in answer.content.decode()
    assert not Notification.objects.unread().exists()
    ada.post(f"{PAGE}unread/", {"at": answer.context["undo"]["at"]})
    assert Notification.objects.unread().count() == 2
    assert Notification.objects.get(kind=Kind.SETTLED).read_at == long_ago


def test_all_of_a_kind_are_marked_as_read(ada: Client, people: Cast):
    tell(people.ada, Kind.ASSIGNED)
    tell(people.ada, Kind.LAPSING)
    answer = ada.post(f"{PAGE}read/", {"kind": "lapsing"}, follow=True)
    assert answer.context["kind"] == "lapsing"
    assert Notification.objects.unread().get().kind == Kind.ASSIGNED


@pytest.mark.parametrize("given", ["", "yesterday", "2026-13-45T00:00:00Z", "2026-01-01T00:00:00"])
def test_a_time_that_cannot_be_read_takes_nothing_back(ada: Client, people: Cast, given: str):
    tell(people.ada, Kind.ASSIGNED)
    Notification.objects.update(read_at=timezone.now())
    assert ada.post(f"{PAGE}unread/", {"at": given}).status_code == 302
    assert ada.get(PAGE, {"read": given}).context["undo"] is None
    assert Notification.objects.get().read_at


def test_a_kind_narrows_the_list_and_an_unknown_one_does_not(ada: Client, people: Cast):
    tell(people.ada, Kind.ASSIGNED)
    tell(people.ada, Kind.LAPSING)
    assert titles(ada, f"{PAGE}?kind=lapsing") == ["Kernel tuning lapses on 2026-09-01"]
    assert len(titles(ada, f"{PAGE}?kind=nonsense")) == 2
    assert b"Nothing of this kind." in ada.get(f"{PAGE}?kind=week").content


def test_the_empty_page_says_what_will_come(ada: Client):
    assert b"Nothing to tell you yet." in ada.get(PAGE).content
    assert "暂无通知" in ada.get(PAGE, headers=ZH).content.decode()


def test_the_list_has_pages(ada: Client, people: Cast):
    for number in range(25):
        tell(people.ada, Kind.ASSIGNED, subject=f"assignment:{number}")
    assert len(titles(ada)) == 20
    second = ada.get(f"{PAGE}?page=2&kind=assigned")
    assert len(second.context["notices"]) == 5
    assert "?kind=assigned&amp;page=1" in second.content.decode()


def test_the_navigation_counts_what_is_unread(ada: Client, people: Cast):
    assert b"unread</span>" not in ada.get("/about/").content
    tell(people.ada, Kind.ASSIGNED)
    assert re.search(r">1<span[^>]*> unread</span>", ada.get("/about/").content.decode())
    for number in range(120):
        tell(people.ada, Kind.ASSIGNED, subject=f"assignment:{number}")
    assert b">99+<span" in ada.get("/about/").content


def test_what_is_by_e_mail_only_is_not_on_the_page(ada: Client, people: Cast):
    tell(people.ada, Kind.ASSIGNED)
    Notification.objects.update(in_app=False)
    assert titles(ada) == []
    assert b"unread</span>" not in ada.get("/about/").content


def test_who_administers_no_more_reads_nothing_of_the_organisation(hana: Client, people: Cast):
    noticing.tell(
        [people.hana],
        kind=Kind.JOINED,
        subject="membership:1",
        data={"user": str(people.ada.pk)},
        now=timezone.now(),
        organisation_id=people.ours.pk,
    )
    assert titles(hana) == ["Ada Ahlgren joined your organisation"]
    pk = Notification.objects.get().pk
    Membership.objects.filter(user=people.hana).update(kind=Membership.Kind.MEMBER)
    assert titles(hana) == []
    assert b"unread</span>" not in hana.get("/about/").content
    assert hana.get(f"{PAGE}{pk}/").status_code == 404


def test_who_has_left_since_is_not_named(hana: Client, people: Cast):
    tell(people.hana, Kind.JOINED)
    Notification.objects.update(data={"user": str(people.ada.pk)})
    people.ada.membership.delete()
    assert titles(hana) == ["A former member had joined your organisation"]


def test_the_list_costs_the_same_for_one_of_each_and_for_twenty(
    hana: Client, people: Cast, world: World, django_assert_num_queries: Counter
):
    for kind in Kind:
        tell(people.hana, kind)
    Notification.objects.filter(kind=Kind.JOINED).update(data={"user": str(people.ada.pk)})
    hana.get(PAGE)
    # Session, person, membership (twice), count, rows; roles, skills, courses, members; the count again.
    with django_assert_num_queries(11):
        hana.get(PAGE)
    for number in range(10):
        skill = builders.make_skill(f"more-{number}")
        noticing.tell(
            [people.hana],
            kind=Kind.LAPSING,
            subject=f"skill:{skill.slug}",
            data={**LAPSE, "skill": skill.slug},
            now=timezone.now(),
        )
    with django_assert_num_queries(11):
        assert len(titles(hana)) == 20


def test_what_an_administrator_does_is_told_by_the_next_relay(
    ada: Client, hana: Client, people: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
):
    due = timezone.localdate() + timedelta(days=90)
    who = f"person:{people.ada_learner.pk}"
    with django_capture_on_commit_callbacks(execute=True):
        hana.post(
            "/organisation/assignments/", {"who": who, "role": "kernel-engineer", "due_on": due.isoformat()}
        )
    assert titles(ada) == []
    outbox.relay()
    assert titles(ada) == ["You are asked to grow into the role Kernel engineer"]
    assert re.search(r">1<span[^>]*> unread</span>", ada.get("/me/").content.decode())

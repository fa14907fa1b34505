"""A path on paper: right in both languages, the same on every machine, and nothing in a title runs."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from groundwork.plans.models import Plan
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db
FONT = "NotoSansCJKtc-Regular"


@pytest.fixture
def plan(people: Cast, world: World) -> Plan:
    return builders.make_plan(people.ada_learner, world.role)


def read(client: Client, plan: Plan) -> PdfReader:
    answer = client.get(f"/me/plans/{plan.pk}/plan.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="groundwork-{plan.role.slug}.pdf"'
    return PdfReader(io.BytesIO(answer.content))


def text(pdf: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))


def fonts(pdf: PdfReader) -> set[str]:
    """The fonts of all pages, without the marks of what was left out of them."""
    found: set[str] = set()
    for page in pdf.pages:
        resources: Any = page["/Resources"]
        for one in resources["/Font"].values():
            font = one.get_object()
            inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & inner.keys(), "the font is not embedded"
            found.add(str(font["/BaseFont"]).split("+")[1].removesuffix("-Identity-H"))
    return found


def test_a_plan_is_on_paper(ada: Client, plan: Plan):
    pdf = read(ada, plan)
    said = text(pdf)
    for words in (
        "Path to Kernel engineer",
        "Proven best.",
        "50 hours",
        "1. First steps",
        "2. Second steps",
        "Closes: Kernel tuning 0→2",
        "https://courses.example/first-steps",
        "1 / 1",
    ):
        assert words in said
    assert str(plan.steps.get(position=1).starts_on) in said
    assert "Ada" not in said
    assert pdf.metadata
    assert pdf.metadata.title == "Path to Kernel engineer"


def test_chinese_is_right_and_brings_its_font_along(people: Cast, plan: Plan):
    ada = Client(headers={"accept-language": "zh-hans"})
    ada.force_login(people.ada)
    pdf = read(ada, plan)
    said = text(pdf)
    assert "内核工程师" in said
    assert "内核调优" in said
    assert str(pdf.root_object["/Lang"]) == "zh-CN"
    assert fonts(pdf) == {FONT}


def test_screen_readers_get_headings_and_a_language(ada: Client, plan: Plan):
    root: Any = read(ada, plan).root_object
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert "http://www.aiim.org/pdfua/ns/id/" in root["/Metadata"].get_object().get_data().decode()


def test_a_plan_that_gives_way_says_so_on_paper_too(ada: Client, plan: Plan):
    plan.given_way = {"zig-tooling": 3}
    plan.save()
    said = text(read(ada, plan))
    assert "This plan gives way on a part of what the role requires: Zig tooling: level" in said
    assert "of the 3 required" in said


def test_the_same_plan_is_the_same_bytes(ada: Client, plan: Plan):
    first, second = (ada.get(f"/me/plans/{plan.pk}/plan.pdf").content for _twice in range(2))
    assert first == second


def test_a_title_is_never_a_command(ada: Client, people: Cast):
    title = '#panic("x") $x$ *b* `c` <l> @r \\ ] [ 长' + "很长的课程名称" * 12
    builders.make_course("odd", title_en=title, url="", teaches={"oddness": 1})
    odd = builders.make_plan(people.ada_learner, builders.make_role("odd-role", requires={"oddness": 1}))
    said = text(read(ada, odd)).replace(" ", "")
    assert title.replace(" ", "") in said


def test_a_plan_without_steps_and_a_path_before_it_is_kept(ada: Client, people: Cast, world: World):
    nowhere = builders.make_plan(people.ada_learner, world.far)
    assert "There are no steps to take here." in text(read(ada, nowhere))
    builders.give_levels(people.ada_learner, {"zig-tooling": 1})
    answer = ada.get("/roles/kernel-engineer/path.pdf?hours=8")
    assert "Path to Kernel engineer" in text(PdfReader(io.BytesIO(answer.content)))


def test_many_steps_break_between_pages(ada: Client, people: Cast):
    for number in range(1, 6):
        for part in "abc":
            builders.make_course(f"rung-{number}-{part}", teaches={f"rung-{number}-{part}": 2})
    requires = {f"rung-{number}-{part}": 2 for number in range(1, 6) for part in "abc"}
    pdf = read(ada, builders.make_plan(people.ada_learner, builders.make_role("tall", requires=requires)))
    assert len(pdf.pages) > 1
    for page in pdf.pages:
        # Each step that begins on a page also ends there, with its address.
        said = page.extract_text()
        assert len(re.findall(r"^\d+\. ", said, re.MULTILINE)) == said.count("https://")

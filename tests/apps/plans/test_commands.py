"""`manage.py seed`, `recommend` and `demo` on the real fixtures."""

from __future__ import annotations

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import override

from groundwork.accounts.models import Organisation, User
from groundwork.assessments.models import Item, ItemBank
from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role, Skill
from groundwork.plans.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded():
    call_command("seed", stdout=StringIO())


def recommend(*arguments: str) -> str:
    out = StringIO()
    with override("en"):
        call_command("recommend", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_seed_loads_everything_and_a_second_time_changes_nothing(seeded, django_assert_max_num_queries):
    counts = Skill.objects.count(), Role.objects.count(), Course.objects.count()
    assert counts[0] >= 300
    assert counts[1] == 29
    assert counts[2] >= 400
    out = StringIO()
    with django_assert_max_num_queries(2):
        call_command("seed", stdout=out)
    assert out.getvalue() == "Catalogue is up to date.\n", "item banks included"
    call_command("seed", "--force", stdout=StringIO())
    assert (Skill.objects.count(), Role.objects.count(), Course.objects.count()) == counts


def test_seed_loads_the_item_banks_also_beside_a_catalogue_that_is_there(seeded, tmp_path):
    items = Item.objects.current().count()
    assert items >= 126
    ItemBank.objects.all().delete()
    out = StringIO()
    call_command("seed", stdout=out)
    assert "up to date" in out.getvalue()
    assert "foundation-and-core.jsonl" in out.getvalue()
    assert Item.objects.current().count() == items


def test_seed_names_the_wrong_line_of_a_bank_and_keeps_the_catalogue(tmp_path):
    copy = Path(shutil.copytree(settings.FIXTURES, tmp_path / "fixtures"))
    (copy / "assessments" / "broken.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError, match=r"broken\.jsonl: line 1"):
        call_command("seed", "--fixtures", str(copy), stdout=StringIO())
    assert Skill.objects.exists()
    assert Item.objects.exists(), "the other banks are loaded"


def test_a_course_that_leaves_the_fixtures_is_withdrawn_and_not_deleted(seeded, tmp_path):
    copy = Path(shutil.copytree(settings.FIXTURES, tmp_path / "fixtures"))
    path = copy / "catalogue" / "courses" / "robotics.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    gone = lines.pop().split(",")[0]
    path.write_text("\n".join(lines), encoding="utf-8")
    call_command("seed", "--fixtures", str(copy), stdout=StringIO())
    assert Course.objects.get(slug=gone).withdrawn_on is not None


def test_malformed_fixtures_load_nothing(tmp_path):
    copy = Path(shutil.copytree(settings.FIXTURES, tmp_path / "fixtures"))
    (copy / "frameworks" / "roles.csv").write_text("broken\n")
    with pytest.raises(CommandError, match=r"roles\.csv"):
        call_command("seed", "--fixtures", str(copy), stdout=StringIO())
    assert not Skill.objects.exists()


def test_an_example_person_gets_a_verified_path(seeded):
    text = recommend("--person", "wei-java")
    assert "optimal" in text
    assert "accepted by the independent checker" in text


def test_a_cv_alone_finds_the_nearest_role_and_a_path(seeded, tmp_path):
    cv = tmp_path / "cv.txt"
    cv.write_text("Experience\n2016 - 2025: C++ engineer, CUDA, Linux, Python. Expert in C++ and Linux.")
    document = json.loads(recommend("--cv", str(cv), "--json"))
    assert document["status"] == "optimal"
    assert document["verified"] is True
    assert document["profile"]["cpp"] >= 3
    assert document["steps"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--person", "nobody"], "Unknown person"),
        (["--person", "wei-java", "--role", "wizard"], "Unknown role 'wizard'"),
        (["--person", "wei-java", "--hours-per-week", "-3"], "Hours per week must be"),
        (["--cv", "missing.txt"], "cannot be read"),
    ],
)
def test_bad_input_is_one_clear_line(seeded, arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        recommend(*arguments)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("cv.txt", b"", "empty"),
        ("cv.txt", b"x" * (6 * 1024 * 1024), "5 MB"),
        ("cv.docx", b"\x00\x01\x02 not a zip", "docx"),
        ("cv.txt", b"Nothing of interest here.", "No skill"),
    ],
)
def test_a_cv_that_cannot_be_used_says_why(seeded, tmp_path, name, content, complaint):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=f"(?i){complaint}"):
        recommend("--cv", str(path))


def test_recommend_without_a_catalogue_says_what_to_do():
    with pytest.raises(CommandError, match=r"manage\.py seed"):
        recommend("--person", "wei-java")


def test_demo_makes_the_examples_once_and_prints_the_same_sign_ins(seeded, settings, tmp_path):
    settings.VAR = tmp_path
    first, second = StringIO(), StringIO()
    call_command("demo", stdout=first)
    call_command("demo", stdout=second)
    assert first.getvalue() == second.getvalue()
    assert Organisation.objects.filter(is_example=True).count() == 2
    assert Assignment.objects.count() == 1
    store = tmp_path / "demo-sign-ins.json"
    assert store.stat().st_mode & 0o077 == 0
    passwords = json.loads(store.read_text())
    assert all(
        User.objects.get(email=email).check_password(password) for email, password in passwords.items()
    )

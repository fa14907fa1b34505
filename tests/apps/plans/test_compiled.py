"""Compiled catalogues: one file per content, mapped by every process, never in the way."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from django.db import OperationalError

from groundwork.catalogue.models import Provider
from groundwork.plans import compiled, snapshot
from recommender import domain
from recommender.planning import offer
from tests import builders


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.COMPILED = tmp_path / "compiled"
    return settings.COMPILED


def catalogue(*, hours: int = 10) -> domain.Catalogue:
    courses = (
        domain.Course(id="b", hours=hours, price=0, requires={"x": 1}, teaches={"y": 2}, hands_on=4),
        domain.Course(id="a", hours=5, price=9, requires={}, teaches={"x": 1}),
    )
    return domain.Catalogue(courses=courses, skills=frozenset("xy"))


def test_the_second_process_maps_what_the_first_one_compiled(folder, monkeypatch):
    first = offer.of(compiled.prepared(catalogue()))
    monkeypatch.delattr(offer, "compiled")
    second = offer.of(compiled.prepared(catalogue()))
    assert not second.hours.flags.writeable
    assert second.hours.tolist() == first.hours.tolist() == [5, 10]
    assert second.skills == first.skills
    assert len(list(folder.iterdir())) == 1


def test_a_damaged_file_is_written_anew(folder):
    compiled.prepared(catalogue())
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-8])
    assert offer.of(compiled.prepared(catalogue())).courses == 2
    assert offer.load(path).courses == 2


def test_only_the_files_used_last_are_kept(folder):
    for hours in range(20, 20 + compiled.KEPT + 3):
        compiled.prepared(catalogue(hours=hours))
        for path in folder.iterdir():
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 60))
    kept = {path.name[:64] for path in folder.iterdir()}
    assert len(kept) == compiled.KEPT
    assert catalogue(hours=20).digest not in kept
    assert catalogue(hours=22 + compiled.KEPT).digest in kept


def test_where_no_file_can_be_written_the_process_compiles_for_itself(folder, caplog):
    folder.write_text("not a folder")
    assert offer.of(compiled.prepared(catalogue())).courses == 2
    assert "for itself" in caplog.text


def test_other_hours_are_as_if_compiled_anew(folder):
    common = compiled.prepared(catalogue())
    own = compiled.with_other_hours(catalogue(hours=17), common=common)
    found, anew = offer.of(own), offer.compiled(catalogue(hours=17))
    for name in ("hours", "price", "practice"):
        assert getattr(found, name).tolist() == getattr(anew, name).tolist()
    assert all(np.array_equal(one, other) for one, other in zip(found.rows, anew.rows, strict=True))
    assert len(list(folder.iterdir())) == 1


@pytest.mark.django_db
def test_a_catalogue_of_rows_comes_with_its_file_and_notices_a_renamed_provider(folder):
    builders.make_course("basics", teaches={"python": 2})
    provider = Provider.objects.get(course__slug="basics")
    before = snapshot.catalogue()
    assert [path.name[:64] for path in folder.iterdir()] == [before.digest]
    provider.name = "Renamed"
    provider.save()
    assert snapshot.catalogue().by_id["basics"].provider == "Renamed"


@pytest.mark.django_db
def test_a_process_that_has_prepared_itself_reads_no_course_again(
    folder, django_assert_num_queries, monkeypatch
):
    builders.make_course("basics", teaches={"python": 2})
    monkeypatch.setattr(snapshot, "connections", CloseNothing)
    snapshot.prepare()
    with django_assert_num_queries(1):
        assert "basics" in snapshot.offered().by_id


class CloseNothing:
    """The test's own connection stays open."""

    @staticmethod
    def close_all() -> None:
        pass


def test_without_a_database_a_process_starts_all_the_same_and_says_so(monkeypatch, caplog):
    def unreadable() -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr(snapshot, "offered", unreadable)
    monkeypatch.setattr(snapshot, "connections", CloseNothing)
    snapshot.prepare()
    assert "could not be prepared" in caplog.text

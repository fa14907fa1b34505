"""The schema is true, complete and the one in docs/."""

from __future__ import annotations

import re

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import translation
from openapi_spec_validator import validate

from groundwork.api import urls
from groundwork.api.base import ApiView

FILE = settings.ROOT / "docs" / "openapi.yaml"
OPEN_TO_ALL = {"index", "docs", "schema", "problems", "nothing-here"}


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    path = tmp_path_factory.mktemp("schema") / "openapi.yaml"
    with translation.override("en"):  # a test before this one may have left its reader's language behind
        call_command("spectacular", file=str(path), validate=True, fail_on_warn=True)
    return path.read_text(encoding="utf-8")


def test_the_schema_in_docs_is_the_one_the_code_makes(generated):
    assert FILE.read_text(encoding="utf-8") == generated, (
        "run .venv/bin/python manage.py spectacular --file docs/openapi.yaml"
    )


def test_the_schema_is_valid_openapi_3_1(generated):
    document = yaml.safe_load(generated)
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_operation_documents_key_scopes_and_refusals(generated):
    document = yaml.safe_load(generated)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["security"][0]["key"], where
            wanted = {"400", "401", "403", "404", "405", "406", "422", "429", "500"}
            assert wanted <= operation["responses"].keys(), where
            if method == "post":
                assert {"409", "413", "415"} <= operation["responses"].keys(), where
                assert "Idempotency-Key" in {p["name"] for p in operation["parameters"]}, where


def test_every_address_is_in_the_schema(generated):
    documented = {re.sub(r"\{\w+\}", "*", path) for path in yaml.safe_load(generated)["paths"]}
    routes = {
        "/api/v1/" + re.sub(r"<[^>]+>", "*", str(route.pattern))
        for route in urls.urlpatterns
        if route.name not in OPEN_TO_ALL
    }
    assert routes == documented


def test_every_address_asks_for_a_key_and_each_method_for_a_scope():
    for route in urls.urlpatterns:
        if route.name in OPEN_TO_ALL:
            continue
        view = getattr(route.callback, "cls", None)
        assert view is not None, route.name
        assert issubclass(view, ApiView), route.name
        handlers = {m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)}
        assert handlers == view.scopes.keys(), route.name
        assert all(view.scopes.values()), route.name


def test_the_index_leads_everywhere(db):
    index = Client().get("/api/v1/")
    assert index.status_code == 200
    for name, path in index.json().items():
        assert get_resolver().resolve(path).url_name == name
        assert Client().get(path).status_code in (200, 401), name


def test_the_reference_is_served_from_here_and_keeps_the_strict_policy(db):
    answer = Client().get("/api/v1/docs/", headers={"Accept": "text/html"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "'unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"<style|<script>|style=|https?://", page)
    for source in re.findall(r'src="([^"]+)"', page):
        assert source.startswith("/"), source
    script = Client().get("/api/v1/docs/?script=")
    assert "javascript" in script["Content-Type"]
    assert "/api/v1/schema/" in script.content.decode().encode().decode("unicode-escape")


def test_the_schema_is_served_as_yaml_and_json(db):
    assert Client().get("/api/v1/schema/").status_code == 200
    as_json = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert as_json.json()["info"]["title"] == "Groundwork API"


def test_the_reference_works_in_a_browser_under_the_strict_policy(page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            complaints.append(request.url)
            if "127.0.0.1" not in request.url
            and "localhost" not in request.url
            and not request.url.startswith("data:")
            else None
        ),
    )
    page.goto("/api/v1/docs/")
    page.locator("#operations-people-enterPerson").click()
    page.get_by_text("One wrong piece of evidence and nothing is written.").first.wait_for()
    assert not complaints

"""CVs that programs export: one career, whatever the format; and what is refused, harmlessly."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.learners import linking, reading, refusals
from groundwork.learners.resumes import linkedin_pdf, rendering
from groundwork.learners.resumes.values import Claim, Resume
from tests.apps.learners import exports

TODAY = date(2026, 11, 1)
LINKEDIN_TABLES = {name.rpartition("/")[2]: text for name, text in exports.LINKEDIN.items()}


def outcome(name: str, data: bytes) -> str:
    """The text, or the code of the refusal."""
    try:
        return reading.read_document(name, data)
    except reading.DocumentError as refusal:
        return refusal.code


@pytest.mark.parametrize("kind", exports.EVERY_FORMAT)
def test_every_format_is_written_out_as_a_cv_with_its_dates(kind):
    text = reading.read_document(*exports.EVERY_FORMAT[kind])
    assert "Experience\n2021-01 - present Kubernetes engineer, Acme" in text
    assert "- Technologies – Kubernetes, Linux.\n- Ran clusters." in text
    assert "Experience\n2015-03 - 2019-12 Python developer, Globex" in text
    assert "Education\n2011 - 2014 BSc Computer Science, University of Leeds" in text
    assert "PyTorch" in text


@pytest.mark.parametrize("kind", exports.EVERY_FORMAT)
def test_names_addresses_and_messages_are_not_read(kind):
    text = reading.read_document(*exports.EVERY_FORMAT[kind])
    assert not {"Ada", "Street", "1990", "SECRET-MESSAGE", "ada@example.org", "Rust"} & set(text.split())
    assert "Rust" not in text, "what is applied for is no skill"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", exports.EVERY_FORMAT)
def test_the_linker_dates_skills_by_the_jobs_of_an_export(kind):
    call_command("seed", verbosity=0)
    text = reading.read_document(*exports.EVERY_FORMAT[kind])
    found = {one.skill: one for one in linking.find_skills(text, on_date=TODAY)}
    assert found["kubernetes"].evidenced_on == TODAY.isoformat(), "the job goes on"
    assert found["kubernetes"].reason == {"code": "dated", "args": {"years": 5, "entries": 1}}
    assert found["python"].evidenced_on == "2019-12-31"
    assert found["linux"].reason["code"] == "dated", "a list of technologies belongs to its job"
    stated = kind != "linkedin"
    assert (found["python"].level, found["python"].reason["code"]) == (
        (4, "adverb") if stated else (3, "dated")
    )


@pytest.mark.parametrize("name", [one for one in LINKEDIN_TABLES if one not in {"messages.csv"}])
def test_each_table_of_linkedin_is_known_by_its_columns(name):
    assert (
        reading.read_document("table.csv" if name != "Skills.csv" else name, LINKEDIN_TABLES[name].encode())
        != (LINKEDIN_TABLES[name])
    )


def test_one_column_of_names_is_a_table_of_skills_only_where_the_file_says_so():
    assert reading.read_document("Skills.csv", b"Name\nPython\nGo\n") == "Skills\n- Python\n- Go"
    assert reading.read_document("people.csv", b"Name\nPython\nGo\n") == "Name\nPython\nGo"


def test_several_tables_are_read_together():
    files = [(name, text.encode()) for name, text in LINKEDIN_TABLES.items() if name != "messages.csv"]
    text = reading.read_documents(files)
    assert text.count("Experience") == 2
    assert "Certificates\n2022 Certified Kubernetes Administrator, CNCF" in text


@pytest.mark.parametrize(
    ("claim", "written"),
    [
        (Claim(name="Go", level="Master"), "- Go (expert = Master)"),
        (Claim(name="Go", level="advanced"), "- Go (advanced)"),
        (Claim(name="Go", level="4/5"), "- Go (advanced = 4/5)"),
        (Claim(name="Go", level="20%"), "- Go (beginner = 20%)"),
        (Claim(name="Go", years=7), "- Go (7 years)"),
        (Claim(name="Go: the language"), "- Go – the language"),
    ],
)
def test_a_stated_level_is_put_in_words_that_are_read(claim: Claim, written: str):
    assert rendering.text_of(Resume(skills=(claim,))) == f"Skills\n{written}"


def test_a_level_of_a_skill_is_not_one_of_its_keywords():
    document = {"basics": {}, "skills": [{"name": "Web", "level": "Master", "keywords": ["HTML", "CSS"]}]}
    text = reading.read_document("cv.json", json.dumps(document).encode())
    assert text == "Skills\n- Web (expert = Master)\n- HTML\n- CSS"


def test_the_content_decides_not_the_name():
    name, data = exports.EVERY_FORMAT["json-resume"]
    assert outcome("cv.txt", data) == outcome(name, data)
    assert outcome("cv", exports.EUROPASS_XML.encode()) == outcome("cv.xml", exports.EUROPASS_XML.encode())
    assert outcome("mine", exports.packed(exports.LINKEDIN)) == outcome(
        "a.zip", exports.packed(exports.LINKEDIN)
    )
    sixteen = exports.EUROPASS_XML.replace("UTF-8", "UTF-16").encode("utf-16")
    assert outcome("cv.xml", sixteen) == outcome("cv.xml", exports.EUROPASS_XML.encode())


def test_a_pdf_with_something_else_attached_is_read_by_its_pages():
    for attached in (b"<svg/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", b"<broken", b"just text"):
        assert outcome("cv.pdf", exports.pdf_with(attached)) == "Rust and nothing else at all"


def test_texts_that_only_begin_like_an_export_stay_texts():
    assert outcome("cv.txt", b"<b>Ada</b> Python & C++") == "<b>Ada</b> Python & C++"
    assert outcome("cv.txt", b"{Ada} knows Python") == "{Ada} knows Python"
    assert outcome("cv.txt", b"Name, Python, SQL") == "Name, Python, SQL"
    assert outcome("cv.txt", b'{"a": 1}') == '{"a": 1}'


def encrypted_archive() -> bytes:
    """An archive whose table is marked as encrypted."""
    data = bytearray(exports.packed({"Skills.csv": "Name\nGo\n"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("Skills.csv", "Positions.csv"):
            archive.writestr(name, b"Name\n" + b"0" * (refusals.MAX_UNPACKED_BYTES * 2 // 3))
    return out.getvalue()


ENTITIES = b"""<!DOCTYPE SkillsPassport [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"><LearnerInfo>&b;</LearnerInfo></SkillsPassport>"""
FILE_OF_SERVER = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"><LearnerInfo>&a;</LearnerInfo></SkillsPassport>"""
NESTED = b'<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass">' + b"<a>" * 200_000
MANY = b'<Candidate xmlns="http://www.europass.eu/1.0">' + b"<a/>" * 60_000 + b"</Candidate>"

REFUSALS = {
    "an archive of something else": ("a.zip", exports.packed({"readme.txt": "hi"}), "archive-without-cv"),
    "tables of another program": (
        "a.zip",
        exports.packed({"Skills.csv": "a,b\n1,2\n"}),
        "archive-without-cv",
    ),
    "an export of messages": (
        "a.zip",
        exports.packed({"messages.csv": exports.MESSAGES}),
        "archive-without-cv",
    ),
    "a locked archive": ("a.zip", encrypted_archive(), "archive-encrypted"),
    "a damaged archive": ("a.zip", exports.packed(exports.LINKEDIN)[:60], "unknown-type"),
    "an archive that unfolds": ("a.zip", bomb(), "unpacks-too-large"),
    "an export without rows": ("a.zip", exports.packed({"Skills.csv": "Name\n"}), "export-without-content"),
    "entities": ("cv.xml", ENTITIES, "xml-unsafe"),
    "entities in a text": ("cv.txt", ENTITIES, "xml-unsafe"),
    "a file of the server": ("cv.xml", FILE_OF_SERVER, "xml-unsafe"),
    "xml without end": ("cv.xml", b"<SkillsPassport><a>", "xml-unreadable"),
    "xml too deep": ("cv.xml", NESTED, "xml-unreadable"),
    "xml too large": ("cv.xml", MANY, "xml-unreadable"),
    "other xml": ("cv.xml", b"<html><body>Python</body></html>", "unknown-export"),
    "an empty passport": (
        "cv.xml",
        b"<SkillsPassport><LearnerInfo/></SkillsPassport>",
        "export-without-content",
    ),
    "json without end": ("cv.json", b'{"basics": ', "json-unreadable"),
    "json too deep": ("cv.json", b'{"work": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json-unreadable"),
    "a number without end": ("cv.json", b'{"work": [' + b"9" * 10_000 + b"]}", "json-unreadable"),
    "other json": ("cv.json", b'{"answer": 42}', "unknown-export"),
    "a list": ("cv.json", b"[1, 2]", "unknown-export"),
    "an empty resume": ("cv.json", b'{"basics": {}, "work": []}', "export-without-content"),
    "a page of the web": ("cv.html", b"<html></html>", "unknown-type"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_has_a_stable_code(case):
    name, data, code = REFUSALS[case]
    assert outcome(name, data) == code


def test_too_many_files_or_too_large_ones_are_refused():
    with pytest.raises(refusals.TooManyFilesError):
        reading.read_documents([("a.txt", b"Python")] * (reading.MAX_FILES + 1))
    with pytest.raises(refusals.TooLargeError):
        reading.read_documents([("a.txt", b"a" * (reading.MAX_BYTES // 2 + 1))] * 2)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("2020-01"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Label",
                    "Year",
                    "Month",
                    "Period",
                    "From",
                    "Description",
                    "WorkExperience",
                    "WorkExperienceList",
                ]
            )
            | st.sampled_from(
                ["name", "level", "keywords", "startDate", "Skills", "Computer", "Title", "Code"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    value=st.dictionaries(
        st.sampled_from(
            ["basics", "work", "skills", "education", "projects", "LearnerInfo", "SkillsPassport"]
        ),
        JSON_VALUES,
        max_size=4,
    )
)
def test_any_json_is_read_or_refused_never_crashes(value):
    assert outcome("cv.json", json.dumps(value).encode())


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_damaged_export_is_read_or_refused_never_crashes(data):
    name, whole = data.draw(st.sampled_from(list(exports.EVERY_FORMAT.values())))
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(name, bytes(damaged))


LINKEDIN_PDF = """Contact
www.linkedin.com/in/ada-example (LinkedIn)
Top Skills
Git
Experience
Acme
Kubernetes engineer
January 2021 - Present (5 years 11 months)
Leeds, England
Ran clusters.
Page 1 of 2
Globex
Python developer
March 2015 - December 2019 (4 years 10 months)
Wrote services.
Student helper
2014年9月 - 2015年1月 (5 个月)
"""


@pytest.mark.django_db
def test_in_a_profile_saved_as_pdf_a_title_belongs_to_the_dates_below_it():
    call_command("seed", verbosity=0)
    text = linkedin_pdf.apart(LINKEDIN_PDF)
    found = {one.skill: one for one in linking.find_skills(text, on_date=TODAY)}
    assert found["python"].evidenced_on == "2019-12-31"
    assert found["kubernetes"].evidenced_on == TODAY.isoformat()
    assert found["git"].section == "skills"
    assert "\n\nStudent helper\n2014" in text
    assert "Page 1" not in text


def test_other_texts_are_left_as_they_stand():
    text = "Ada\nPython developer\nMarch 2015 - December 2019 (4 years 10 months)"
    assert linkedin_pdf.apart(text) == text


def in_activities(text: str) -> bytes:
    """A Europass CV with one long text in it."""
    position = {"Position": {"Label": "x"}, "Activities": text}
    return json.dumps({"LearnerInfo": {"WorkExperience": [position]}}).encode()


FIVE_MB = reading.MAX_BYTES - 1000
SLOW = {
    "scripts without end": in_activities("<script>" * (FIVE_MB // 8)),
    "tags without end": in_activities("<a " * (FIVE_MB // 3)),
    "a break without end": in_activities("<br" + " " * FIVE_MB),
    "entities": in_activities("&" * FIVE_MB),
    "colons": in_activities(": " * (FIVE_MB // 2)),
    "quotes": b'{"a": "' + b'\\"' * (FIVE_MB // 2),
    "brackets": b'{"work": [' + b"[]," * (FIVE_MB // 3) + b"0]}",
    "commas": b"Name\n" + b"," * FIVE_MB,
    "elements": b'<Candidate xmlns="http://www.europass.eu/1.0">' + b"<a>" * (FIVE_MB // 3),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("case", SLOW)
def test_five_megabytes_of_malice_are_read_or_refused(case):
    """Each takes about a second; what read them in quadratic time would hang."""
    assert outcome("cv.json" if SLOW[case].startswith(b"{") else "cv.txt", SLOW[case])


def test_marked_up_text_becomes_lines_and_scripts_are_left_out():
    marked = "<p>Ran <b>billing</b> &amp; pay.</p><ul><li>One</li><LI>Two<br/>Three</ul>"
    marked += "<script>if (a<b) {}</script>End"
    text = outcome("cv.json", in_activities(marked))
    assert text == "Experience\nx\n- Ran billing & pay.\n- One\n- Two\n- Three\n- End"

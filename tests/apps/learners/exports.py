"""One invented career in every format that programs export, so that all can be compared."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

PROFILE = (
    "First Name,Last Name,Maiden Name,Address,Birth Date,Headline,Summary,Industry\n"
    'Ada,Example,,"1 Example Street, Leeds",1990-01-01,Data engineer,"Builds data platforms.",Software\n'
)
POSITIONS = (
    'Notes:\r\n"This file holds the positions."\r\n\r\n'
    "Company Name,Title,Description,Location,Started On,Finished On\r\n"
    'Acme,Kubernetes engineer,"Technologies: Kubernetes, Linux.\r\nRan clusters.",Leeds,Jan 2021,\r\n'
    'Globex,Python developer,"Wrote Python services; Python tests.",Leeds,Mar 2015,Dec 2019\r\n'
)
EDUCATION = (
    "School Name,Start Date,End Date,Notes,Degree Name,Activities\n"
    "University of Leeds,2011,2014,,BSc Computer Science,\n"
)
SKILLS = "Name\nPython\nKubernetes\nPyTorch\n"
CERTIFICATIONS = (
    "Name,Url,Authority,Started On,Finished On,License Number\n"
    "Certified Kubernetes Administrator,,CNCF,Feb 2022,Feb 2025,ABC-1\n"
)
LANGUAGES = "Name,Proficiency\nFrench,Full professional proficiency\n"
MESSAGES = "CONVERSATION ID,FROM,CONTENT\n1,Eve,SECRET-MESSAGE about Rust\n"

LINKEDIN = {
    "Basic_LinkedInDataExport/Profile.csv": PROFILE,
    "Basic_LinkedInDataExport/Positions.csv": POSITIONS,
    "Basic_LinkedInDataExport/Education.csv": EDUCATION,
    "Basic_LinkedInDataExport/Skills.csv": SKILLS,
    "Basic_LinkedInDataExport/Certifications.csv": CERTIFICATIONS,
    "Basic_LinkedInDataExport/Languages.csv": LANGUAGES,
    "Basic_LinkedInDataExport/messages.csv": MESSAGES,
}

JSON_RESUME: dict[str, Any] = {
    "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
    "basics": {
        "name": "Ada Example",
        "label": "Data engineer",
        "email": "ada@example.org",
        "summary": "Builds data platforms.",
    },
    "work": [
        {
            "name": "Acme",
            "position": "Kubernetes engineer",
            "startDate": "2021-01",
            "summary": "Technologies: Kubernetes, Linux.",
            "highlights": ["Ran clusters."],
        },
        {
            "name": "Globex",
            "position": "Python developer",
            "startDate": "2015-03-01",
            "endDate": "2019-12-31",
            "summary": "Wrote Python services; Python tests.",
        },
    ],
    "education": [
        {
            "institution": "University of Leeds",
            "area": "Computer Science",
            "studyType": "BSc",
            "startDate": "2011",
            "endDate": "2014",
        }
    ],
    "certificates": [{"name": "Certified Kubernetes Administrator", "issuer": "CNCF", "date": "2022-02-01"}],
    "skills": [
        {"name": "Python", "level": "Master", "keywords": ["PyTorch"]},
        {"name": "Kubernetes", "level": ""},
    ],
    "languages": [{"language": "French", "fluency": "Fluent"}],
}

EUROPASS_XML = """<?xml version="1.0" encoding="UTF-8"?>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass" locale="en">
  <DocumentInfo><DocumentType>ECV</DocumentType><XSDVersion>V3.4</XSDVersion></DocumentInfo>
  <LearnerInfo>
    <Identification><PersonName><FirstName>Ada</FirstName><Surname>Example</Surname></PersonName></Identification>
    <Headline><Type><Code>job_applied_for</Code></Type>
      <Description><Label>Rust developer</Label></Description></Headline>
    <WorkExperienceList>
      <WorkExperience>
        <Period><From year="2021" month="--01"/><Current>true</Current></Period>
        <Position><Label>Kubernetes engineer</Label></Position>
        <Activities>&lt;p&gt;Technologies: Kubernetes, Linux.&lt;/p&gt;
          &lt;p&gt;Ran clusters.&lt;/p&gt;</Activities>
        <Employer><Name>Acme</Name></Employer>
      </WorkExperience>
      <WorkExperience>
        <Period><From year="2015" month="--03" day="---01"/><To year="2019" month="--12"/></Period>
        <Position><Label>Python developer</Label></Position>
        <Activities>Wrote Python services; Python tests.</Activities>
        <Employer><Name>Globex</Name></Employer>
      </WorkExperience>
    </WorkExperienceList>
    <EducationList>
      <Education>
        <Period><From year="2011"/><To year="2014"/></Period>
        <Title>BSc Computer Science</Title>
        <Organisation><Name>University of Leeds</Name></Organisation>
      </Education>
    </EducationList>
    <Skills>
      <Linguistic><ForeignLanguageList><ForeignLanguage>
        <Description><Label>French</Label></Description>
        <ProficiencyLevel><Writing>C1</Writing></ProficiencyLevel>
      </ForeignLanguage></ForeignLanguageList></Linguistic>
      <Computer><Description>Expert in Python. PyTorch.</Description></Computer>
    </Skills>
  </LearnerInfo>
</SkillsPassport>
"""

EUROPASS_JSON: dict[str, Any] = {
    "SkillsPassport": {
        "Locale": "en",
        "LearnerInfo": {
            "Headline": {
                "Type": {"Code": "job_applied_for"},
                "Description": {"Label": "Rust developer"},
            },
            "WorkExperience": [
                {
                    "Period": {"From": {"Year": 2021, "Month": 1}, "Current": True},
                    "Position": {"Label": "Kubernetes engineer"},
                    "Activities": "<p>Technologies: Kubernetes, Linux.</p><p>Ran clusters.</p>",
                    "Employer": {"Name": "Acme"},
                },
                {
                    "Period": {"From": {"Year": 2015, "Month": 3}, "To": {"Year": 2019, "Month": 12}},
                    "Position": {"Label": "Python developer"},
                    "Activities": "Wrote Python services; Python tests.",
                    "Employer": {"Name": "Globex"},
                },
            ],
            "Education": [
                {
                    "Period": {"From": {"Year": 2011}, "To": {"Year": 2014}},
                    "Title": "BSc Computer Science",
                    "Organisation": {"Name": "University of Leeds"},
                }
            ],
            "Skills": {
                "Linguistic": {
                    "ForeignLanguage": [
                        {"Description": {"Label": "French"}, "ProficiencyLevel": {"Writing": "C1"}}
                    ]
                },
                "Computer": {"Description": "Expert in Python. PyTorch."},
            },
        },
    }
}

CANDIDATE_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Candidate xmlns="http://www.europass.eu/1.0" xmlns:oa="http://www.openapplications.org/oagis/9"
  xmlns:eures="http://www.europass_eures.eu/1.0" xmlns:hr="http://www.hr-xml.org/3">
  <CandidatePerson><PersonName><oa:GivenName>Ada</oa:GivenName></PersonName></CandidatePerson>
  <CandidateProfile languageCode="en">
    <ExecutiveSummary>Builds data platforms.</ExecutiveSummary>
    <EmploymentHistory>
      <EmployerHistory>
        <hr:OrganizationName>Acme</hr:OrganizationName>
        <PositionHistory>
          <PositionTitle typeCode="FREETEXT">Kubernetes engineer</PositionTitle>
          <eures:EmploymentPeriod>
            <eures:StartDate><hr:FormattedDateTime>2021-01</hr:FormattedDateTime></eures:StartDate>
            <hr:CurrentIndicator>true</hr:CurrentIndicator>
          </eures:EmploymentPeriod>
          <oa:Description>&lt;ul&gt;&lt;li&gt;Technologies: Kubernetes, Linux.&lt;/li&gt;
            &lt;li&gt;Ran clusters.&lt;/li&gt;&lt;/ul&gt;</oa:Description>
        </PositionHistory>
      </EmployerHistory>
      <EmployerHistory>
        <hr:OrganizationName>Globex</hr:OrganizationName>
        <eures:EmploymentPeriod>
          <eures:StartDate><hr:FormattedDateTime>2015-03-01</hr:FormattedDateTime></eures:StartDate>
          <eures:EndDate><hr:FormattedDateTime>2019-12</hr:FormattedDateTime></eures:EndDate>
        </eures:EmploymentPeriod>
        <PositionHistory>
          <PositionTitle>Python developer</PositionTitle>
          <oa:Description>Wrote Python services; Python tests.</oa:Description>
        </PositionHistory>
      </EmployerHistory>
    </EmploymentHistory>
    <EducationHistory>
      <EducationOrganizationAttendance>
        <hr:OrganizationName>University of Leeds</hr:OrganizationName>
        <AttendancePeriod>
          <StartDate><hr:FormattedDateTime>2011</hr:FormattedDateTime></StartDate>
          <EndDate><hr:FormattedDateTime>2014</hr:FormattedDateTime></EndDate>
        </AttendancePeriod>
        <EducationDegree><hr:DegreeName>BSc Computer Science</hr:DegreeName></EducationDegree>
      </EducationOrganizationAttendance>
    </EducationHistory>
    <Certifications><Certification>
      <CertificationName>Certified Kubernetes Administrator</CertificationName>
      <IssuingAuthority><hr:Name>CNCF</hr:Name></IssuingAuthority>
      <FirstIssuedDate><hr:FormattedDateTime>2022-02-01</hr:FormattedDateTime></FirstIssuedDate>
    </Certification></Certifications>
    <PersonQualifications>
      <PersonCompetency><CompetencyID>fra</CompetencyID><hr:TaxonomyID>language</hr:TaxonomyID></PersonCompetency>
      <PersonCompetency>
        <CompetencyID>http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d</CompetencyID>
        <hr:TaxonomyID>other</hr:TaxonomyID><hr:CompetencyName>Python</hr:CompetencyName>
        <eures:ProficiencyLevel><hr:ScoreText>expert</hr:ScoreText></eures:ProficiencyLevel>
      </PersonCompetency>
      <PersonCompetency>
        <CompetencyID>http://data.europa.eu/esco/skill/00000000-0000-0000-0000-000000000000</CompetencyID>
        <hr:TaxonomyID>other</hr:TaxonomyID>
      </PersonCompetency>
    </PersonQualifications>
    <DigitalSkills><DigitalSkill><Title>PyTorch</Title></DigitalSkill></DigitalSkills>
  </CandidateProfile>
</Candidate>
"""


def packed(parts: dict[str, str]) -> bytes:
    """A ZIP file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf_with(attached: bytes, *, text: bytes = b"Rust and nothing else at all") -> bytes:
    """A PDF of one line of text with one file attached to it."""
    import pypdf
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(width=300, height=200)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 20 100 Td (%s) Tj ET" % text)
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_attachment("attachment.xml", attached)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


EVERY_FORMAT: dict[str, tuple[str, bytes]] = {
    "linkedin": ("export.zip", packed(LINKEDIN)),
    "json-resume": ("resume.json", json.dumps(JSON_RESUME).encode()),
    "europass-xml": ("cv.xml", EUROPASS_XML.encode()),
    "europass-json": ("cv.json", json.dumps(EUROPASS_JSON).encode()),
    "europass-candidate": ("cv.xml", CANDIDATE_XML.encode()),
    "europass-pdf": ("cv.pdf", pdf_with(CANDIDATE_XML.encode())),
}

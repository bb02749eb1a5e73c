"""The demo of ``seeds/``, entered through the actions that everybody uses.

Each step looks first whether it was done, so that a second run, or one after an interrupted first, changes nothing.
"""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from curation import tasks
from curation.annotation import actions as annotation
from curation.annotation import queries as readings
from curation.annotation import rules
from curation.articles import actions as articles
from curation.choices import ReadingState, ScreeningState, Status
from curation.codebook import actions as codebook
from curation.codebook import queries as codebooks
from curation.criteria import actions as criteria
from curation.models import Article, Batch, CodebookVersion, Project, Reading, Screening, User
from curation.people import actions as people
from curation.review import actions as review
from curation.screening import actions as screening

SEEDS = Path(settings.BASE_DIR, "seeds")
QUALIFIERS = ("precision", "comparator", "severity", "quantity", "side")


def read(name: str) -> str:
    return (SEEDS / name).read_text(encoding="utf-8")


def may_enter(described: list[dict[str, Any]]) -> bool:
    """Whether the site is empty, or the demo was begun on it. Nothing is entered among people of a site's own."""
    admin = next(person for person in described if person.get("administrator"))
    found = User.objects.filter(username=admin["username"]).first()
    return found.check_password(admin["password"]) if found else not User.objects.exists()


def everybody(described: list[dict[str, Any]]) -> dict[str, User]:
    """The people by user name: the administrator as ``createsuperuser`` makes one, the others made by that administrator."""
    who: dict[str, User] = {}
    for person in described:
        username, name, password = person["username"], person["name"], person["password"]
        found = User.objects.filter(username=username).first()
        if found is None and person.get("administrator"):
            found = User.objects.create_superuser(username, "", password, name=name)
        elif found is None:
            by = administrator(who)
            found = people.create_person(username=username, name=name, email="", password=password, by=by)
        who[username] = found
    return who


def administrator(who: dict[str, User]) -> User:
    return next(user for user in who.values() if user.is_administrator)


def a_codebook(name: str, rules: str, *, by: User) -> CodebookVersion:
    version = codebook.load_codebook(text=read(name), by=by)
    criteria.load_rules(text=read(rules), codebook=version.codebook, by=by)
    return version


def a_project(
    described: dict[str, Any], version: CodebookVersion, members: list[dict[str, str]], who: dict[str, User]
) -> Project:
    project = Project.objects.filter(slug=described["slug"]).first()
    if project is None:
        project = people.create_project(**described, codebook_version=version, by=administrator(who))
    for member in members:
        if not project.memberships.filter(user=who[member["username"]]).exists():
            people.set_membership(project=project, user=who[member["username"]], role=member["role"], by=administrator(who))
    return project


def screened_by(described: dict[str, Any], project: Project, *, by: User) -> None:
    """What the project's screeners go by; left alone where somebody has written it already."""
    if not project.criteria:
        screening.set_up(
            project_id=project.pk,
            version=project.version,
            exclusion_reasons=project.exclusion_reasons,
            screeners_required=project.screeners_required,
            reading_order=project.reading_order,
            screener_may_read=project.screener_may_read,
            by=by,
            **described,
        )


def imported(name: str, project: Project, *, by: User) -> None:
    """The file's records, by the same steps as a worker's."""
    if Batch.objects.filter(project=project, file_name=name).exists():
        return
    with (SEEDS / name).open("rb") as stream:
        batch = articles.open_batch_of_file(project=project, name=name, stream=stream, by=by)
    tasks.run_batch(batch.pk)


def published(gold: dict[str, Any], project: Project, *, reader: User, moderator: User) -> None:
    """The gold reading of a report: screened and published by the moderator, read by the curator."""
    article = included(gold, project, by=moderator)
    label = gold["patient"]["label"]
    reading = annotation.start_reading(project=project, article=article, patients=[label], by=reader)
    if reading.state in (ReadingState.ASSIGNED, ReadingState.IN_PROGRESS):
        recorded(gold, reading, by=reader)
        reading = Reading.objects.get(pk=reading.pk)
        reading = annotation.submit(reading_id=reading.pk, version=reading.version, by=reader)
    if reading.state == ReadingState.SUBMITTED:
        review.publish(reading_id=reading.pk, version=reading.version, by=moderator)


def included(gold: dict[str, Any], project: Project, *, by: User) -> Article:
    screened = Screening.objects.select_related("article").get(project=project, article__pmid=gold["article"]["pmid"]["value"])
    if screened.state == ScreeningState.TO_SCREEN:
        screening.include(screening_id=screened.pk, version=screened.version, patients_described=1, by=by)
    return screened.article


def recorded(gold: dict[str, Any], reading: Reading, *, by: User) -> None:
    """Every annotation of the gold file that is not there yet; core features it is silent on are not reported."""
    patient = readings.patients_of(reading)[0]
    sections = {section.key: section.pk for section in reading.article.sections.current()}
    there = set(reading.annotations.values_list("feature__slug", flat=True))
    for said in gold["annotations"]:
        if said.get("derived") or said["feature"] in there:
            continue
        annotation.record(
            reading_id=reading.pk,
            patient_id=patient.pk,
            feature_slug=said["feature"],
            status=said["status"],
            value=said["value"],
            qualifiers={name: said[name] for name in QUALIFIERS if name in said},
            confidence=said["confidence"],
            comment=said.get("comment", ""),
            quotes=[_quote(each, sections) for each in said["evidence"]],
            by=by,
        )
    answers = readings.recorded(readings.annotations_of(reading, patient))
    for gap in rules.gaps(codebooks.specs(reading.codebook_version), answers):
        annotation.record(reading_id=reading.pk, patient_id=patient.pk, feature_slug=gap.slug, status=Status.NOT_REPORTED, by=by)


def _quote(said: dict[str, Any], sections: dict[str, int]) -> annotation.Quote:
    words, place = said["selector"]
    return annotation.Quote(sections[said["segment"]], words["exact"], place["start"], words["prefix"], words["suffix"])


def gold(name: str) -> dict[str, Any]:
    return dict(json.loads(read(name)))

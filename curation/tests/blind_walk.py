"""Every address asked by a reader whose fellow reader works, and asked again in the same world in which the fellow has not begun.

The addresses, and what is sent to them, are those of ``access_matrix``; they aim at the reader's own things and at the other's.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin
from django.db import connection, transaction
from django.urls import reverse

from curation.annotation import actions as annotation
from curation.assignment import drawing
from curation.audit import acting
from curation.models import Project, Reading, Screening, User
from curation.people import actions as people
from curation.screening import actions as screening
from curation.suggestions import actions as suggestions
from curation.suggestions import queries as suggested
from curation.tests import worlds
from curation.tests.access_matrix import ROUTES
from curation.tests.access_world import Person, World
from curation.tests.trying import Try

#: What differs from one answer to the next whatever anybody does: keys against forgery, and the time.
VOLATILE = [
    (re.compile(rb'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": "|csrf-token" content=")\w+'), rb"\1"),
    (re.compile(rb"csrf&quot;: &quot;\w+|X-CSRFToken&quot;: ?&quot;\w+"), b""),
    (re.compile(rb"cb_[\w-]+"), b"<token>"),
    (re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?"), b"<time>"),
]
UNTOLD = {"Set-Cookie", "Date", "Expires", "Content-Length"}
#: From where new rows are numbered; nobody else's are where these were, for what is kept of a codebook is kept by its number.
BUILT, OPENED, JOINED, HANDED_IN, ASKED, OTHERS = 100_000, 300_000, 500_000, 700_000, 900_000, 1_100_000


@dataclass(frozen=True)
class Ask:
    """``what`` tells it apart in what a failing test says."""

    what: str
    method: str
    address: str
    sent: Any
    version: int | None


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def asks(world: World, aim: str, within: tuple[str, ...] = ()) -> Iterator[Ask]:
    """Every declared cell, aimed at the things of this world; only of routes whose names begin so, where any are named."""
    for name, route in sorted(ROUTES.items()):
        if within and not name.split(":")[1].startswith(within):
            continue
        for method, cell in route.cells().items():
            version = world.met_by(Person.CURATOR, cell.version).version if cell.version else None
            address = reverse(name, kwargs=route.at(world, Person.CURATOR))
            yield Ask(f"{method} {name} of {aim}", method, address, cell.sent(world), version)


def draws(project: Project, by: User) -> Iterator[Ask]:
    """A draw of as many articles as there are, looked at and then confirmed as it is shown."""
    for name in ("web:reading-draw", "api:draw"):
        address = reverse(name, args=[project.slug])
        yield Ask(f"get {name} of all", "get", address, {"articles": 9}, None)
        yield Ask(f"post {name} of all", "post", address, {"articles": 9, "key": drawing.plan(by, project, 9).key}, None)


#: The way from a table to the reading that its rows belong to.
OF_READING = {"Reading": "pk", "Evidence": "annotation__reading", "Patient": "described_in__reading"}


def asks_of_admin(readings: Sequence[Reading]) -> Iterator[Ask]:
    """Every list, and page and story of a row for each table whose rows belong to these readings."""
    for table in admin.site._registry:
        label = f"admin:{table._meta.app_label}_{table._meta.model_name}"
        yield Ask(f"get {label} list", "get", reverse(f"{label}_changelist"), {}, None)
        names = {field.name for field in table._meta.get_fields()}
        way = OF_READING.get(table.__name__, "reading" if "reading" in names else "")
        found = table._default_manager.filter(**{f"{way}__in": [each.pk for each in readings]}).order_by("-pk")[:1] if way else ()
        for row in found:
            for page in ("change", "history"):
                yield Ask(f"get {label} {page} {row.pk}", "get", reverse(f"{label}_{page}", args=[row.pk]), {}, None)


def answers(session: str, wanted: Sequence[Ask]) -> dict[str, Answer]:
    """By what was asked; what two aims share is asked once."""
    once = {(ask.method, ask.address, repr(ask.sent), ask.version): ask for ask in reversed(wanted)}
    return {f"{ask.what} {ask.address}": _answer(session, ask) for ask in reversed(once.values())}


def _answer(session: str, ask: Ask) -> Answer:
    if ask.method != "get":
        number_rows_from(ASKED)  # what this writes has the same numbers in every world
    answer = Try(session, ask.method, ask.address, ask.sent, ask.version).answer
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    for pattern, put in VOLATILE:
        body = pattern.sub(put, body)
    headers = {name: value for name, value in answer.items() if name not in UNTOLD}
    return Answer(answer.status_code, headers, body)


def number_rows_from(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(oid::regclass, %s) FROM pg_class "
            "WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace",
            [number],
        )


def highest_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(last_value), 0) FROM pg_sequences WHERE schemaname = current_schema()")
        return int(cursor.fetchone()[0])


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def differences(quiet: dict[str, Answer], busy: dict[str, Answer]) -> list[str]:
    return [f"{what}: {_difference(quiet[what], busy[what])}" for what in quiet if quiet[what] != busy[what]]


def _difference(one: Answer, other: Answer) -> str:
    if one.status != other.status:
        return f"{one.status} alone, {other.status} beside another: {other.body[:300]!r}"
    if one.headers != other.headers:
        return f"{sorted(set(one.headers.items()) ^ set(other.headers.items()))}"
    at = next((n for n, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b), 0)
    cut = slice(max(0, at - 80), at + 120)
    return f"{one.body[cut]!r} alone, {other.body[cut]!r} beside another"


# --- what the other does ----------------------------------------------------------------------------------------------


def for_two_readers(project: Project, by: User) -> Project:
    """No page changes this number, and no public record needs two to be made first."""
    with transaction.atomic(), acting(by=by, verb="project.wants_two"):
        Project.objects.filter(pk=project.pk).update(readers_required=2)
    return worlds.fresh(project)


def drawn_from_two(world: World, most: int | None) -> Project:
    """The other is not the only one to whom articles are given, and nobody has more open than that."""
    number_rows_from(OPENED)
    people.set_membership(project=world.project, user=world.who.outsider, role="curator", by=world.who.administrator)
    return worlds.set_up(world.project, world.who.moderator2, most_open=most)


def joined(world: World, other: User) -> World:
    """The other reads what the reader reads, as far as they can come without handing in; the world as the other meets it."""
    number_rows_from(JOINED)
    complete = worlds.complete(world.project, world.complete.article, other)
    worlds.complete(world.project, world.doubled.article, other)
    started = worlds.started(world.project, world.started.article, other)
    rejected = worlds.started(world.project, world.rejected.reading.article, other)
    judged = suggestions.reject(by=other, **the_first_offer(rejected))
    accepted = worlds.started(world.project, world.submitted.article, other)
    suggestions.accept(by=other, **the_first_offer(accepted))
    annotation.add_patient(reading_id=accepted.pk, label="The other man", by=other)
    return replace(world, complete=complete, started=started, rejected=judged)


def the_first_offer(reading: Reading) -> dict[str, Any]:
    offers = suggested.offered(reading.curator, reading.pk).offers
    return {"reading_id": reading.pk, "patient_id": reading.patients.get().pk, "key": offers[0].key}


def handed_in(theirs: World, by: User) -> None:
    """Two of the other's readings, of which one came back."""
    number_rows_from(HANDED_IN)
    for article in (theirs.complete.article, theirs.doubled.article):
        reading = Reading.objects.get(curator=theirs.complete.curator, article=article)
        annotation.submit(reading_id=reading.pk, version=reading.version, by=reading.curator)
    worlds.asked(worlds.fresh(reading), "age", "Where does it say so?", by)


def to_screen_by_two(world: World) -> World:
    """The same, its project another one: three articles wait there for two screeners each."""
    number_rows_from(OPENED)
    project = world.conflict.project
    for pmid in (901, 902, 903):
        worlds.to_screen(project, worlds.an_article(pmid), world.who.moderator2)
    return replace(world, project=project, to_screen=Screening.objects.get(project=project, article__pmid=901))


def screened(pair: World, other: User) -> None:
    """One included, one excluded, one set aside."""
    number_rows_from(JOINED)
    one, two, three = Screening.objects.filter(project=pair.project, article__pmid__gt=900).order_by("article__pmid")
    screening.include(screening_id=one.pk, version=one.version, patients_described=2, by=other)
    screening.exclude(screening_id=two.pk, version=two.version, reason="Not a case report", by=other)
    screening.set_aside(screening_id=three.pk, version=three.version, by=other)

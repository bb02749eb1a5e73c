"""Who may do what at every address, declared once. ``test_access`` tries each cell; a route that is missing here fails it.

A cell names who may, and what they send. Everybody else must be refused and nothing be written. Where the project is
private, whoever does not belong to it is refused too, unless the route says otherwise (``in_private``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from curation.tests import worlds
from curation.tests.access_world import Person, World

EVERYBODY = frozenset(Person)
SIGNED_IN = EVERYBODY - {Person.NOBODY}
MEMBERS = frozenset((Person.CURATOR, Person.OTHER_CURATOR, Person.MODERATOR, Person.OWN_MODERATOR))
BELONGING = MEMBERS | {Person.ADMINISTRATOR}
MODERATORS = frozenset((Person.MODERATOR, Person.OWN_MODERATOR))
NOT_ON_OWN_WORK = frozenset((Person.MODERATOR,))
READER = frozenset((Person.CURATOR,))
ADMINISTRATOR = frozenset((Person.ADMINISTRATOR,))

Sent = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """Who may, and what a form or JSON body holds; ``version`` says of which thing a version is sent."""

    may: frozenset[Person]
    sent: Callable[[World], Sent] = lambda world: {}
    version: str = ""


@dataclass(frozen=True)
class Route:
    """``at`` fills the address: (world, person) -> its parts. ``in_private``: who is left of ``may`` in a private project."""

    get: Cell | None = None
    post: Cell | None = None
    put: Cell | None = None
    patch: Cell | None = None
    delete: Cell | None = None
    at: Callable[[World, Person], Mapping[str, Any]] = field(default=lambda world, person: {})
    in_private: frozenset[Person] = BELONGING

    def cells(self) -> dict[str, Cell]:
        methods = {"get": self.get, "post": self.post, "put": self.put, "patch": self.patch, "delete": self.delete}
        return {method: cell for method, cell in methods.items() if cell}


def of_project(world: World, person: Person) -> Mapping[str, Any]:
    return {"slug": world.project.slug}


def of(thing: str) -> Callable[[World, Person], Mapping[str, Any]]:
    """The address of the thing; of their own one for a moderator who meets their own work."""
    return lambda world, person: {"pk": world.met_by(person, thing).pk}


def article_of(thing: str) -> Callable[[World, Person], Mapping[str, Any]]:
    return lambda world, person: {"pk": getattr(world, thing).article_id}


def sends(**fields: Any) -> Callable[[World], Sent]:
    return lambda world: fields


PEOPLE = {
    "web:home": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "web:sign-in": Route(
        get=Cell(EVERYBODY), post=Cell(EVERYBODY, sends(username="curator", password="wrong")), in_private=EVERYBODY
    ),
    "web:sign-out": Route(post=Cell(EVERYBODY), in_private=EVERYBODY),
    "web:account": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "web:change-password": Route(
        post=Cell(SIGNED_IN, sends(old=worlds.PASSWORD, new="another long secret", again="another long secret")),
        in_private=EVERYBODY,
    ),
    "web:token-revoke": Route(post=Cell(READER), at=of("token"), in_private=EVERYBODY),
    "web:article": Route(get=Cell(EVERYBODY), at=article_of("included"), in_private=SIGNED_IN),
    "web:token-issue": Route(post=Cell(SIGNED_IN, sends(name="a program", scopes="read")), in_private=EVERYBODY),
    "web:articles": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "web:projects": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "web:project": Route(get=Cell(EVERYBODY), at=of_project),
}

SCREENING = {
    "web:screening": Route(get=Cell(BELONGING), at=of_project),
    "web:screening-decisions": Route(get=Cell(BELONGING), at=of_project),
    "web:screening-include": Route(post=Cell(MODERATORS, version="to_screen"), at=of("to_screen")),
    "web:screening-exclude": Route(
        post=Cell(MODERATORS, sends(reason="Not a case report"), version="to_screen"), at=of("to_screen")
    ),
    "web:screening-reopen": Route(post=Cell(MODERATORS, version="included"), at=of("included")),
    "api:screenings": Route(get=Cell(EVERYBODY), at=of_project),
    "api:screening-include": Route(post=Cell(MODERATORS, version="to_screen"), at=of("to_screen")),
    "api:screening-exclude": Route(
        post=Cell(MODERATORS, sends(reason="Not a case report"), version="to_screen"), at=of("to_screen")
    ),
    "api:screening-reopen": Route(post=Cell(MODERATORS, version="included"), at=of("included")),
}

REVIEW = {
    "web:review": Route(get=Cell(MODERATORS), at=of_project),
    "web:review-reading": Route(get=Cell(MODERATORS), at=of("submitted")),
    "web:reading-publish": Route(post=Cell(NOT_ON_OWN_WORK, version="submitted"), at=of("submitted")),
    "web:reading-send-back": Route(
        post=Cell(NOT_ON_OWN_WORK, sends(note="See figure 1."), version="submitted"), at=of("submitted")
    ),
    "web:finding": Route(get=Cell(EVERYBODY), at=of("finding")),
    "web:finding-retract": Route(post=Cell(NOT_ON_OWN_WORK, sends(reason="A slip."), version="finding"), at=of("finding")),
    "api:submitted-readings": Route(get=Cell(MODERATORS), at=of_project),
    "api:reading-publish": Route(post=Cell(NOT_ON_OWN_WORK, version="submitted"), at=of("submitted")),
    "api:reading-send-back": Route(
        post=Cell(NOT_ON_OWN_WORK, sends(note="See figure 1."), version="submitted"), at=of("submitted")
    ),
    "api:findings": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "api:finding": Route(get=Cell(EVERYBODY), at=of("finding")),
    "api:finding-retract": Route(post=Cell(NOT_ON_OWN_WORK, sends(reason="A slip."), version="finding"), at=of("finding")),
}

ROUTES: dict[str, Route] = {**PEOPLE, **SCREENING, **REVIEW}

#: Answer everybody with nothing of anybody's.
OPEN = {"healthz", "readyz", "metrics", "api:openapi", "api:docs"}

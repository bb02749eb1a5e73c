"""Who may do what at every address, declared once. ``test_access`` tries each cell; a route that is missing here fails it.

A cell names who may, and what they send. Everybody else must be refused and nothing be written. Where the project is
private, whoever does not belong to it is refused too, unless the route says otherwise (``in_private``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from curation.assignment import drawing
from curation.choices import Scope
from curation.models import MailChoice
from curation.notices import queries as notices
from curation.notices.mail import queries as mail
from curation.suggestions import queries as suggestions
from curation.tests import worlds
from curation.tests.access_world import Person, World
from curation.tests.records import a_record

EVERYBODY = frozenset(Person)
SIGNED_IN = EVERYBODY - {Person.NOBODY}
MEMBERS = frozenset((Person.CURATOR, Person.OTHER_CURATOR, Person.MODERATOR, Person.OWN_MODERATOR))
BELONGING = MEMBERS | {Person.ADMINISTRATOR}
MODERATORS = frozenset((Person.MODERATOR, Person.OWN_MODERATOR))
NOT_ON_OWN_WORK = frozenset((Person.MODERATOR,))
READER = frozenset((Person.CURATOR,))
ADMINISTRATOR = frozenset((Person.ADMINISTRATOR,))

ONE_RECORD = f"<PubmedArticleSet>{a_record(8)}</PubmedArticleSet>".encode()

Sent = Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """Who may, and what a form or JSON body holds; ``version`` says of which thing a version is sent.

    ``in_private``: who is left of ``may`` in a private project, where that differs from the route's.
    """

    may: frozenset[Person]
    sent: Callable[[World], Sent] = lambda world: {}
    version: str = ""
    in_private: frozenset[Person] | None = None


def nowhere_else(world: World, person: Person) -> Mapping[str, Any]:
    """The address has no parts to fill in."""
    return {}


@dataclass(frozen=True)
class Route:
    """``at`` fills the address: (world, person) -> its parts. ``in_private``: who is left of ``may`` in a private project."""

    get: Cell | None = None
    post: Cell | None = None
    put: Cell | None = None
    patch: Cell | None = None
    delete: Cell | None = None
    at: Callable[[World, Person], Mapping[str, Any]] = nowhere_else
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


NEW_PROJECT = {"title": "Rashes", "slug": "rashes", "readers_required": "1"}

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
    "web:article-cite": Route(
        get=Cell(EVERYBODY),
        at=lambda world, person: {"pk": world.included.article_id, "suffix": "ris"},
        in_private=SIGNED_IN,
    ),
    "web:articles-cite": Route(get=Cell(EVERYBODY), at=lambda world, person: {"suffix": "bib"}, in_private=EVERYBODY),
    "api:articles-cite": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "api:article-cite": Route(get=Cell(EVERYBODY), at=article_of("included"), in_private=SIGNED_IN),
    "web:articles": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "web:projects": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "web:project-new": Route(
        get=Cell(ADMINISTRATOR),
        post=Cell(ADMINISTRATOR, sends(**NEW_PROJECT, codebook="imnm@1.0.0")),
        in_private=EVERYBODY,
    ),
    "web:project": Route(get=Cell(EVERYBODY), at=of_project),
    "api:me": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "api:tokens": Route(
        get=Cell(SIGNED_IN), post=Cell(SIGNED_IN, sends(name="a program", scopes=["read"])), in_private=EVERYBODY
    ),
    "api:token-revoke": Route(post=Cell(READER), at=of("token"), in_private=EVERYBODY),
    "api:articles": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "api:article": Route(get=Cell(EVERYBODY), at=article_of("included"), in_private=SIGNED_IN),
    "api:projects": Route(
        get=Cell(EVERYBODY),
        post=Cell(ADMINISTRATOR, sends(**NEW_PROJECT, codebook="imnm", codebook_version="1.0.0")),
        in_private=EVERYBODY,
    ),
    "api:project": Route(get=Cell(EVERYBODY), at=of_project),
}


def told(world: World, person: Person) -> Mapping[str, Any]:
    """The curator was asked, when a reading of theirs was sent back."""
    return {"pk": notices.notices(world.who.curator).filter(project=world.project, kind="returned").latest("pk").pk}


def the_link(world: World) -> str:
    return mail.token_for(world.who.curator)


def the_proof(world: World) -> str:
    return mail.proof_for(MailChoice.objects.get(user=world.who.curator))


MAIL = sends(address="one@example.org", kinds=["assigned"], every="day")

NOTICES = {
    "web:notices": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "web:notices-read": Route(post=Cell(SIGNED_IN), in_private=EVERYBODY),
    "web:notice-open": Route(post=Cell(READER), at=told),
    "web:notice-read": Route(post=Cell(READER), at=told),
    "web:notice-unread": Route(post=Cell(READER), at=told),
    "api:notices": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "api:notices-unread": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "api:notices-read": Route(post=Cell(SIGNED_IN), in_private=EVERYBODY),
    "api:notice-read": Route(post=Cell(READER), at=told),
    "api:notice-unread": Route(post=Cell(READER), at=told),
    "web:choose-mail": Route(post=Cell(SIGNED_IN, MAIL), in_private=EVERYBODY),
    "api:mail-choice": Route(get=Cell(SIGNED_IN), put=Cell(SIGNED_IN, MAIL), in_private=EVERYBODY),
    # whoever has the link
    "web:mail-prove": Route(
        get=Cell(EVERYBODY), post=Cell(EVERYBODY), at=lambda world, person: {"token": the_proof(world)}, in_private=EVERYBODY
    ),
    "web:unsubscribe": Route(
        get=Cell(EVERYBODY), post=Cell(EVERYBODY), at=lambda world, person: {"token": the_link(world)}, in_private=EVERYBODY
    ),
}

LOOKING_ON = MODERATORS | ADMINISTRATOR
NEW_SEARCH = sends(title="New cases", query="myositis", every_days=7)

SEARCHES = {
    "web:searches": Route(get=Cell(LOOKING_ON), at=of_project),
    "web:search-create": Route(post=Cell(MODERATORS, NEW_SEARCH), at=of_project),
    "web:search": Route(get=Cell(LOOKING_ON), at=of("search")),
    "web:search-run": Route(post=Cell(MODERATORS), at=of("search")),
    "web:search-pause": Route(post=Cell(MODERATORS, version="search"), at=of("search")),
    "web:search-resume": Route(post=Cell(MODERATORS, version="paused"), at=of("paused")),
    "web:search-delete": Route(post=Cell(MODERATORS, version="search"), at=of("search")),
    "web:article-resembling": Route(get=Cell(SIGNED_IN), at=article_of("included"), in_private=SIGNED_IN),
    "web:article-relations": Route(post=Cell(SIGNED_IN), at=article_of("included"), in_private=SIGNED_IN),
    "api:searches": Route(get=Cell(LOOKING_ON), post=Cell(MODERATORS, NEW_SEARCH), at=of_project),
    "api:search": Route(get=Cell(LOOKING_ON), delete=Cell(MODERATORS, version="search"), at=of("search")),
    "api:search-run": Route(post=Cell(MODERATORS), at=of("search")),
    "api:search-pause": Route(post=Cell(MODERATORS, version="search"), at=of("search")),
    "api:search-resume": Route(post=Cell(MODERATORS, version="paused"), at=of("paused")),
    "api:article-relations": Route(get=Cell(EVERYBODY), post=Cell(SIGNED_IN), at=article_of("included"), in_private=SIGNED_IN),
}

SETTINGS = sends(
    criteria="A case.",
    exclusion_reasons="No case",
    words_of_interest="weakness",
    screeners_required="1",
    reading_order="newest",
    screener_may_read="1",
)
SETTINGS_BY_API = sends(
    criteria="A case.",
    exclusion_reasons=["No case"],
    words_of_interest=["weakness"],
    screeners_required=1,
    reading_order="newest",
    screener_may_read=True,
)


def conflicting(world: World, person: Person) -> Mapping[str, Any]:
    return {"pk": world.conflict.pk}


def chosen(world: World) -> Sent:
    return {"row": f"{world.to_screen.pk}:{world.to_screen.version}", "verdict": "excluded:Not a case report"}


def chosen_by_api(world: World) -> Sent:
    row = {"id": world.to_screen.pk, "version": world.to_screen.version}
    return {"rows": [row], "verdict": "excluded", "reason": "Not a case report"}


def of_flow(world: World, person: Person) -> Mapping[str, Any]:
    return {"slug": world.project.slug, "suffix": "svg"}


SCREENING = {
    "web:screening": Route(get=Cell(BELONGING), at=of_project),
    "web:screening-decisions": Route(get=Cell(BELONGING), at=of_project),
    "web:screening-many": Route(post=Cell(MODERATORS, chosen), at=of_project),
    "web:screening-story": Route(get=Cell(BELONGING), at=of("included")),
    "web:screening-conflicts": Route(get=Cell(MODERATORS), at=of_project),
    "web:screening-include": Route(post=Cell(MODERATORS, version="to_screen"), at=of("to_screen")),
    "web:screening-exclude": Route(
        post=Cell(MODERATORS, sends(reason="Not a case report"), version="to_screen"), at=of("to_screen")
    ),
    "web:screening-set-aside": Route(post=Cell(MODERATORS, version="to_screen"), at=of("to_screen")),
    "web:screening-take-back": Route(post=Cell(NOT_ON_OWN_WORK, version="included"), at=of("included")),
    "web:screening-reopen": Route(post=Cell(MODERATORS, version="included"), at=of("included")),
    # OWN_MODERATOR is one of the two screeners
    "web:screening-settle": Route(post=Cell(NOT_ON_OWN_WORK, sends(verdict="included"), version="conflict"), at=conflicting),
    "web:prisma": Route(get=Cell(BELONGING), at=of_project),
    "web:prisma-file": Route(get=Cell(BELONGING), at=of_flow),
    "web:project-settings": Route(get=Cell(LOOKING_ON), at=of_project),
    "web:project-settings-change": Route(post=Cell(MODERATORS, SETTINGS, version="project"), at=of_project),
    "api:screenings": Route(get=Cell(EVERYBODY), at=of_project),
    "api:screenings-decide": Route(post=Cell(MODERATORS, chosen_by_api), at=of_project),
    "api:screening": Route(get=Cell(BELONGING), at=of("included")),
    "api:screening-conflicts": Route(get=Cell(MODERATORS), at=of_project),
    "api:screening-include": Route(post=Cell(MODERATORS, version="to_screen"), at=of("to_screen")),
    "api:screening-exclude": Route(
        post=Cell(MODERATORS, sends(reason="Not a case report"), version="to_screen"), at=of("to_screen")
    ),
    "api:screening-set-aside": Route(post=Cell(MODERATORS, version="to_screen"), at=of("to_screen")),
    "api:screening-take-back": Route(post=Cell(NOT_ON_OWN_WORK, version="included"), at=of("included")),
    "api:screening-reopen": Route(post=Cell(MODERATORS, version="included"), at=of("included")),
    "api:screening-settle": Route(post=Cell(NOT_ON_OWN_WORK, sends(verdict="included"), version="conflict"), at=conflicting),
    "api:screening-settings": Route(
        get=Cell(LOOKING_ON), put=Cell(MODERATORS, SETTINGS_BY_API, version="project"), at=of_project
    ),
    "api:prisma": Route(get=Cell(BELONGING), at=of_project),
    "api:prisma-file": Route(get=Cell(BELONGING), at=of_flow),
}

SAID_ANEW = {"feature": "leg_weakness", "status": "present", "reason": "The left leg."}


def to_later(world: World, person: Person) -> Mapping[str, Any]:
    return {"slug": world.project.slug, "number": "1.1.0"}


REVIEW = {
    "web:review": Route(get=Cell(MODERATORS), at=of_project),
    "web:challenges": Route(get=Cell(BELONGING), at=of_project),
    "web:propose": Route(
        get=Cell(SIGNED_IN, in_private=BELONGING),
        post=Cell(MEMBERS, sends(field="comment", comment="Seen in figure 2.", reason="It helps.")),
        at=of("finding"),
    ),
    "web:finding-flag": Route(post=Cell(SIGNED_IN, sends(text="Look again.")), at=of("finding")),
    "web:proposal": Route(get=Cell(BELONGING), at=of("proposal")),
    "web:proposal-accept": Route(post=Cell(NOT_ON_OWN_WORK, version="proposal"), at=of("proposal")),
    "web:proposal-reject": Route(post=Cell(NOT_ON_OWN_WORK, sends(reason="No."), version="proposal"), at=of("proposal")),
    "web:proposal-withdraw": Route(
        post=Cell(frozenset((Person.OTHER_CURATOR, Person.OWN_MODERATOR)), version="proposal"), at=of("proposal")
    ),
    "web:flag-resolve": Route(post=Cell(MODERATORS, sends(answer="It stands."), version="flag"), at=of("flag")),
    "web:reevaluate": Route(
        post=Cell(MODERATORS, sends(outcome="stands", reason="The images only.")),
        at=lambda world, person: {"slug": world.project.slug, "pk": world.noticed.ruling.article_id},
    ),
    "web:project-codebook": Route(get=Cell(BELONGING), at=of_project),
    "web:codebook-move-preview": Route(get=Cell(LOOKING_ON), at=to_later),
    "web:codebook-move": Route(post=Cell(LOOKING_ON, version="project"), at=to_later),
    "web:unmoved": Route(get=Cell(LOOKING_ON), at=of("unmoved")),
    "web:unmoved-enter": Route(post=Cell(NOT_ON_OWN_WORK, sends(**SAID_ANEW), version="unmoved"), at=of("unmoved")),
    "web:unmoved-dismiss": Route(post=Cell(NOT_ON_OWN_WORK, sends(reason="Vague."), version="unmoved"), at=of("unmoved")),
    "api:codebook-moves": Route(get=Cell(BELONGING), post=Cell(LOOKING_ON, sends(to="1.1.0"), version="project"), at=of_project),
    "api:codebook-move-preview": Route(get=Cell(LOOKING_ON, sends(to="1.1.0")), at=of_project),
    "api:unmoved-list": Route(get=Cell(BELONGING), at=of_project),
    "api:unmoved": Route(get=Cell(LOOKING_ON), at=of("unmoved")),
    "api:unmoved-enter": Route(post=Cell(NOT_ON_OWN_WORK, sends(**SAID_ANEW), version="unmoved"), at=of("unmoved")),
    "api:unmoved-dismiss": Route(post=Cell(NOT_ON_OWN_WORK, sends(reason="Vague."), version="unmoved"), at=of("unmoved")),
    "web:agreement": Route(get=Cell(MODERATORS), at=of_project),
    "web:disagreements": Route(get=Cell(MODERATORS), at=of_project),
    "web:agreement-file": Route(get=Cell(MODERATORS), at=of_project),
    "web:review-reading": Route(get=Cell(MODERATORS), at=of("submitted")),
    "web:reading-publish": Route(post=Cell(NOT_ON_OWN_WORK, version="submitted"), at=of("submitted")),
    "web:reading-send-back": Route(
        post=Cell(NOT_ON_OWN_WORK, sends(note="See figure 1."), version="submitted"), at=of("submitted")
    ),
    "web:finding": Route(get=Cell(EVERYBODY), at=of("finding")),
    "web:finding-retract": Route(post=Cell(NOT_ON_OWN_WORK, sends(reason="A slip."), version="finding"), at=of("finding")),
    "api:finding-proposals": Route(
        get=Cell(EVERYBODY),
        post=Cell(MEMBERS, sends(field="comment", new="Seen in figure 2.", reason="It helps.")),
        at=of("finding"),
    ),
    "api:proposals": Route(get=Cell(BELONGING), at=of_project),
    "api:proposal": Route(get=Cell(BELONGING), at=of("proposal")),
    "api:proposal-accept": Route(post=Cell(NOT_ON_OWN_WORK, version="proposal"), at=of("proposal")),
    "api:proposal-reject": Route(post=Cell(NOT_ON_OWN_WORK, sends(reason="No."), version="proposal"), at=of("proposal")),
    "api:proposal-withdraw": Route(
        post=Cell(frozenset((Person.OTHER_CURATOR, Person.OWN_MODERATOR)), version="proposal"), at=of("proposal")
    ),
    "api:finding-flags": Route(post=Cell(SIGNED_IN, sends(text="Look again.")), at=of("finding")),
    "api:flags": Route(get=Cell(EVERYBODY), at=of_project),
    "api:flag-resolve": Route(post=Cell(MODERATORS, sends(answer="It stands."), version="flag"), at=of("flag")),
    "api:reevaluations": Route(
        get=Cell(MODERATORS),
        post=Cell(MODERATORS, lambda world: {"article": world.noticed.ruling.article_id, "stands": True, "reason": "So."}),
        at=of_project,
    ),
    "api:agreement": Route(get=Cell(MODERATORS), at=of_project),
    "api:disagreements": Route(get=Cell(MODERATORS), at=of_project),
    "api:submitted-readings": Route(get=Cell(MODERATORS), at=of_project),
    "api:reading-publish": Route(post=Cell(NOT_ON_OWN_WORK, version="submitted"), at=of("submitted")),
    "api:reading-send-back": Route(
        post=Cell(NOT_ON_OWN_WORK, sends(note="See figure 1."), version="submitted"), at=of("submitted")
    ),
    "api:findings": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "api:finding": Route(get=Cell(EVERYBODY), at=of("finding")),
    "api:finding-annotation": Route(get=Cell(EVERYBODY), at=of("finding")),
    "api:finding-retract": Route(post=Cell(NOT_ON_OWN_WORK, sends(reason="A slip."), version="finding"), at=of("finding")),
}


def of_contest(thing: str = "contest") -> Callable[[World, Person], Mapping[str, Any]]:
    def at(world: World, person: Person) -> Mapping[str, Any]:
        met = world.met_by(person, thing)
        return {"slug": met.project.slug, "pk": met.article.pk}

    return at


def of_pair(world: World, person: Person) -> Mapping[str, Any]:
    return {"slug": world.contest.project.slug}


def by_form(world: World) -> Sent:
    """The same decision as a form sends it."""
    told = world.contest.follows
    return {"at": f"{told['patient']}-ck-1", "choice": told["reading"], "reason": "Table 1."}


def age_of_contest(world: World) -> Sent:
    return {"patient": world.contest.follows["patient"], "feature": "age"}


ADJUDICATION = {
    "web:adjudications": Route(get=Cell(MODERATORS), at=of_pair),
    "web:adjudication": Route(get=Cell(NOT_ON_OWN_WORK), at=of_contest()),
    "web:adjudication-pair": Route(post=Cell(NOT_ON_OWN_WORK, version="contest"), at=of_contest()),
    "web:adjudication-decide": Route(post=Cell(NOT_ON_OWN_WORK, by_form, version="contest"), at=of_contest()),
    "web:adjudication-find": Route(post=Cell(NOT_ON_OWN_WORK, sends(find="weakness")), at=of_contest()),
    "web:adjudication-take-back": Route(
        post=Cell(NOT_ON_OWN_WORK, lambda world: {"at": f"{world.contest.follows['patient']}-age-1"}, version="contest"),
        at=of_contest(),
    ),
    "web:adjudication-publish-agreed": Route(post=Cell(NOT_ON_OWN_WORK, version="contest"), at=of_contest()),
    "web:adjudication-publish": Route(post=Cell(NOT_ON_OWN_WORK, version="agreeing"), at=of_contest("agreeing")),
    "web:adjudication-reopen": Route(
        post=Cell(NOT_ON_OWN_WORK, sends(reason="An erratum."), version="adjudicated"), at=of_contest("adjudicated")
    ),
    "web:merge-policy": Route(post=Cell(MODERATORS, sends(policy="together"), version="project"), at=of_project),
    "api:adjudications": Route(get=Cell(MODERATORS), at=of_pair),
    "api:adjudication": Route(get=Cell(NOT_ON_OWN_WORK), at=of_contest()),
    "api:adjudication-pair": Route(put=Cell(NOT_ON_OWN_WORK, sends(pairs=[]), version="contest"), at=of_contest()),
    "api:adjudication-decide": Route(
        post=Cell(NOT_ON_OWN_WORK, lambda world: world.contest.follows, version="contest"), at=of_contest()
    ),
    "api:adjudication-take-back": Route(post=Cell(NOT_ON_OWN_WORK, age_of_contest, version="contest"), at=of_contest()),
    "api:adjudication-publish-agreed": Route(post=Cell(NOT_ON_OWN_WORK, version="contest"), at=of_contest()),
    "api:adjudication-publish": Route(post=Cell(NOT_ON_OWN_WORK, version="agreeing"), at=of_contest("agreeing")),
    "api:adjudication-reopen": Route(
        post=Cell(NOT_ON_OWN_WORK, sends(reason="An erratum."), version="adjudicated"), at=of_contest("adjudicated")
    ),
    "api:merge-policy": Route(put=Cell(MODERATORS, sends(merge_policy="together"), version="project"), at=of_project),
}

FULL_TEXTS = {
    "web:article-full-text": Route(post=Cell(BELONGING), at=article_of("pictured")),
    "web:figure-image": Route(get=Cell(EVERYBODY), at=of("figure"), in_private=SIGNED_IN),
    "web:figure-thumbnail": Route(get=Cell(EVERYBODY), at=of("figure"), in_private=SIGNED_IN),
    "api:article-full-text": Route(post=Cell(BELONGING), at=article_of("pictured")),
    "api:figure-image": Route(get=Cell(EVERYBODY), at=of("figure"), in_private=SIGNED_IN),
    "api:figure-thumbnail": Route(get=Cell(EVERYBODY), at=of("figure"), in_private=SIGNED_IN),
}

IMPORTS = {
    "web:imports": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "web:import-new": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "web:import-pmids": Route(post=Cell(BELONGING, lambda world: {"project": world.project.slug, "pmids": "1"})),
    "web:import-file": Route(
        post=Cell(BELONGING, lambda world: {"project": world.project.slug, "file": SimpleUploadedFile("one.xml", ONE_RECORD)})
    ),
    "web:import-query": Route(
        get=Cell(
            SIGNED_IN, lambda world: {"query": "myositis", "project": world.project.slug if world.project.is_public else ""}
        ),
        in_private=EVERYBODY,
    ),
    "web:import-query-open": Route(post=Cell(BELONGING, lambda world: {"project": world.project.slug, "query": "myositis"})),
    "web:quarantine": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "web:import-item": Route(get=Cell(BELONGING), at=of("failed_item")),
    "web:import-accounting": Route(get=Cell(BELONGING), at=of("failed")),
    "api:query-preview": Route(get=Cell(SIGNED_IN, sends(query="myositis")), in_private=EVERYBODY),
    "api:quarantine": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "api:batch-item": Route(get=Cell(BELONGING), at=of("failed_item")),
    "web:import": Route(get=Cell(BELONGING), at=of("waiting")),
    "web:import-retry": Route(post=Cell(BELONGING), at=of("failed")),
    "web:import-stop": Route(post=Cell(BELONGING), at=of("waiting")),
    "web:import-resume": Route(post=Cell(BELONGING), at=of("stopped")),
    "web:import-dismiss": Route(post=Cell(BELONGING), at=of("failed_item")),
    "api:batches": Route(
        get=Cell(EVERYBODY),
        post=Cell(BELONGING, lambda world: {"project": world.project.slug, "pmids": "1"}),
        in_private=EVERYBODY,
    ),
    "api:batch": Route(get=Cell(BELONGING), at=of("waiting")),
    "api:batch-items": Route(get=Cell(BELONGING), at=of("waiting")),
    "api:batch-retry": Route(post=Cell(BELONGING), at=of("failed")),
    "api:batch-stop": Route(post=Cell(BELONGING), at=of("waiting")),
    "api:batch-resume": Route(post=Cell(BELONGING), at=of("stopped")),
    "api:batch-item-dismiss": Route(post=Cell(BELONGING), at=of("failed_item")),
}


def the_codebook(**more: str) -> Callable[[World, Person], Mapping[str, Any]]:
    return lambda world, person: {"slug": "imnm", "number": "1.0.0", **more}


def codebook_file(world: World) -> Sent:
    return {"file": SimpleUploadedFile("small.yaml", worlds.SMALL_CODEBOOK.read_bytes())}


CODEBOOKS = {
    "web:codebooks": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "web:codebook-new": Route(get=Cell(ADMINISTRATOR), in_private=EVERYBODY),
    "web:codebook-load": Route(post=Cell(ADMINISTRATOR, codebook_file), in_private=EVERYBODY),
    "web:codebook": Route(get=Cell(EVERYBODY), at=the_codebook(), in_private=EVERYBODY),
    "web:codebook-source": Route(get=Cell(EVERYBODY), at=the_codebook(), in_private=EVERYBODY),
    "web:blank-forms": Route(get=Cell(SIGNED_IN), at=the_codebook(), in_private=SIGNED_IN),
    "web:codebook-feature": Route(get=Cell(EVERYBODY), at=the_codebook(feature="age"), in_private=EVERYBODY),
    "api:codebooks": Route(
        get=Cell(EVERYBODY),
        post=Cell(ADMINISTRATOR, lambda world: {"text": worlds.SMALL_CODEBOOK.read_text()}),
        in_private=EVERYBODY,
    ),
    "api:rules": Route(get=Cell(EVERYBODY), at=lambda world, person: {"slug": "imnm"}, in_private=EVERYBODY),
    "api:codebook": Route(get=Cell(EVERYBODY), at=the_codebook(), in_private=EVERYBODY),
    "api:codebook-feature": Route(get=Cell(EVERYBODY), at=the_codebook(feature="age"), in_private=EVERYBODY),
    "api:codebook-features": Route(get=Cell(EVERYBODY), at=the_codebook(), in_private=EVERYBODY),
}


def feature_of_complete(slug: str) -> Callable[[World, Person], Mapping[str, Any]]:
    return lambda world, person: {"pk": world.complete.pk, "slug": slug}


def the_mistaken(world: World, person: Person) -> Mapping[str, Any]:
    return {"pk": world.started.pk, "patient": world.mistaken.pk}


def suggested(world: World, person: Person) -> Mapping[str, Any]:
    """The first thing that the text of the reading just started suggests."""
    found = suggestions.offered(world.started.curator, world.started.pk)
    return {"pk": world.started.pk, "key": found.offers[0].key}


def rejected(world: World, person: Person) -> Mapping[str, Any]:
    return {"pk": world.rejected.reading_id, "rejected": world.rejected.pk}


def of_mistaken(world: World) -> Sent:
    return {"patient": world.mistaken.pk}


def answered(world: World) -> Sent:
    return {"status": "present", "value": "P36Y"}


def remarked(world: World) -> Sent:
    return {"patient": world.patient.pk, "feature": "remark", "status": "present", "value": "No more."}


def quoted(world: World) -> Sent:
    return {"section": world.section.pk, "exact": "Creatine kinase"}


def given_to_curator2(world: World) -> Sent:
    return {"reader": world.who.curator2.pk}


def given_by_api(world: World) -> Sent:
    return {"article": world.included.article_id, "reader": "curator2"}


def without_a_draw(world: World) -> Sent:
    """The key of a draw that would come out otherwise: whoever may draw is told that the pool changed."""
    return {"articles": 1, "key": drawing.plan(world.who.administrator, world.project, 1).key}


def of_curator2(world: World, person: Person) -> Mapping[str, Any]:
    return {"slug": world.project.slug, "pk": world.who.curator2.pk}


def of_curator2_by_name(world: World, person: Person) -> Mapping[str, Any]:
    return {"slug": world.project.slug, "username": "curator2"}


def the_first_place(world: World) -> Sent:
    """Where the words of the lost quote begin in the text as it is now."""
    section = world.lost.section.article.sections.current().get(key="abstract")
    start = section.text.index(world.lost.exact)
    return {"place": f"{section.pk}:{start}", "section": section.pk, "start": start}


POOL = {
    "web:reading-draw": Route(get=Cell(LOOKING_ON, sends(articles=1)), post=Cell(MODERATORS, without_a_draw), at=of_project),
    "web:members": Route(get=Cell(LOOKING_ON), at=of_project),
    "web:member-set": Route(post=Cell(ADMINISTRATOR, sends(username="stranger", role="curator")), at=of_project),
    "web:member-remove": Route(get=Cell(ADMINISTRATOR), post=Cell(ADMINISTRATOR), at=of_curator2),
    "api:project-articles": Route(get=Cell(EVERYBODY), at=of_project),
    "api:draw": Route(get=Cell(LOOKING_ON, sends(articles=1)), post=Cell(MODERATORS, without_a_draw), at=of_project),
    "api:members": Route(get=Cell(BELONGING), at=of_project),
    "api:member": Route(
        get=Cell(ADMINISTRATOR),
        put=Cell(ADMINISTRATOR, sends(role="curator")),
        delete=Cell(ADMINISTRATOR),
        at=of_curator2_by_name,
    ),
}

WORK = {
    "web:readings": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "web:reading-next": Route(post=Cell(MEMBERS, lambda world: {"project": world.project.slug})),
    "web:corrected": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "web:assignments": Route(get=Cell(LOOKING_ON), at=of_project),
    "web:reading-assign": Route(
        post=Cell(MODERATORS, given_to_curator2),
        at=lambda world, person: {"slug": world.project.slug, "pk": world.included.article_id},
    ),
    "web:reading-due": Route(post=Cell(MODERATORS, sends(due_on=""), version="started"), at=of("started")),
    "web:reading-unassign": Route(post=Cell(MODERATORS, version="started"), at=of("started")),
    "web:note-answer": Route(post=Cell(READER, sends(answer="It does."), version="note"), at=of("note")),
    "api:reading-next": Route(post=Cell(MEMBERS, lambda world: {"project": world.project.slug})),
    "api:assignments": Route(get=Cell(LOOKING_ON), post=Cell(MODERATORS, given_by_api), at=of_project),
    "api:assignment": Route(
        patch=Cell(MODERATORS, sends(due_on=None), version="started"),
        delete=Cell(MODERATORS, version="started"),
        at=of("started"),
    ),
    "api:reading-notes": Route(get=Cell(READER), at=of("complete")),
    "api:note-answer": Route(post=Cell(READER, sends(answer="It does."), version="note"), at=of("note")),
    "api:corrections": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
    "api:corrected-features": Route(get=Cell(SIGNED_IN), in_private=EVERYBODY),
}

READINGS = {
    "web:reading-start": Route(
        post=Cell(MEMBERS), at=lambda world, person: {"slug": world.project.slug, "pk": world.included.article_id}
    ),
    "web:reading": Route(get=Cell(READER), at=of("complete")),
    "web:reading-forms": Route(get=Cell(READER), at=of("complete")),
    "web:reading-scope": Route(post=Cell(READER, sends(scope=["title"]), version="complete"), at=of("complete")),
    "web:reading-submit": Route(post=Cell(READER, version="complete"), at=of("complete")),
    "web:reading-rest-not-reported": Route(
        post=Cell(READER, lambda world: {"patient": world.patient.pk, "group": "person"}), at=of("complete")
    ),
    "web:patient-add": Route(post=Cell(READER, sends(label="Patient 2")), at=of("complete")),
    "web:patient-rename": Route(post=Cell(READER, sends(label="The man"), version="mistaken"), at=the_mistaken),
    "web:patient-remove": Route(post=Cell(READER, version="mistaken"), at=the_mistaken),
    "web:reading-feature": Route(get=Cell(READER), at=feature_of_complete("remark")),
    "web:reading-find": Route(
        post=Cell(READER, lambda world: {"patient": world.patient.pk, "find": "weakness"}), at=feature_of_complete("remark")
    ),
    "web:annotation-record": Route(post=Cell(READER, remarked), at=feature_of_complete("remark")),
    "web:annotation-history": Route(get=Cell(READER), at=feature_of_complete("remark")),
    "web:reading-undo": Route(post=Cell(READER), at=of("complete")),
    "web:reading-redo": Route(post=Cell(READER), at=of("complete")),
    "web:annotation-remove": Route(post=Cell(READER, version="answer"), at=of("answer")),
    "web:evidence-change": Route(post=Cell(READER, version="answer"), at=of("proof")),
    "web:evidence-remove": Route(post=Cell(READER, version="answer"), at=of("proof")),
    "web:displaced": Route(get=Cell(BELONGING), at=of_project),
    "web:evidence-place": Route(post=Cell(NOT_ON_OWN_WORK, the_first_place, version="lost_answer"), at=of("lost")),
    "web:evidence-keep": Route(post=Cell(NOT_ON_OWN_WORK, version="lost_answer"), at=of("lost")),
    "api:displaced-quotes": Route(get=Cell(BELONGING), at=of_project),
    "api:evidence-place": Route(post=Cell(NOT_ON_OWN_WORK, the_first_place, version="lost_answer"), at=of("lost")),
    "api:evidence-keep": Route(post=Cell(NOT_ON_OWN_WORK, version="lost_answer"), at=of("lost")),
    "api:readings": Route(
        get=Cell(EVERYBODY),
        post=Cell(MEMBERS, lambda world: {"project": world.project.slug, "article": world.included.article_id}),
        in_private=EVERYBODY,
    ),
    "api:reading": Route(get=Cell(READER), patch=Cell(READER, sends(scope=["title"]), version="complete"), at=of("complete")),
    "api:reading-sections": Route(get=Cell(READER), at=of("complete")),
    "api:reading-missing": Route(get=Cell(READER), at=of("complete")),
    "api:reading-patients": Route(get=Cell(READER), post=Cell(READER, sends(label="Patient 2")), at=of("complete")),
    "api:reading-patient": Route(
        patch=Cell(READER, sends(label="The man"), version="mistaken"),
        delete=Cell(READER, version="mistaken"),
        at=the_mistaken,
    ),
    "api:reading-rest-not-reported": Route(
        post=Cell(READER, lambda world: {"patient": world.patient.pk, "group": "person"}), at=of("complete")
    ),
    "api:reading-acts": Route(get=Cell(READER), at=of("complete")),
    "api:reading-undo": Route(post=Cell(READER), at=of("complete")),
    "api:reading-redo": Route(post=Cell(READER), at=of("complete")),
    "api:value-history": Route(get=Cell(READER), at=feature_of_complete("remark")),
    "api:reading-submit": Route(post=Cell(READER, version="complete"), at=of("complete")),
    "api:annotations": Route(get=Cell(READER), post=Cell(READER, remarked), at=of("complete")),
    "api:annotation": Route(
        get=Cell(READER),
        put=Cell(READER, answered, version="answer"),
        patch=Cell(READER, answered, version="answer"),
        delete=Cell(READER, version="answer"),
        at=of("answer"),
    ),
    "api:annotation-evidence": Route(post=Cell(READER, quoted, version="answer"), at=of("answer")),
    "api:evidence": Route(
        patch=Cell(READER, sends(contradicts=True), version="answer"), delete=Cell(READER, version="answer"), at=of("proof")
    ),
    "api:reading-annotations": Route(get=Cell(READER), at=of("complete")),
    "api:project-annotations": Route(get=Cell(EVERYBODY), at=of_project),
    "api:section": Route(get=Cell(EVERYBODY), at=of("section"), in_private=SIGNED_IN),
}


def the_doubled(world: World, person: Person) -> Mapping[str, Any]:
    return {"pk": world.doubled.pk, "patient": world.doubled.patients.earliest("pk").pk}


def the_other(world: World) -> Sent:
    return {"gone": world.doubled.patients.latest("pk").pk}


def the_order(world: World) -> Sent:
    return {"patients": [world.doubled.patients.latest("pk").pk]}


def somebody_else(world: World) -> Sent:
    return {"other": world.own_finding.patient_id, "reason": "Same figures."}


WHY = sends(reason="Other ages.")

PATIENTS = {
    "web:patient": Route(get=Cell(EVERYBODY), at=of("known")),
    "web:patient-move": Route(post=Cell(READER), at=the_doubled),
    "web:patient-merge": Route(get=Cell(READER, the_other), post=Cell(READER, the_other), at=the_doubled),
    "web:patient-unmerge": Route(post=Cell(READER, version="merge"), at=of("merge")),
    "web:same-patient-mark": Route(post=Cell(MEMBERS, somebody_else), at=of("known")),
    "web:same-patient-confirm": Route(post=Cell(NOT_ON_OWN_WORK, version="proposed"), at=of("proposed")),
    "web:same-patient-decline": Route(post=Cell(MODERATORS, WHY, version="proposed"), at=of("proposed")),
    "web:same-patient-undo": Route(post=Cell(MODERATORS, WHY, version="confirmed"), at=of("confirmed")),
    "api:patients": Route(get=Cell(EVERYBODY), in_private=EVERYBODY),
    "api:patient": Route(get=Cell(EVERYBODY), at=of("known")),
    "api:patients-order": Route(post=Cell(READER, the_order), at=of("doubled")),
    "api:patient-merge": Route(post=Cell(READER, the_other), at=the_doubled),
    "api:patient-unmerge": Route(post=Cell(READER, version="merge"), at=of("merge")),
    "api:same-patients": Route(get=Cell(EVERYBODY), post=Cell(MEMBERS, somebody_else), at=of("known")),
    "api:same-patient-confirm": Route(post=Cell(NOT_ON_OWN_WORK, version="proposed"), at=of("proposed")),
    "api:same-patient-decline": Route(post=Cell(MODERATORS, WHY, version="proposed"), at=of("proposed")),
    "api:same-patient-undo": Route(post=Cell(MODERATORS, WHY, version="confirmed"), at=of("confirmed")),
}


def series_of_complete(**more: int) -> Callable[[World, Person], Mapping[str, Any]]:
    return lambda world, person: {"pk": world.complete.pk, "series_slug": "ck", **more}


def of_the_patient(world: World) -> Sent:
    return {"patient": world.patient.pk}


SERIES = {
    "web:reading-terms": Route(
        post=Cell(READER, lambda world: {"patient": world.patient.pk, "term": "lumbago"}), at=feature_of_complete("symptoms")
    ),
    "web:series-add": Route(
        post=Cell(READER, lambda world: {"patient": world.patient.pk, "value-ck": "310"}), at=series_of_complete()
    ),
    "web:series-copy": Route(post=Cell(READER, of_the_patient), at=series_of_complete(instance=1)),
    "web:series-move": Route(post=Cell(READER, of_the_patient), at=series_of_complete(instance=1)),
    "web:series-remove": Route(post=Cell(READER, of_the_patient, version="row"), at=series_of_complete(instance=1)),
    "api:terms": Route(get=Cell(EVERYBODY, sends(q="lumbago")), in_private=EVERYBODY),
    "api:series-rows": Route(
        post=Cell(READER, lambda world: {"patient": world.patient.pk, "values": {"ck": "310"}}), at=series_of_complete()
    ),
    "api:series-row": Route(delete=Cell(READER, of_the_patient, version="row"), at=series_of_complete(instance=1)),
    "api:series-copy": Route(post=Cell(READER, of_the_patient), at=series_of_complete(instance=1)),
    "api:series-move": Route(post=Cell(READER, of_the_patient), at=series_of_complete(instance=1)),
}

SUGGESTIONS = {
    "web:reading-suggestions": Route(get=Cell(READER), at=of("started")),
    "web:suggestion-accept": Route(post=Cell(READER, of_mistaken), at=suggested),
    "web:suggestion-reject": Route(post=Cell(READER, of_mistaken), at=suggested),
    "web:suggestion-undo": Route(post=Cell(READER), at=rejected),
    "web:reading-own-pass": Route(post=Cell(READER, version="started"), at=of("started")),
    "web:project-suggestions": Route(post=Cell(MODERATORS, sends(suggestions="off"), version="project"), at=of_project),
    "api:suggestions": Route(get=Cell(READER), at=of("started")),
    "api:suggestion-accept": Route(post=Cell(READER, of_mistaken), at=suggested),
    "api:suggestion-reject": Route(post=Cell(READER, of_mistaken), at=suggested),
    "api:suggestion-rejected": Route(delete=Cell(READER), at=rejected),
    "api:reading-own-pass": Route(post=Cell(READER, version="started"), at=of("started")),
    "api:project-suggestions": Route(put=Cell(MODERATORS, sends(suggestions="off"), version="project"), at=of_project),
}

ANYBODY_ASKS = Cell(EVERYBODY, sends(q="sex = male"))
SAVED = sends(title="Men again", question="sex = male")

COHORTS = {
    "web:cohort": Route(get=ANYBODY_ASKS, at=of_project),
    "web:cohort-condition": Route(get=Cell(EVERYBODY, sends(feature="sex")), at=of_project),
    "web:cohort-narrow": Route(get=Cell(EVERYBODY, sends(feature="sex", operator="=", value="male")), at=of_project),
    "web:cohort-file": Route(get=ANYBODY_ASKS, at=of_project),
    "web:cohorts": Route(get=Cell(EVERYBODY), at=of_project),
    "web:cohort-save": Route(post=Cell(SIGNED_IN, SAVED), at=of_project),
    # in the private project the curator keeps the question for themselves
    "web:cohort-saved": Route(get=Cell(EVERYBODY), at=of("cohort"), in_private=READER),
    "web:cohort-change": Route(post=Cell(READER, SAVED, version="cohort"), at=of("cohort")),
    "web:cohort-delete": Route(post=Cell(READER, version="cohort"), at=of("cohort")),
    "web:cohort-watch": Route(post=Cell(SIGNED_IN), at=of("cohort"), in_private=READER),
    "web:cohort-unwatch": Route(post=Cell(SIGNED_IN), at=of("cohort"), in_private=READER),
    "api:cohort-watch": Route(put=Cell(SIGNED_IN), delete=Cell(SIGNED_IN), at=of("cohort"), in_private=READER),
    "api:cohort": Route(get=ANYBODY_ASKS, at=of_project),
    "api:cohorts": Route(
        get=Cell(EVERYBODY, in_private=EVERYBODY),
        post=Cell(SIGNED_IN, lambda world: {"project": world.project.slug, **SAVED(world)}),
    ),
    "api:cohort-saved": Route(
        get=Cell(EVERYBODY),
        put=Cell(READER, SAVED, version="cohort"),
        delete=Cell(READER, version="cohort"),
        at=of("cohort"),
        in_private=READER,
    ),
}


def of_ruling(world: World, person: Person) -> Mapping[str, Any]:
    return {"pk": world.met_by(person, "finding").ruling_id}


BOTH = [
    ("patient", Route(get=Cell(EVERYBODY), at=of("known"))),
    ("reading", Route(get=Cell(READER), at=of("complete"))),
    ("finding", Route(get=Cell(EVERYBODY), at=of("finding"))),
    ("ruling", Route(get=Cell(EVERYBODY), at=of_ruling)),
    ("proposal", Route(get=Cell(BELONGING), at=of("proposal"))),
    ("flag", Route(get=Cell(LOOKING_ON | {Person.OTHER_CURATOR}), at=of("flag"))),
    ("project", Route(get=Cell(BELONGING), at=of_project)),
    ("codebook", Route(get=Cell(EVERYBODY), at=the_codebook(), in_private=EVERYBODY)),
    ("cohort", Route(get=Cell(EVERYBODY), at=of("cohort"), in_private=READER)),
    ("batch", Route(get=Cell(BELONGING), at=of("stopped"))),
]
STORIES = {
    **{f"{door}:{kind}-history": route for kind, route in BOTH for door in ("web", "api")},
    "api:screening-history": Route(get=Cell(BELONGING), at=of("included")),
}

ROUTES: dict[str, Route] = {
    **PEOPLE,
    **NOTICES,
    **FULL_TEXTS,
    **IMPORTS,
    **CODEBOOKS,
    **SEARCHES,
    **SCREENING,
    **POOL,
    **WORK,
    **READINGS,
    **SERIES,
    **PATIENTS,
    **SUGGESTIONS,
    **REVIEW,
    **ADJUDICATION,
    **COHORTS,
    **STORIES,
}

#: What a token needs to write at an address, beside its owner's leave; to read it needs ``read``, wherever that is.
#: Whatever is named nowhere here no token writes.
BY_TOKEN = {
    scope: frozenset(names.split())
    for scope, names in {
        Scope.ANNOTATE: """
            annotation annotation-evidence annotations cohort-saved cohort-watch cohorts evidence evidence-keep
            evidence-place finding-flags finding-proposals mail-choice note-answer notice-read notice-unread
            notices-read patient-merge patient-unmerge patients-order proposal-withdraw reading reading-next
            reading-own-pass reading-patient reading-patients reading-redo reading-rest-not-reported
            reading-submit reading-undo readings same-patients series-copy series-move series-row series-rows
            suggestion-accept suggestion-reject suggestion-rejected unmoved-dismiss unmoved-enter
        """,
        Scope.IMPORT: """
            article-full-text article-relations batch-item-dismiss batch-resume batch-retry batch-stop batches
        """,
        Scope.MODERATE: """
            adjudication-decide adjudication-pair adjudication-publish adjudication-publish-agreed
            adjudication-reopen adjudication-take-back assignment assignments codebook-moves codebooks draw projects
            finding-retract flag-resolve member merge-policy project-suggestions proposal-accept proposal-reject
            reading-publish reading-send-back reevaluations same-patient-confirm same-patient-decline
            same-patient-undo screening-exclude screening-include screening-reopen screening-set-aside
            screening-settings screening-settle screening-take-back screenings-decide search search-pause
            search-resume search-run searches
        """,
    }.items()
}

#: Tables of the admin that moderators do not look at; all others show them their own projects' rows.
FOR_ADMINISTRATORS = frozenset(
    (
        *("apitoken", "auditevent", "auditseal", "cohortstanding", "cohortwatch", "digest", "linking", "mailchoice"),
        *("notification", "repeat", "user"),
    )
)

#: Answer everybody with nothing of anybody's.
OPEN = {"healthz", "readyz", "metrics", "api:openapi", "api:docs", "api:nowhere"}

#: What no token may even read, whatever its scope: the tokens themselves.
BY_NO_TOKEN = frozenset({"api:tokens"})

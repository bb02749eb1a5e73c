"""Every address of the site tried by everybody: who may, does; who may not is refused, and nothing is written."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from curation.choices import Scope
from curation.tests import access_world, worlds
from curation.tests.access_matrix import (
    ADMINISTRATOR,
    BY_NO_TOKEN,
    BY_TOKEN,
    FOR_ADMINISTRATORS,
    MODERATORS,
    OPEN,
    ROUTES,
    Cell,
    Route,
    nowhere_else,
)
from curation.tests.access_world import Person, World
from curation.tests.standin.__main__ import RECORDED
from curation.tests.standin.server import Standin
from curation.tests.trying import Try

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")
MOST_QUERIES = 12
ABSENT = 999_999_999

Sessions = dict[Person, str]
Built = tuple[dict[str, World], Sessions]


def names(patterns: list[URLPattern | URLResolver], within: str = "") -> Iterator[str]:
    """Every named route of the live URLconf; the admin is tried as a whole below."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{within}{pattern.name}"
        elif pattern.namespace != "admin":
            yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else within)


LIVE = sorted(set(names(get_resolver().url_patterns)))
CELLS = [(name, method) for name, route in sorted(ROUTES.items()) for method in route.cells()]
THINGS = [(name, method) for name, method in CELLS if ROUTES[name].at is not nowhere_else]
PAGES = [name for name, method in CELLS if method == "get" and name.startswith("web:")]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Both worlds, built once for all tries, each of which is rolled back."""
    ncbi = Standin(RECORDED).__enter__()
    site = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"), NCBI_BASE_URL=ncbi.url, NCBI_API_KEY="a-key")
    site.enable()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        who = access_world.everybody()
        both = {"public": access_world.build(who, is_public=True), "private": access_world.build(who, is_public=False)}
        keys = access_world.sessions(both["public"])
    yield both, keys
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
    site.disable()
    ncbi.__exit__()


@pytest.fixture(params=["public", "private"])
def world(built: Built, request: pytest.FixtureRequest) -> World:
    return built[0][request.param]


@pytest.fixture
def session(built: Built) -> Sessions:
    return built[1]


TRIED: dict[tuple[str, Person, str, str], Try] = {}


def attempt(world: World, session: Sessions, person: Person, name: str, method: str) -> Try:
    """Tried once, though several tests ask how it went."""
    key = (world.project.slug, person, name, method)
    if key not in TRIED:
        route, cell = ROUTES[name], ROUTES[name].cells()[method]
        version = world.met_by(person, cell.version).version if cell.version else None
        address = reverse(name, kwargs=route.at(world, person))
        TRIED[key] = Try(session.get(person), method, address, cell.sent(world), version)
    return TRIED[key]


def those_who_may(world: World, route: Route, cell: Cell) -> frozenset[Person]:
    return cell.may if world.project.is_public else cell.may & (cell.in_private or route.in_private)


def test_every_route_is_declared() -> None:
    assert set(LIVE) - OPEN == set(ROUTES)


@pytest.mark.parametrize(("name", "method"), CELLS)
def test_who_may_does_and_nobody_else(world: World, session: Sessions, name: str, method: str) -> None:
    may = those_who_may(world, ROUTES[name], ROUTES[name].cells()[method])
    for person in Person:
        tried = attempt(world, session, person, name, method)
        if person in may:
            assert tried.done, f"{person} may {method} {name}, but: {tried}"
        else:
            assert tried.refused, f"{person} may not {method} {name}, but: {tried}"
            assert not tried.writes, f"{person} was refused {method} {name} and yet wrote {tried.writes}"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_what_is_not_declared_is_not_done(world: World, session: Sessions, name: str) -> None:
    for method in set(METHODS) - set(ROUTES[name].cells()):
        for person in (Person.NOBODY, Person.MODERATOR, Person.ADMINISTRATOR):
            tried = Try(session.get(person), method, reverse(name, kwargs=ROUTES[name].at(world, person)), {})
            assert tried.answer.status_code in (302, 401, 403, 404, 405), f"{person} {method} {name}: {tried}"
            assert not tried.writes


@pytest.mark.parametrize(("name", "method"), [each for each in CELLS if each[1] == "get"])
def test_reading_never_writes(world: World, session: Sessions, name: str, method: str) -> None:
    for person in Person:
        tried = attempt(world, session, person, name, method)
        assert not tried.writes, f"{person} {name}: {tried.writes}"


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_few_queries(world: World, session: Sessions, name: str) -> None:
    for person in Person:
        tried = attempt(world, session, person, name, "get")
        assert len(tried.queries) <= MOST_QUERIES, "\n".join([f"{person} {name}: {len(tried.queries)}", *tried.queries])


@pytest.mark.parametrize(("name", "method"), THINGS)
def test_what_is_absent_is_not_found(world: World, session: Sessions, name: str, method: str) -> None:
    """The same answer as for what one may not know of."""
    sent = ROUTES[name].cells()[method].sent(world)
    parts = {key: ABSENT if isinstance(part, int) else "absent" for key, part in ROUTES[name].at(world, Person.MODERATOR).items()}
    tried = Try(session[Person.MODERATOR], method, reverse(name, kwargs=parts), sent, version=1)
    assert tried.answer.status_code == 404, str(tried)
    assert not tried.writes


@pytest.mark.parametrize("person", Person)
def test_the_admin_is_for_those_who_moderate(session: Sessions, person: Person) -> None:
    tried = Try(session.get(person), "get", reverse("admin:index"), {})
    enters = person in (Person.MODERATOR, Person.OWN_MODERATOR, Person.ADMINISTRATOR)
    assert tried.done == enters or "/admin/login/" in tried.answer.get("Location", "")
    assert not tried.writes


BY_PROGRAMS = [(name, method) for name, method in CELLS if name.startswith("api:")]


@pytest.mark.parametrize(("name", "method"), BY_PROGRAMS)
def test_a_token_does_what_its_scope_is_for_and_no_more(built: Built, name: str, method: str) -> None:
    """Its owner may; a token of theirs in another scope may not."""
    world, route = built[0]["public"], ROUTES[name]
    cell = route.cells()[method]
    person = min(cell.may - {Person.NOBODY}, key=list(Person).index)
    version = world.met_by(person, cell.version).version if cell.version else None
    address, sent = reverse(name, kwargs=route.at(world, person)), cell.sent(world)
    for scope in Scope:
        read = scope == Scope.READ and name not in BY_NO_TOKEN
        may = read if method == "get" else name.removeprefix("api:") in BY_TOKEN.get(scope, ())
        with transaction.atomic():
            token = worlds.token_of(world.user(person), scope)  # type: ignore[arg-type]
            tried = Try(None, method, address, sent, version, token)
        assert tried.done if may else tried.refused, f"{scope}: {tried}"
        assert may or not tried.writes, f"{scope} was refused and yet wrote {tried.writes}"


def test_a_token_that_is_none_is_refused_everywhere(built: Built) -> None:
    for name, method in BY_PROGRAMS:
        route = ROUTES[name]
        tried = Try(None, method, reverse(name, kwargs=route.at(built[0]["public"], Person.CURATOR)), {}, 1, "Bearer cb_none")
        assert tried.answer.status_code == 401, f"{method} {name}: {tried}"
        assert not tried.writes


@pytest.mark.parametrize("table", admin.site._registry, ids=lambda table: table._meta.model_name)
def test_who_looks_at_a_table_in_the_admin(built: Built, session: Sessions, table: type[Model]) -> None:
    """Its list, and page and story of its first row; nobody adds, changes or deletes anything there."""
    label = f"admin:{table._meta.app_label}_{table._meta.model_name}"
    row = [table._default_manager.order_by("pk").values_list("pk", flat=True).first() or ABSENT]
    moderating = frozenset() if table._meta.model_name in FOR_ADMINISTRATORS else MODERATORS
    for person in Person:
        tried = Try(session.get(person), "get", reverse(f"{label}_changelist"), {})
        assert (tried.answer.status_code == 200) == (person in moderating | ADMINISTRATOR), f"{person}: {tried}"
        for page in ("add", "delete", "change", "history"):
            address = reverse(f"{label}_{page}", args=[] if page == "add" else row)
            asked = Try(session.get(person), "get", address, {})
            if page in ("add", "delete") or person not in moderating | ADMINISTRATOR:
                assert asked.refused or asked.answer.status_code == 302, f"{person} {page}: {asked}"
            sent = Try(session.get(person), "post", address, {"post": "yes", "slug": "mine"})
            assert sent.answer.status_code < 500, f"{person} {page}: {sent}"
            assert not tried.writes + asked.writes + sent.writes

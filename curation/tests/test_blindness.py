"""Until both have handed in, nothing that a reader can ask for tells of the other."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from curation.audit import acting
from curation.models import User
from curation.people import actions as people
from curation.tests import access_world, blind_walk
from curation.tests.access_world import World
from curation.tests.standin.__main__ import RECORDED
from curation.tests.standin.server import Standin

pytestmark = pytest.mark.django_db


#: Wherever anything of a project is told.
ABOUT_SCREENING = ("screening", "prisma", "project", "home", "article", "assignments", "agreement", "readings", "me")
#: Wherever articles are given out, taken, or refused to be.
ABOUT_GIVING = ("draw", "reading-draw", "reading-assign", "reading-next", "reading-start", "assignment", "home")
Built = dict[str, World]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Worlds that their reader has to themselves, a curator here and a moderator there, each article wanting two readers."""
    ncbi = Standin(RECORDED).__enter__()
    site = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"), NCBI_BASE_URL=ncbi.url, NCBI_API_KEY="a-key")
    site.enable()
    logging.disable()  # what is refused is written down with all its locals, which takes longer than to refuse it
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        before = blind_walk.highest_number()
        blind_walk.number_rows_from(blind_walk.BUILT)
        who = access_world.everybody()
        moderating = replace(who, curator=who.moderator, moderator=who.curator)
        both = {"curator": access_world.build(who, is_public=True), "moderator": access_world.build(moderating, is_public=False)}
        people.set_membership(project=both["moderator"].project, user=who.moderator, role="moderator", by=who.administrator)
        found = {
            role: replace(each, project=blind_walk.for_two_readers(each.project, who.administrator))
            for role, each in both.items()
        }
    yield found
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
        blind_walk.number_rows_from(max(before, blind_walk.OTHERS))
    logging.disable(logging.NOTSET)
    site.disable()
    ncbi.__exit__()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)


@pytest.mark.parametrize("role", ["curator", "moderator", "administrator"])
def test_readers_are_blind_to_each_other(built: Built, role: str) -> None:
    """The other reads all that the reader reads, hands some of it in, and gets one back."""
    world = built["curator" if role == "curator" else "moderator"]
    with acting(by=world.who.administrator, verb="person.promote"):
        User.objects.filter(pk=world.who.curator.pk).update(is_superuser=role == "administrator")
    with blind_walk.undone():
        theirs = blind_walk.joined(world, world.who.curator2)
        wanted = [*blind_walk.asks(world, "one's own"), *blind_walk.asks(theirs, "the other's")]
        wanted += blind_walk.asks_of_admin([theirs.complete, theirs.started])
    if role == "administrator":  # whom no act asks who they are besides a member: they only see more
        wanted = [ask for ask in wanted if ask.method == "get"]
    session = session_of(world.who.curator)
    quiet = blind_walk.answers(session, wanted)
    with blind_walk.undone():
        theirs = blind_walk.joined(world, world.who.curator2)
        blind_walk.handed_in(theirs, world.who.moderator2)
        leaks = blind_walk.differences(quiet, blind_walk.answers(session, wanted))
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ["curator", "moderator"])
def test_screeners_are_blind_to_each_other(built: Built, role: str) -> None:
    """The other has said something of every article that waits for two; what one says oneself ends the blindness."""
    world = built[role]
    pair = blind_walk.to_screen_by_two(world)
    wanted = [ask for ask in blind_walk.asks(pair, "one's own", ABOUT_SCREENING) if ask.method == "get"]
    session = session_of(world.who.curator)
    quiet = blind_walk.answers(session, wanted)
    with blind_walk.undone():
        blind_walk.screened(pair, world.who.curator2)
        leaks = blind_walk.differences(quiet, blind_walk.answers(session, wanted))
    assert not leaks, "\n".join(leaks)


def test_no_maximum_tells_of_the_other(built: Built) -> None:
    """Whoever gives articles out, and reads beside the other: whom the draw takes, why not, and what is refused."""
    world = built["moderator"]
    session = session_of(world.who.curator)
    for most in (None, 4, 12):
        with blind_walk.undone():
            project = blind_walk.drawn_from_two(world, most)
            wanted = [*blind_walk.asks(world, f"at most {most}", ABOUT_GIVING), *blind_walk.draws(project, world.who.curator)]
            quiet = blind_walk.answers(session, wanted)
        with blind_walk.undone():
            theirs = blind_walk.joined(world, world.who.curator2)
            blind_walk.handed_in(theirs, world.who.moderator2)
            blind_walk.drawn_from_two(world, most)
            leaks = blind_walk.differences(quiet, blind_walk.answers(session, wanted))
        assert not leaks, "\n".join(leaks)

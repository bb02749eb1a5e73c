"""Every page of the site, as somebody who may see it: nothing serious by axe-core in light and dark, nothing too wide."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from curation.tests import access_world
from curation.tests.access_matrix import ROUTES
from curation.tests.access_world import Person
from curation.tests.browser.conftest import Check

PAGES = [name for name, route in sorted(ROUTES.items()) if name.startswith("web:") and route.get]
ADMIN = ("admin:index", "admin:curation_reading_changelist", "admin:curation_finding_changelist")
#: Whose view of a page is looked at, the first of these who may.
EYES = (Person.MODERATOR, Person.CURATOR, Person.ADMINISTRATOR, Person.NOBODY)


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> access_world.World:
    with override_settings(MEDIA_ROOT=tmp_path):
        return access_world.build(access_world.everybody(), is_public=True)


def test_every_page_is_accessible_and_fits(
    page: Page, live_server: LiveServer, world: access_world.World, assert_accessible: Check, assert_fits: Check
) -> None:
    keys = access_world.sessions(world)
    faults = []
    for name in (*PAGES, *ADMIN):
        route = ROUTES.get(name)
        person = next(each for each in EYES if route is None or each in route.get.may)
        address = reverse(name, kwargs=route.at(world, person) if route else None)
        page.context.clear_cookies()
        if keys.get(person):
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": keys[person], "url": live_server.url}])
        if not page.request.get(address).headers["content-type"].startswith("text/html"):
            continue
        page.goto(address)
        for check in (assert_accessible, assert_fits) if route else (assert_accessible,):
            try:
                check()
            except AssertionError as fault:
                faults.append(f"{address} as {person}: {fault}")
    assert not faults, "\n\n".join(faults)

"""The admin's front page: what waits for whoever moderates, each number the length of the list it leads to."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.test import Client, RequestFactory

from curation.admin.looking import Look
from curation.challenges import actions as challenges
from curation.codebook.actions import load_codebook
from curation.models import Article, CodebookVersion, Project, Ruling, Unmoved
from curation.tests import worlds
from curation.tests.codebook.versions import CHANGES, EVERY_KIND, edited
from curation.tests.worlds import People

REGISTERED = sorted(admin.site._registry.values(), key=str)


def waiting(client: Client) -> dict[str, tuple[int, str]]:
    """By the queue's name: how many, and where."""
    page = unescape(client.get("/admin/").content.decode())
    found = re.findall(r'<a href="([^"]+)">\s*<span class="number">(\d+)</span>\s*<span class="name">([^<]+)</span>', page)
    return {name: (int(number), address) for address, number, name in found}


def test_every_number_is_the_length_of_its_list(
    client: Client, who: People, published: Ruling, codebook: CodebookVersion
) -> None:
    finding = published.findings.get(feature__slug="sex")
    challenges.flag(finding_id=finding.pk, text="Look again.", by=who.stranger)
    challenges.propose(finding_id=finding.pk, field="comment", new="?", reason="Doubt.", by=who.curator2)
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    article = worlds.an_article(7)
    worlds.included(pair, article, who.moderator)
    worlds.read_twice(pair, article, who.curator, who.curator2, differing={"age": "P36Y"})
    client.force_login(who.moderator)
    queues = waiting(client)
    assert {name: number for name, (number, _) in queues.items()} == {
        "Submitted readings": 2,
        "Conflicts": 1,
        "Proposals": 1,
        "Flags": 1,
        "Quarantine": 0,
        "Values to settle": 0,
    }
    for number, address in queues.values():
        page = client.get(address)
        assert page.status_code == 200
        assert page.context["cl"].result_count == number, address


def test_a_moderator_of_nothing_waiting_and_of_another_project(client: Client, who: People, published: Ruling) -> None:
    client.force_login(who.administrator)
    assert waiting(client)["Conflicts"][0] == 0
    worlds.people.end_membership(project=published.project, user=who.moderator, by=who.administrator)
    other = worlds.a_project(who, published.project.codebook_version, slug="other")
    assert Project.objects.filter(pk=other.pk).exists()
    client.force_login(who.moderator)
    assert {number for number, _ in waiting(client).values()} == {0}


@pytest.mark.parametrize("table", REGISTERED, ids=str)
def test_nothing_in_the_admin_goes_round_a_room(table: ModelAdmin, who: People) -> None:
    """No table is edited, deleted, saved inline or from a list; its acts alone write, and they call rooms."""
    request = RequestFactory().get("/")
    request.user = who.administrator
    assert isinstance(table, Look)
    assert not any(
        (
            table.has_add_permission(request),  # type: ignore[arg-type]
            table.has_change_permission(request),  # type: ignore[arg-type]
            table.has_delete_permission(request),  # type: ignore[arg-type]
        )
    )
    assert set(table.get_fields(request)) <= set(table.get_readonly_fields(request))  # type: ignore[arg-type]
    assert not table.list_editable
    assert not table.inlines
    assert set(table.get_actions(request)) == {act.name for act in table.acts}  # type: ignore[arg-type]
    for name in ("save_model", "delete_model", "delete_queryset", "save_formset", "save_related"):
        assert getattr(type(table), name) is getattr(ModelAdmin, name), f"{name} is Django's own, which nothing reaches"


def test_a_value_that_a_move_left_is_settled_here_too(client: Client, who: People, published: Ruling, article: Article) -> None:
    load_codebook(text=edited(EVERY_KIND, CHANGES), by=who.administrator)
    client.force_login(who.administrator)
    sent = {"action": "move", "_selected_action": published.project_id, "apply": "yes", "to": "1.1.0"}
    sent[f"version_{published.project_id}"] = str(published.project.version)
    client.post("/admin/curation/project/", sent)
    left = Unmoved.objects.get(finding__feature__slug="weakness")
    client.force_login(who.moderator)
    assert waiting(client)["Values to settle"][0] == 2
    sent = {"action": "dismiss", "_selected_action": str(left.pk), "apply": "yes", "reason": "Vague.", f"version_{left.pk}": "1"}
    client.post("/admin/curation/unmoved/", sent)
    assert worlds.fresh(left).state == "dismissed"

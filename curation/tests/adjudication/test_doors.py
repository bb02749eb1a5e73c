"""The same decisions by page (without script), API and admin; refusals in the same words, and nothing typed lost."""

from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from curation.adjudication import actions
from curation.choices import MergePolicy, ReadingState
from curation.models import Decision, Finding, Section
from curation.tests import worlds
from curation.tests.adjudication.conftest import Case
from curation.tests.worlds import People, fresh


class Page:
    """The adjudication's page, as a browser without script uses it."""

    def __init__(self, client: Client, case: Case) -> None:
        client.force_login(case.by)
        self.client, self.case = client, case
        self.address = f"/projects/{case.project.slug}/adjudication/{case.article.pk}/"

    def text(self, query: str = "") -> str:
        return words(self.client.get(self.address + query))

    def send(self, verb: str, **fields: object) -> HttpResponse:
        return self.client.post(f"{self.address}{verb}/", {"version": self.case.desk().version} | fields)

    def at(self, slug: str) -> str:
        return self.case.point(slug).key


@pytest.fixture
def page(client: Client, case: Case) -> Page:
    return Page(client, case)


def words(answer: HttpResponse) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def test_from_the_queue_to_publication(page: Page, case: Case) -> None:
    project = case.project.slug
    assert page.address in words(page.client.get(f"/projects/{project}/review/"))
    assert "differ in 2 answers" in words(page.client.get(f"/projects/{project}/adjudication/"))
    assert "0 of 2 settled" in page.text()
    answer = page.send("decide", at=page.at("age"), choice=case.other.pk, reason="The table.")
    assert answer["Location"] == f"{page.address}?at={page.at('age')}#point-{page.at('age')}"
    page.send("decide", at=page.at("ck"), choice="neither", reason="Of another.", show="all")
    assert "2 of 2 settled" in page.text()
    page.send("take-back", at=page.at("ck"))
    page.send("decide", at=page.at("ck"), choice="indeterminate", reason="Both stand there.")
    answer = page.client.post(f"{page.address}publish/", {"version": case.desk().version}, follow=True)
    assert "is published." in words(answer)
    age = Finding.objects.published().get(feature__slug="age")
    assert age.value == "P36Y"
    assert "The curator2 was followed" in words(page.client.get(f"/findings/{age.pk}/"))
    told = page.client.get(f"/api/v1/findings/{age.pk}").json()
    assert (told["readings"], told["decision"]["outcome"], told["codebook"]) == (
        [case.one.pk, case.other.pk],
        "followed",
        "imnm 1.0.0",
    )
    page.send("reopen", reason="An erratum.")
    assert fresh(case.one).state == ReadingState.SUBMITTED
    assert "An erratum." in page.text()


def test_a_third_answer_without_script(page: Page, case: Case) -> None:
    at = page.at("age")
    assert 'name="choice" value="third"' in page.text(f"?third={at}")
    typed = {"third": at, "at": at, "choice": "third", "status": "present", "value": "34 years", "find": "12 years ago"}
    found = words(page.send("find", **typed))
    section = Section.objects.current().get(article=case.article, key="abstract")
    quote = f"{section.pk}:{section.text.index('12 years ago')}:12 years ago"
    assert f'value="{quote}"' in found
    assert 'value="34 years"' in found
    refused = page.send("decide", **typed)
    assert (refused.status_code, "for a reason" in words(refused), 'value="34 years"' in words(refused)) == (422, True, True)
    page.send("decide", **typed, quote=quote, reason="By the dates.")
    decision = Decision.objects.get()
    assert (decision.value, decision.evidence.get().exact) == ("P34Y", "12 years ago")
    assert "12 years ago" in page.text()


def test_what_was_typed_comes_back_with_a_refusal(page: Page) -> None:
    refused = page.send("decide", at=page.at("age"), choice="", reason="A long thought.")
    assert (refused.status_code, "A long thought." in words(refused)) == (422, True)
    refused = page.send("decide", at="nonsense", choice="neither", reason="x")
    assert (refused.status_code, "Say which point" in words(refused)) == (422, True)
    refused = page.send("decide", version=1, at=page.at("age"), choice="neither", reason="A long thought.")
    assert (refused.status_code, "changed since you read it" in words(refused)) == (412, True)


def test_a_part_for_htmx(page: Page, case: Case) -> None:
    answer = page.client.get(page.address, headers={"HX-Request": "true"})
    assert "<html" not in words(answer)
    assert answer["HX-Retarget"] == "#desk"


def test_patients_are_paired_by_a_form(client: Client, who: People, pair: worlds.Project, article: worlds.Article) -> None:
    entered = worlds.to_screen(pair, article, who.moderator)
    worlds.screening.include(screening_id=entered.pk, version=entered.version, patients_described=2, by=who.moderator)
    one, other = worlds.read_twice(pair, article, who.curator, who.curator2)
    page = Page(client, Case(pair, article, one, other, who.moderator))
    mine, theirs = one.patients.get().pk, other.patients.get().pk
    assert "Who is who" in page.text()
    refused = page.send("pair", **{f"with-{mine}": "", "other": theirs, f"why-{mine}": "Of the sister."})
    assert (refused.status_code, "say why only one reader" in words(refused)) == (422, True)
    assert "Of the sister." in words(refused)
    page.send("pair", **{f"with-{mine}": theirs, "other": theirs})
    assert "The readers agree on everything" in page.text()


def test_the_policy_on_the_settings_page(page: Page, case: Case) -> None:
    settings = f"/projects/{case.project.slug}/settings/"
    assert "Two readings that agree" in words(page.client.get(settings))
    page.client.post(
        f"/projects/{case.project.slug}/adjudication/policy/", {"version": case.project.version, "policy": "agreed_first"}
    )
    assert fresh(case.project).merge_policy == MergePolicy.AGREED_FIRST
    page.send("publish-agreed")
    assert Finding.objects.published().count() == 4


def test_by_program(client: Client, case: Case) -> None:
    asking = {"Authorization": worlds.token_of(case.by)}
    address = f"/api/v1/projects/{case.project.slug}/adjudications"
    (waiting,) = client.get(address, headers=asking).json()["results"]
    assert (waiting["article"], waiting["differing"], waiting["is_paired"]) == (case.article.pk, 2, True)
    answer = client.get(f"{address}/{case.article.pk}", headers=asking)
    seen = answer.json()
    assert answer["ETag"] == f'"{seen["version"]}"'
    age = next(point for point in seen["points"] if point["feature"] == "age")
    assert [voice["answer"]["value"] for voice in age["voices"]] == ["P35Y", "P36Y"]
    assert age["voices"][0]["answer"]["evidence"][0]["exact"] == "35-year-old"
    sent = {"patient": age["patient"], "feature": "age", "outcome": "third", "reason": "By the dates."}
    third = {"status": "present", "value": "34 years", "quotes": [{"section": a_section(case), "exact": "12 years ago"}]}

    def post(verb: str, body: dict, tag: str = "") -> HttpResponse:
        headers = asking | ({"If-Match": tag} if tag else {})
        return client.post(f"{address}/{case.article.pk}/{verb}", body, content_type="application/json", headers=headers)

    assert post("decisions", sent | {"answer": third}).status_code == 428
    made = post("decisions", sent | {"answer": third}, answer["ETag"])
    assert (made.status_code, made.json()["settled"]) == (201, 1)
    assert post("decisions", sent | {"answer": third}, answer["ETag"]).status_code == 412
    refused = post("publish", {}, made["ETag"])
    assert (refused.status_code, refused.json()["faults"][0]["where"]) == (409, "Patient 1: CK value")
    taken = post("take-back", {"patient": age["patient"], "feature": "age"}, made["ETag"])
    assert taken.json()["settled"] == 0
    case.settle()
    assert post("publish", {"reason": "Done."}, f'"{case.desk().version}"').json()["kind"] == "adjudicate"
    assert post("reopen", {"reason": "Again."}, f'"{case.desk().version}"').json()["kind"] == "reopen"


def a_section(case: Case) -> int:
    return Section.objects.current().get(article=case.article, key="abstract").pk


def test_in_the_admin(client: Client, case: Case, who: People) -> None:
    case.settle()
    row = case.article.adjudications.get()
    client.force_login(who.moderator2)
    sent = {"action": "publish", "_selected_action": row.pk, "apply": "yes", f"version_{row.pk}": row.version}
    client.post("/admin/curation/adjudication/", sent)
    assert Finding.objects.published().count() == 6
    sent |= {"action": "reopen", f"version_{row.pk}": fresh(row).version, "reason": "An erratum."}
    client.post("/admin/curation/adjudication/", sent)
    assert fresh(case.one).state == ReadingState.SUBMITTED
    assert words(client.get("/admin/curation/decision/")).count("Table 1 says so.") == 2


def test_a_reader_who_moderates_sees_nothing_of_it_in_the_admin(client: Client, who: People, case: Case) -> None:
    case.settle()
    worlds.people.set_membership(project=case.project, user=who.curator, role="moderator", by=who.administrator)
    client.force_login(who.curator)
    for table in ("adjudication", "decision"):
        assert "Table 1" not in words(client.get(f"/admin/curation/{table}/"))
        assert "0 " in words(client.get(f"/admin/curation/{table}/"))
    row = case.article.adjudications.get()
    sent = {"action": "publish", "_selected_action": row.pk, "apply": "yes", f"version_{row.pk}": row.version}
    client.post("/admin/curation/adjudication/", sent)
    assert not Finding.objects.exists()
    with pytest.raises(actions.guards.queries.NotAllowed):
        case.moderated_by(who.curator).desk()

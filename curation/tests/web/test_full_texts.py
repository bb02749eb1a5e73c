"""Full texts and pictures on the pages and by API: shown with their licence, or said plainly why not."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from curation.choices import Scope
from curation.models import Article, Batch, Figure, Finding, Project
from curation.screening import actions as screening
from curation.tests import worlds
from curation.tests.articles.fulltexts import a_bucket, a_full_text, fetched, given
from curation.tests.articles.pictures import a_picture
from curation.tests.standin.bucket import Bucket
from curation.tests.worlds import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings: SimpleNamespace, tmp_path: Path) -> Iterator[Bucket]:
    settings.MEDIA_ROOT = tmp_path
    with a_bucket() as found:
        yield found


@pytest.fixture
def article(who: People, project: Project) -> Article:
    found = worlds.an_article(pmcid="PMC7")
    worlds.included(project, found, who.moderator)
    return found


@pytest.fixture
def figure(bucket: Bucket, article: Article, who: People) -> Figure:
    given(bucket, article, who.administrator)
    return article.figures.get()


def shown(client: Client, article: Article) -> str:
    return client.get(f"/articles/{article.pk}/").content.decode()


def test_the_article_page_shows_text_tables_and_figures(client: Client, article: Article, figure: Figure) -> None:
    page = shown(client, article)
    assert '<a href="#section-body.2">' in page
    assert "<p>A 35-year-old man had weakness of the left leg. Creatine kinase was 5,320 U/L.</p>" in page
    assert '<th colspan="2">\tValue</th>' in page
    assert f'href="/figures/{figure.pk}/image"' in page
    assert f'src="/figures/{figure.pk}/thumbnail"' in page
    assert '<a href="https://creativecommons.org/licenses/by/4.0/" rel="license">CC BY 4.0</a>' in page
    assert "Park AB. J Rare Dis 2021;3:e9. © 2021 Park." in page
    assert "case-report" in page


def test_what_is_withheld_is_said_plainly(client: Client, bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": a_picture("JPEG")}, license_code="CC BY-NC")
    fetched(article, who.administrator)
    page = shown(client, article)
    assert "Withheld by licence." in page
    assert "CC BY-NC allows no commercial use" in page
    assert "See the picture at PMC" in page
    assert "weakness of the left leg. Creatine" not in page
    assert "(not for commerce)" in page


def test_the_flag_of_a_licence_stands_beside_the_figure(client: Client, bucket: Bucket, article: Article, who: People) -> None:
    licence = '<license xlink:href="https://creativecommons.org/licenses/by-nd/4.0/"/>'
    bucket.put("PMC7", a_full_text(permissions=licence), {"case-g001.jpg": a_picture("JPEG")}, license_code="CC BY-ND")
    fetched(article, who.administrator)
    assert "(no derivatives: neither cut out nor drawn upon)" in shown(client, article)


def test_members_ask_for_the_full_text_by_a_button(client: Client, bucket: Bucket, article: Article, who: People) -> None:
    assert "Fetch full text" not in shown(client, article)
    client.force_login(who.stranger)
    assert "Fetch full text" not in shown(client, article)
    client.force_login(who.curator)
    assert "Fetch full text and figures" in shown(client, article)
    answer = client.post(f"/articles/{article.pk}/full-text/", follow=True)
    assert "It is being fetched" in answer.content.decode()
    assert Batch.objects.get().items.get().article == article


def test_an_article_without_pmcid_is_refused_with_the_reason(client: Client, who: People) -> None:
    client.force_login(who.administrator)
    answer = client.post(f"/articles/{worlds.an_article().pk}/full-text/")
    assert answer.status_code == 409
    assert "names no PMCID" in answer.content.decode()


def test_a_failure_is_shown_to_who_may_fetch(client: Client, bucket: Bucket, article: Article, who: People) -> None:
    fetched(article, who.administrator)
    assert "open-access bucket has no PMC7" not in shown(client, article)
    client.force_login(who.curator)
    assert "open-access bucket has no PMC7" in shown(client, article)


def test_a_picture_is_sent_as_such(client: Client, figure: Figure) -> None:
    answer = client.get(f"/figures/{figure.pk}/image")
    with default_storage.open(figure.image) as kept:
        assert answer.content == kept.read()
    headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in headers["Cache-Control"]
    assert headers["ETag"] == f'"{figure.sha256}"'
    known = client.get(f"/figures/{figure.pk}/image", headers={"If-None-Match": headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert client.head(f"/figures/{figure.pk}/thumbnail").status_code == 200


def test_a_picture_of_a_closed_article_is_not_found(client: Client, figure: Figure, who: People) -> None:
    included = figure.article.screenings.get()
    screening.exclude(screening_id=included.pk, version=included.version, reason="Not a case report", by=who.moderator)
    for address in (f"/figures/{figure.pk}/image", f"/figures/{figure.pk}/thumbnail", f"/api/v1/figures/{figure.pk}/image"):
        assert client.get(address).status_code == 404
    client.force_login(who.curator)
    assert client.get(f"/figures/{figure.pk}/image").status_code == 200


def test_a_figure_without_picture_says_so(client: Client, bucket: Bucket, article: Article, who: People) -> None:
    bucket.put("PMC7", a_full_text())
    fetched(article, who.administrator)
    answer = client.get(f"/figures/{article.figures.get().pk}/image")
    assert (answer.status_code, "not kept here" in answer.content.decode()) == (404, True)


def test_the_workspace_shows_tables_and_pictures(client: Client, figure: Figure, who: People) -> None:
    reading = worlds.started(figure.article.screenings.get().project, figure.article, who.curator)
    client.force_login(who.curator)
    page = client.get(f"/readings/{reading.pk}/").content.decode()
    assert f'src="/figures/{figure.pk}/thumbnail"' in page
    assert "CC BY 4.0" in page
    assert '<th colspan="2">\tValue</th>' in page
    assert "Case report › Patient 1" in page


# --- API and command --------------------------------------------------------------------------------------------------


def test_the_api_names_the_pictures_and_their_licence(client: Client, figure: Figure) -> None:
    found = client.get(f"/api/v1/articles/{figure.article_id}").json()
    (told,) = found["figures"]
    assert (told["licence"], told["attribution"], told["width"]) == ("CC BY 4.0", figure.attribution, 60)
    assert (found["full_text"], found["full_text_type"]) == ("kept", "case-report")
    assert {s["kind"] for s in found["sections"]} >= {"body", "table", "caption"}
    answer = client.get(told["image"], headers={"Accept": "image/*"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert client.get(told["thumbnail"]).status_code == 200


def test_the_api_starts_a_fetch(client: Client, bucket: Bucket, article: Article, who: People) -> None:
    address = f"/api/v1/articles/{article.pk}/full-text"
    assert client.post(address).status_code in (401, 403)
    headers = {"Authorization": worlds.token_of(who.curator, Scope.READ)}
    assert client.post(address, headers=headers).status_code == 403
    answer = client.post(address, headers={"Authorization": worlds.token_of(who.curator)})
    assert answer.status_code == 202
    assert (answer.json()["kind"], answer.json()["seen"]) == ("full_text", 1)


def test_imports_ask_for_full_texts_unless_told_not_to(client: Client, project: Project, who: People) -> None:
    headers = {"Authorization": worlds.token_of(who.curator)}
    sent = {"project": project.slug, "pmids": "1"}
    for said, meant in ((None, True), (True, True), (False, False)):
        body = {**sent, "wants_full_text": said}
        answer = client.post("/api/v1/batches", body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.json()["wants_full_text"]) == (201, meant)
    client.force_login(who.curator)
    assert 'name="full_text"' in client.get("/imports/new/").content.decode()
    for said, meant in ({"full_text": "yes"}, True), ({}, False):
        client.post("/imports/pmids/", {**sent, **said})
        assert Batch.objects.latest("pk").wants_full_text is meant


def test_the_command(bucket: Bucket, article: Article, capsys: pytest.CaptureFixture[str]) -> None:
    bucket.put("PMC7", a_full_text(), {"case-g001.jpg": a_picture("JPEG")})
    call_command("fetch_full_text", "PMC7", "--now")
    assert "1 seen: 1 new" in capsys.readouterr().out
    call_command("fetch_full_text", str(article.pmid), "--now")
    assert "1 seen: 1 unchanged" in capsys.readouterr().out


def test_the_command_refuses_what_is_not_here(who: People) -> None:
    with pytest.raises(CommandError, match="PMC99: is not here") as refused:
        call_command("fetch_full_text", "PMC99", "rubbish")
    assert "rubbish: is neither a PMID nor a PMCID" in str(refused.value)


def test_licence_and_attribution_stand_wherever_text_or_figure_is_shown(
    client: Client, bucket: Bucket, who: People, project: Project
) -> None:
    article = worlds.an_article(pmcid="PMC7")
    given(bucket, article, who.administrator)
    client.force_login(who.moderator)
    entered = worlds.to_screen(project, article, who.moderator)
    pages = {"article": f"/articles/{article.pk}/", "screening": f"/projects/{project.slug}/screening/"}
    said = {name: client.get(address).content.decode() for name, address in pages.items()}
    screening.include(screening_id=entered.pk, version=entered.version, patients_described=1, by=who.moderator)
    reading = worlds.submitted(project, article, who.curator)
    said["review"] = client.get(f"/review/{reading.pk}/").content.decode()
    worlds.decided(reading, who.moderator)
    finding = Finding.objects.filter(annotations__evidence__isnull=False).first()
    said["finding"] = client.get(f"/findings/{finding.pk}/").content.decode()
    client.force_login(who.curator)
    said["workspace"] = client.get(f"/readings/{reading.pk}/").content.decode()
    for name, page in said.items():
        assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license"' in page, name
        assert "Park AB. J Rare Dis 2021;3:e9. © 2021 Park." in page, name

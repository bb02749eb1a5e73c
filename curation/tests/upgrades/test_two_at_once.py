"""A move while others work: whoever comes second waits, and then does the right thing or is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from curation.annotation import actions as annotation
from curation.errors import Refusal
from curation.models import Article, CodebookVersion, Finding, Project, Reading, Screening
from curation.review import actions as review
from curation.tests import worlds
from curation.tests.worlds import People
from curation.upgrades import actions

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of each: "done", or how it was refused."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait(10)
            act()
        except Refusal as refusal:
            return refusal.slug
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def moving(project: Project, who: People) -> Callable[[], object]:
    return lambda: actions.move(project_id=project.pk, version=project.version, number="1.1.0", by=who.moderator2)


def test_two_moderators_move_it_once(published: object, later: CodebookVersion, project: Project, who: People) -> None:
    assert sorted(at_once(moving(project, who), moving(project, who))) == ["done", "stale"]


def test_a_reader_begins_while_it_moves(included: Screening, later: CodebookVersion, who: People) -> None:
    project, article = included.project, included.article
    begin = lambda: annotation.start_reading(project=project, article=article, by=who.curator)  # noqa: E731
    assert at_once(moving(project, who), begin) == ["done", "done"]
    assert Reading.objects.get().codebook_version == later


def test_a_moderator_publishes_while_it_moves(submitted: Reading, article: Article, later: CodebookVersion, who: People) -> None:
    """Either what was published moved, or the reading moved and waits for its reader; never something under a gone feature."""
    publish = lambda: review.publish(reading_id=submitted.pk, version=submitted.version, by=who.moderator)  # noqa: E731
    done, said = at_once(moving(submitted.project, who), publish)
    assert done == "done"
    assert said in ("done", "stale")
    published = Finding.objects.published().filter(rule=None).values_list("feature__slug", flat=True)
    assert not {"sex", "weakness", "age"} & set(published)
    assert worlds.fresh(submitted.project).codebook_version == later

"""A write that is sent again under its key is done once; refusals and other people's keys are not mixed up with it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from curation import repeats
from curation.errors import Invalid, NotAllowed, Refusal, WrongState
from curation.models import Project, Repeat
from curation.people import actions as people
from curation.tests.worlds import People


class Counter:
    """Does something, and says how often it did."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"times": self.times}


def test_done_once_and_answered_alike(who: People) -> None:
    act = Counter()
    first = repeats.once(by=who.curator, key="k", sent=["a"], act=act)
    again = repeats.once(by=who.curator, key="k", sent=["a"], act=act)
    assert (first.answer, again.answer, again.again, act.times) == ({"times": 1}, {"times": 1}, True, 1)
    assert repeats.once(by=who.curator2, key="k", sent=["a"], act=act).answer == {"times": 2}, "a key is its sender's own"


def test_something_else_under_the_same_key_is_refused(who: People) -> None:
    repeats.once(by=who.curator, key="k", sent=["a"], act=Counter())
    with pytest.raises(Invalid):
        repeats.once(by=who.curator, key="k", sent=["b"], act=Counter())


def test_what_was_refused_may_be_tried_again(who: People) -> None:
    def refuse() -> None:
        raise WrongState("Not now.")

    with pytest.raises(WrongState), transaction.atomic():
        repeats.once(by=who.curator, key="k", sent=["a"], act=refuse)
    assert repeats.once(by=who.curator, key="k", sent=["a"], act=Counter()).answer == {"times": 1}


def test_whoever_is_less_than_they_were_is_not_answered_again(who: People, project: Project) -> None:
    act = Counter()
    repeats.once(by=who.moderator, key="k", sent=["a"], act=act)
    people.set_membership(project=project, user=who.moderator, role="curator", by=who.administrator)
    with pytest.raises(NotAllowed, match="no longer all that you were"):
        repeats.once(by=who.moderator, key="k", sent=["a"], act=act)
    people.set_membership(project=project, user=who.moderator, role="moderator", by=who.administrator)
    assert repeats.once(by=who.moderator, key="k", sent=["a"], act=act).answer == {"times": 1}, "nothing was done twice"
    people.set_active(user_id=who.moderator.pk, active=False, by=who.administrator)
    with pytest.raises(NotAllowed):
        repeats.once(by=who.moderator, key="k", sent=["a"], act=act)


def test_whoever_became_more_is(who: People, project: Project) -> None:
    repeats.once(by=who.stranger, key="k", sent=["a"], act=Counter())
    people.set_membership(project=project, user=who.stranger, role="curator", by=who.administrator)
    assert repeats.once(by=who.stranger, key="k", sent=["a"], act=Counter()).again


@pytest.mark.parametrize("key", ["", "x" * 201, "line\nbreak", "ü"])
def test_what_is_no_key(who: People, key: str) -> None:
    with pytest.raises(Invalid, match="no key"):
        repeats.once(by=who.curator, key=key, sent=[], act=Counter())


def test_forgotten_after_a_day(who: People) -> None:
    act = Counter()
    for key in ("old", "new"):
        repeats.once(by=who.curator, key=key, sent=["a"], act=act)
    Repeat.objects.filter(key="old").update(at=timezone.now() - timedelta(hours=25))
    assert repeats.once(by=who.curator, key="old", sent=["b"], act=act).answer == {"times": 3}
    Repeat.objects.filter(key="old").update(at=timezone.now() - timedelta(hours=25))
    assert repeats.purge() == 1
    assert Repeat.objects.get().key == "new"


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_at_work_the_second_is_told_so(who: People) -> None:
    begun, told = Barrier(2, timeout=30), Barrier(2, timeout=30)
    answers: list[object] = []

    def slowly() -> str:
        begun.wait()
        told.wait()
        return "done"

    def first() -> None:
        answers.append(repeats.once(by=who.curator, key="k", sent=["a"], act=slowly).answer)
        connection.close()

    thread = Thread(target=first)
    thread.start()
    begun.wait()
    try:
        with pytest.raises(Refusal, match="still at work"):
            repeats.once(by=who.curator, key="k", sent=["a"], act=Counter())
    finally:
        told.wait()
        thread.join()
    assert answers == ["done"]
    assert repeats.once(by=who.curator, key="k", sent=["a"], act=Counter()).again

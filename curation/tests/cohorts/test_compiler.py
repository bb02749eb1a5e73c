"""The compiled question against its meaning worked out person by person, over a crowd with every kind of finding."""

from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings

from curation.cohorts.compiler import Scope, Selection
from curation.cohorts.language import parse, write
from curation.cohorts.question import Question
from curation.models import Project
from curation.tests.cohorts import by_hand
from curation.tests.cohorts.crowd import SPECS, Crowd
from curation.tests.cohorts.questions import fitting_questions
from curation.tests.worlds import People


@pytest.fixture
def crowd(who: People) -> Crowd:
    return Crowd(who.administrator, size=60)


@pytest.fixture
def scope(crowd: Crowd) -> Scope:
    return Scope(crowd.project, SPECS, {f.slug: [f.pk] for f in crowd.features.values()})


def test_sql_and_hand_agree(crowd: Crowd, scope: Scope) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(fitting_questions.map(write))
    def agree(text: str) -> None:
        question = parse(text)
        selection, people = Selection(question, scope), crowd.counted
        matched = {p.pk for p in people if by_hand.known(question.root, p)}
        verdicts = {p.pk: by_hand.certainly(question.root, p) for p in people}
        counts = selection.count()
        found = set(selection.patients().values_list("pk", flat=True))
        assert found == matched, [(text, crowd.people[pk]) for pk in found ^ matched]
        assert (counts.among, counts.matched) == (len(people), len(matched))
        assert counts.certain == sum(v is True for v in verdicts.values())
        assert counts.open == sum(v is None for pk, v in verdicts.items() if pk not in matched), text
        assert counts.articles == len({a.pk for p in people if p.pk in matched for a in p.articles})

    agree()


def test_what_is_certain_is_matched_and_what_is_ruled_out_is_not(crowd: Crowd) -> None:
    @settings(max_examples=100, deadline=None)
    @given(fitting_questions)
    def nested(question: Question) -> None:
        for person in crowd.counted:
            verdict = by_hand.certainly(question.root, person)
            assert verdict is None or verdict == by_hand.known(question.root, person)

    nested()


def test_facets_count_each_person_once(crowd: Crowd, scope: Scope) -> None:
    question = parse("NOT dysphagia IS present")
    people = [p for p in crowd.counted if by_hand.known(question.root, p)]
    facets = Selection(question, scope).facets(list(SPECS))
    for slug in SPECS:
        firsts = [min((s.status for s in p.said[slug]), key=by_hand.ORDER.index) for p in people if slug in p.said]
        assert facets[slug].statuses == {status: firsts.count(status) for status in set(firsts)}


def test_values_count_each_person_once_per_value(crowd: Crowd, scope: Scope) -> None:
    facets = Selection(parse(""), scope).facets(["symmetry", "sites", "diagnosis"])

    def holders(slug: str, value: str) -> int:
        return sum(
            any(s.status == "present" and value in _words(s.value) for s in person.said.get(slug, [])) for person in crowd.counted
        )

    for slug, words in (("symmetry", "abc"), ("sites", "abc"), ("diagnosis", ("Label one", "Label two"))):
        assert facets[slug].values == {word: holders(slug, word) for word in words if holders(slug, word)}


def _words(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [v["label"] if isinstance(v, dict) else str(v) for v in values]


def test_a_click_on_a_facet_finds_as_many_as_the_facet_counted(crowd: Crowd, scope: Scope) -> None:
    for slug, facts in Selection(parse(""), scope).facets(list(SPECS)).items():
        for status, number in facts.statuses.items():
            if status != "not_applicable":
                assert Selection(parse(f"{slug} IS {status}"), scope).count().matched == number
        for value, number in facts.values.items():
            if slug in ("symmetry", "sites", "country", "diagnosis"):
                assert Selection(parse(f'{slug} = "{value}"'), scope).count().matched == number


def test_the_range_of_what_is_a_number(crowd: Crowd, scope: Scope) -> None:
    closed = [
        (said.low, said.high)
        for person in crowd.counted
        for said in person.said.get("onset", [])
        if said.low is not None and said.high is not None
    ]
    lows, highs = zip(*closed, strict=True)
    middle = median((low + high) / 2 for low, high in closed)
    facts = Selection(parse(""), scope).facets(["onset"])["onset"]
    assert facts.range == {"least": min(lows), "most": max(highs), "median": middle}


def test_the_users_words_never_reach_the_sql_text(scope: Scope) -> None:
    hostile = "x'); DROP TABLE curation_finding; -- %s"
    patients = Selection(parse(f'country = "{hostile}" OR symmetry = a'), scope).patients()
    sql, parameters = patients.query.sql_with_params()
    assert "DROP" not in sql
    assert any(hostile in str(getattr(parameter, "obj", parameter)) for parameter in parameters)
    assert patients.count() >= 0


def test_findings_of_another_project_say_nothing_here(crowd: Crowd, private_project: Project) -> None:
    scope = Scope(private_project, SPECS, {f.slug: [f.pk] for f in crowd.features.values()})
    counts = Selection(parse("dysphagia IS present OR NOT dysphagia IS present"), scope).count()
    assert (counts.among, counts.matched, counts.open) == (0, 0, 0)

"""The meaning of a question, written a second time: by going through people one by one, in three-valued logic."""

from curation.choices import Status
from curation.cohorts.checking import as_number, as_text, kind_of
from curation.cohorts.question import And, Compare, Condition, Is, Literal, Node, Not, Or, Words
from curation.tests.cohorts.crowd import SPECS, Person, Said

ORDER = ("present", "excluded", "indeterminate", "not_tested", "not_reported", "not_applicable")
NO = (Status.EXCLUDED, Status.NOT_APPLICABLE)


def certainly(node: Node | None, person: Person) -> bool | None:
    match node:
        case None:
            return True
        case Not(inner):
            verdict = certainly(inner, person)
            return None if verdict is None else not verdict
        case And(parts):
            verdicts = [certainly(part, person) for part in parts]
            return False if False in verdicts else None if None in verdicts else True
        case Or(parts):
            verdicts = [certainly(part, person) for part in parts]
            return True if True in verdicts else None if None in verdicts else False
        case _:
            return verdict_of(node, person)


def known(node: Node | None, person: Person) -> bool:
    match node:
        case None:
            return True
        case Not(inner):
            return not known(inner, person)
        case And(parts):
            return all(known(part, person) for part in parts)
        case Or(parts):
            return any(known(part, person) for part in parts)
        case _:
            return verdict_of(node, person) is True


def verdict_of(condition: Condition, person: Person) -> bool | None:
    if condition.name.startswith("article."):
        return _of_articles(condition, person)
    said = person.said.get(condition.name, [])
    if isinstance(condition, Is):
        return _of_status(condition.state, [s.status for s in said])
    verdicts = [_fits(condition, s) for s in said if s.status == Status.PRESENT]
    refused = any(s.status in NO for s in said)
    return _settle(condition.operator, verdicts, refused=refused)


def _settle(operator: str, verdicts: list[bool | None], *, refused: bool) -> bool | None:
    if not verdicts:
        return False if refused else None
    found = True if True in verdicts else None if None in verdicts else False
    return found if operator != "!=" or found is None else not found


def _of_status(state: str, statuses: list[str]) -> bool | None:
    if state == "reported":
        return any(s in ORDER[:4] for s in statuses)
    first = min(statuses, key=ORDER.index, default=None)
    if first == state:
        return True
    if state in ("present", "excluded"):
        return False if any(s in ("present", *NO) for s in statuses) else None
    return False


def _fits(condition: Compare, said: Said) -> bool | None:
    verdicts = [_equals(condition.operator, value, said, kind_of(SPECS[condition.name])) for value in condition.values]
    return True if True in verdicts else None if None in verdicts else False


def _equals(operator: str, literal: Literal, said: Said, kind: str) -> bool | None:
    if isinstance(literal, Words):
        if said.value is None:
            return None
        values = said.value if isinstance(said.value, list) else [said.value]
        return any(literal.text in ((v["id"], v["label"]) if isinstance(v, dict) else (v,)) for v in values)
    limit = as_number(literal, kind)
    low = float("-inf") if said.low is None else said.low
    high = float("inf") if said.high is None else said.high
    match operator:
        case "<":
            return True if high < limit else None if low < limit else False
        case "<=":
            return True if high <= limit else None if low <= limit else False
        case ">":
            return True if low > limit else None if high > limit else False
        case ">=":
            return True if low >= limit else None if high >= limit else False
        case _:
            return True if low == high == limit else None if low <= limit <= high else False


def _of_articles(condition: Compare, person: Person) -> bool | None:
    (value,) = condition.values
    if condition.name == "article.retracted":
        return (any(a.is_retracted for a in person.articles) == (as_text(value) == "yes")) == (condition.operator == "=")
    if condition.name == "article.publication_type":
        verdicts = [any(t["name"] == as_text(value) for t in a.publication_types) for a in person.articles]
    else:
        years = [a.published_year for a in person.articles]
        as_said = [Said("present", low=year, high=year) for year in years]
        verdicts = [None if s.low is None else _equals(condition.operator, value, s, "number") for s in as_said]
        if condition.operator == "!=":
            found = [v for v in verdicts if v is not None]
            return False if True in found else None if None in verdicts else True
    return _settle(condition.operator, verdicts, refused=False)

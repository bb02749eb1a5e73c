"""How many actions a curator needs for the seed report's gold annotation, and what the server takes for each save.

Run: ``.venv/bin/python -m bench.actions``. A real browser, driven as a person works: words are dragged over, features are found
by the first letters of their name, options are clicked. Counted:

- one action: one press of the pointer (a click, or a drag over words), or one key that does something (/ Enter e 1 … 5);
- typed text is counted in characters, beside: the letters that find a feature, numbers, terms, comments;
- moving the pointer and scrolling are not counted; what the act before brought is waited for, as whoever looks does.

What is derived by rules is never typed and left out; "not reported" is one action for a whole group.
"""

import json
import statistics
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page, Response
from playwright.sync_api import TimeoutError as TooLate

from bench import served, site
from portal import env

KEYS = {"present": "1", "excluded": "2", "indeterminate": "3", "not_tested": "4"}
GOAL = 4
ASKED = "slug => !document.getElementById(`feature-${slug}`)?.classList.contains('is-unasked')"
#: So often words are dragged over before it is given up.
TRIES = 3
READING = "FROM curation_reading WHERE id = (SELECT max(id) FROM curation_reading)"

#: The fewest first letters of a feature's name by which the search's Enter opens it and no other (search.js: ``meant``).
LETTERS = """(slug) => {
  const names = [...document.querySelectorAll(".feature a.feature-name")];
  const label = (name) => name.textContent.trim().toLowerCase();
  const wanted = document.querySelector(`#feature-${slug} a.feature-name`);
  for (let n = 3; n < label(wanted).length; n++) {
    const typed = label(wanted).slice(0, n).trim();
    const first = (test) => names.find((name) => test(label(name)));
    if ((first((each) => each === typed) ?? first((each) => each.startsWith(typed))) === wanted) return typed;
  }
  return label(wanted);
}"""


@dataclass
class Hand:
    """The curator's: does, and counts."""

    page: Page
    actions: int = 0
    letters: int = 0
    by_value: list[tuple[str, int, int, int]] = field(default_factory=list)

    def see(self) -> None:
        """What the act before brought: nobody marks the next words before the form has opened."""
        self.page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling')")

    def key(self, name: str) -> None:
        self.see()
        self.page.keyboard.press(name)
        self.actions += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.letters += len(text)

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.actions += 1

    def drag(self, section: int, start: int, end: int) -> None:
        """Again, and counted again, where the text moved under the pointer."""
        self.see()
        for _try in range(TRIES):
            served.drag(self.page, section, start, end)
            self.actions += 1
            with suppress(TooLate):
                return self.page.locator("[data-selection]").wait_for(timeout=2_000)
        raise SystemExit("The words could not be selected.")

    def choose(self, selector: str, value: str) -> None:
        """From a list that is open to the keyboard: the letters of the option."""
        chosen = self.page.locator(f"{selector} option[value={value!r}]").text_content() or ""
        self.page.locator(selector).select_option(value)
        self.letters += len(chosen.strip())


def main() -> None:
    with site.throw_away():
        call_command("seed_demo", stdout=StringIO())
        gold = json.loads((env.ROOT / "seeds/gold_34829411.json").read_text(encoding="utf-8"))
        said = [a for a in gold["annotations"] if a["status"] != "not_reported" and not a.get("derived")]
        derived = sum(bool(a.get("derived")) for a in gold["annotations"])
        with served.page() as page:
            times: dict[str, list[float]] = {}
            page.on("requestfinished", lambda request: note(times, request.response()))
            served.sign_in(page, "curator", "casebook-curator")
            page.goto("/readings/")
            page.get_by_role("row", name="Practice").get_by_role("button", name="Begin").click()
            page.locator("[data-workspace]").wait_for()
            of_article = (
                f"SELECT key, id, text FROM curation_section WHERE is_current AND article_id = (SELECT article_id {READING})"
            )
            sections = {key: (pk, text) for key, pk, text in rows(of_article)}
            hand = Hand(page)
            for each in said:
                enter(hand, sections, each)
            page.keyboard.press("Escape")
            page.locator("[data-saving-state]", has_text="All saved").wait_for()
            report(hand, said, derived, times)


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def enter(hand: Hand, sections: dict[str, tuple[int, str]], said: dict[str, Any]) -> None:
    """One value with its quotes; the first quote is selected before the feature is found, the others are added to it."""
    before = hand.actions, hand.letters
    slug, proofs = said["feature"], said["evidence"]
    for n, proof in enumerate(proofs):
        (section, text), (words, place) = sections[proof["segment"]], proof["selector"]
        start = utf16(text[: place["start"]])
        hand.drag(section, start, start + utf16(words["exact"]))
        if n == 0:
            find(hand, slug)
            answer(hand, said)
        else:
            hand.key("e")
    if not proofs:
        find(hand, slug)
        answer(hand, said)
    hand.by_value.append((slug, len(proofs), hand.actions - before[0], hand.letters - before[1]))


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def find(hand: Hand, slug: str) -> None:
    asked = (
        "slug => { const row = document.getElementById(`feature-${slug}`); return row && !row.classList.contains('is-unasked'); }"
    )
    hand.page.wait_for_function(asked, arg=slug)  # a person sees what the answer before brought
    hand.key("/")
    hand.type(hand.page.evaluate(LETTERS, slug))
    hand.key("Enter")
    hand.page.locator(f"form#form-{slug}").wait_for(timeout=10_000)


def answer(hand: Hand, said: dict[str, Any]) -> None:
    """The status where the value does not say it, the value by whatever the form offers, and what else is known."""
    form = f"form#form-{said['feature']}"
    value, status = said["value"], said["status"]
    if value is None or status != "present":
        hand.key(KEYS[status])
    if isinstance(value, dict):
        give(hand, form, f"{value['label']} ({value['id']})")
    elif isinstance(value, list):
        for n, each in enumerate(value):
            if isinstance(each, dict):
                hand.page.locator(f"{form} fieldset.value input[name=value]").nth(n).focus()
                hand.actions += n > 0
                hand.type(f"{each['label']} ({each['id']})")
            else:
                hand.click(f"{form} fieldset.value label:has(input[value={each!r}])")
    elif value is not None:
        option = f"{form} fieldset.value label:has(input[value={value!r}])"
        if hand.page.locator(option).count():
            hand.click(option)
        elif hand.page.locator(f"{form} fieldset.value select[name=value]").count():
            hand.choose(f"{form} fieldset.value select[name=value]", value)
        else:
            give(hand, form, str(value))
    qualify(hand, form, said)


def give(hand: Hand, form: str, text: str) -> None:
    """Typed where the form waits for it: the focus is there."""
    field_ = hand.page.locator(f"{form} fieldset.value input[name=value]").first
    field_.focus()
    hand.type(text)


def qualify(hand: Hand, form: str, said: dict[str, Any]) -> None:
    if said["confidence"] != "high":
        hand.click(f"{form} select[name=confidence]")
        hand.choose(f"{form} select[name=confidence]", said["confidence"])
    if said.get("comment"):
        hand.click(f"{form} textarea[name=comment]")
        hand.type(said["comment"])
        hand.page.locator(f"{form} textarea[name=comment]").blur()  # as the next press of the pointer does


def note(times: dict[str, list[float]], response: Response | None) -> None:
    if response is None or "/static/" in response.url:
        return
    timing = response.request.timing
    kind = "save" if response.request.method == "POST" else "form" if "/features/" in response.url else "page"
    times.setdefault(kind, []).append(timing["responseStart"] - timing["requestStart"])


def report(hand: Hand, said: list[dict[str, Any]], derived: int, times: dict[str, list[float]]) -> None:
    print(f"{site.machine()}\n")
    newest = (
        "FROM curation_annotation a JOIN curation_feature f ON f.id = feature_id "
        "WHERE reading_id = (SELECT max(id) FROM curation_reading)"
    )
    kept = {slug for (slug,) in rows(f"SELECT f.slug {newest}")}
    found = rows(
        "SELECT f.slug, s.key, e.exact FROM curation_evidence e JOIN curation_section s ON s.id = e.section_id "
        f"JOIN curation_annotation b ON b.id = e.annotation_id JOIN curation_feature f ON f.id = b.feature_id "
        f"WHERE b.id IN (SELECT a.id {newest})"
    )
    wanted = [(each["feature"], proof["segment"], proof["selector"][0]["exact"]) for each in said for proof in each["evidence"]]
    proofs = len(found)
    print(f"{len(kept)} of {len(said)} values and {proofs} of {sum(len(a['evidence']) for a in said)} quotes recorded; ", end="")
    print(f"{derived} more values are derived and typed by nobody.\n")
    print("| quotes | values | actions per value, mean | most | typed characters per value, mean |\n|---|---|---|---|---|")
    for quotes, values in sorted(Counter(n for _, n, _, _ in hand.by_value).items()):
        of = [(actions, letters) for _, n, actions, letters in hand.by_value if n == quotes]
        mean, typed = statistics.mean(a for a, _ in of), statistics.mean(t for _, t in of)
        print(f"| {quotes} | {values} | {mean:.2f} | {max(a for a, _ in of)} | {typed:.1f} |")
    print(
        f"| all | {len(hand.by_value)} | {hand.actions / len(hand.by_value):.2f} | | {hand.letters / len(hand.by_value):.1f} |\n"
    )
    print("| server, from request to first byte | n | p50 ms | p95 ms | most ms |\n|---|---|---|---|---|")
    for kind, taken in times.items():
        cuts = statistics.quantiles(taken, n=20, method="inclusive") if len(taken) > 1 else [taken[0]] * 19
        print(f"| {kind} | {len(taken)} | {statistics.median(taken):.0f} | {cuts[18]:.0f} | {max(taken):.0f} |")
    over = [f"{slug} ({actions})" for slug, n, actions, _ in hand.by_value if n == 1 and actions > GOAL]
    print(f"\nOne quote and more than {GOAL} actions: {', '.join(over) or 'none'}")
    for slug, section, exact in sorted(set(wanted) - set(found)):
        print(f"Not recorded of {slug}, {section}: “{exact}”")
    for slug, section, exact in sorted(set(found) - set(wanted)):
        print(f"Recorded of {slug} instead, {section}: “{exact}”")
    if missing := {each["feature"] for each in said} - kept:
        print(f"Not recorded: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()

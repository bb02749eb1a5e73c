"""How the workspace feels with a long article: 40,000 words of full text and 200 annotations, in a real browser.

Run: ``.venv/bin/python -m bench.workspace [N]``; N pages and N saves (default 20). First paint as the browser reports it
(PerformanceObserver, from the request on); a save from the key that uses the selected words (e) to the form's word
"Saved"; the longest the page stood still meanwhile (long tasks). The article is made up, the same for the same seed.
"""

import statistics
import sys
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection

from bench import served, site
from bench.words import Words

WORDS, SECTIONS, ANNOTATIONS = 40_000, 40, 200

PAINT = """() => new Promise((done) => {
  const first = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  if (first()) return done(first());
  new PerformanceObserver(() => first() && done(first())).observe({ type: "paint", buffered: true });
})"""
#: From the key to the word: {taken, longest}, longest of the tasks that kept the page from answering.
SAVED = """() => new Promise((done) => {
  const state = document.querySelector("[data-feature-form] [data-form-state]");
  state.textContent = "";
  let began, longest = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
  });
  tasks.observe({ type: "longtask" });
  addEventListener("keydown", () => (began = performance.now()), { once: true, capture: true });
  new MutationObserver((_, self) => {
    if (state.textContent !== "Saved") return;
    self.disconnect();
    const taken = performance.now() - began;
    setTimeout(() => (tasks.disconnect(), done({ taken, longest })), 60);
  }).observe(state, { childList: true, characterData: true, subtree: true });
})"""


def main(times: int) -> None:
    with site.throw_away():
        call_command("seed_demo", stdout=StringIO())
        with served.page() as page:
            served.sign_in(page, "curator", "casebook-curator")
            page.goto("/readings/")
            page.get_by_role("row", name="Practice").get_by_role("button", name="Begin").click()
            page.locator("[data-workspace]").wait_for()
            address = page.url
            lengthen()
            fill()
            paints, whole, sizes = [], [], 0
            page.goto(address)
            for _ in range(times):
                page.goto(address)
                paints.append(page.evaluate(PAINT))
                whole.append(page.evaluate("performance.getEntriesByType('navigation')[0].responseStart"))
                sizes = page.evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize")
            saves = [saved(page, n) for n in range(times)]
            print(f"{site.machine()}; {WORDS:,} words, {answered()} annotations, page of {sizes / 1024:.0f} kB; n = {times}\n")
            print("| | min ms | median ms | p95 ms | max ms | goal |\n|---|---|---|---|---|---|")
            line("server, first byte of the page", whole, "60")
            line("first contentful paint", paints, "1,000")
            line("selection to saved", [each["taken"] for each in saves], "200")
            line("longest task while saving", [each["longest"] for each in saves], "")


def line(name: str, taken: list[float], goal: str) -> None:
    p95 = statistics.quantiles(taken, n=20, method="inclusive")[18]
    print(f"| {name} | {min(taken):.0f} | {statistics.median(taken):.0f} | {p95:.0f} | {max(taken):.0f} | {goal} |")


def lengthen() -> None:
    """The report's article gets the body that it lacks."""
    words = Words(seed=1)
    each = WORDS // SECTIONS
    with connection.cursor() as cursor:
        for n in range(SECTIONS):
            text = words.prose(each)
            cursor.execute(
                "INSERT INTO curation_section (article_id, key, version, is_current, kind, position, label, category, language, "
                "text, html, sha256) SELECT article_id, %s, 1, true, 'body', %s, %s, '', 'en', %s, %s, encode(sha256(%s), 'hex') "
                "FROM curation_reading WHERE id = (SELECT max(id) FROM curation_reading)",
                [f"body{n}", 100 + n, f"Part {n + 1}", text, f"<p>{text}</p>", text.encode()],
            )


def fill() -> None:
    """Every feature but one answered, the repeatable ones again and again, each with a quote somewhere in the text."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; SELECT set_config('casebook.actor', '1', true), set_config('casebook.verb', 'bench.fill', true)")
        cursor.execute(
            "WITH reading AS (SELECT r.id, r.codebook_version_id, p.patient_id FROM curation_reading r "
            "JOIN curation_readingpatient p ON p.reading_id = r.id ORDER BY r.id DESC LIMIT 1), "
            "wanted AS (SELECT reading.id, patient_id, f.id AS feature, n FROM reading "
            "JOIN curation_feature f ON f.codebook_version_id = reading.codebook_version_id, generate_series(1, 99) n "
            "WHERE f.value_type <> 'derived' AND f.slug <> 'low_back_pain' AND (n = 1 OR f.repeatable OR f.repeat_group <> '') "
            "ORDER BY n, f.position LIMIT %s) "
            "INSERT INTO curation_annotation (reading_id, patient_id, feature_id, instance, status, qualifiers, comment, "
            "confidence, created_at, changed_at, version) "
            "SELECT id, patient_id, feature, n, 'not_tested', '{}', '', 'high', now(), now(), 1 FROM wanted",
            [ANNOTATIONS],
        )
        cursor.execute(
            'INSERT INTO curation_evidence (annotation_id, kind, section_id, start, "end", exact, prefix, suffix, role, depth, '
            "contradicts, state, panel, picture_sha256, created_at) "
            "SELECT a.id, 'quote', s.id, x.at, x.at + 60, substr(s.text, x.at + 1, 60), '', '', 'own', 'full_text', false, "
            "'anchored', '', '', now() FROM (SELECT id, reading_id, row_number() OVER (ORDER BY id) AS n "
            "FROM curation_annotation WHERE reading_id = (SELECT max(id) FROM curation_reading)) a "
            "JOIN curation_reading r ON r.id = a.reading_id "
            "JOIN curation_section s ON s.article_id = r.article_id AND s.key = 'body' || (a.n %% %s), "
            "LATERAL (SELECT (70 * (a.n / %s))::int AS at) x; COMMIT",
            [SECTIONS, SECTIONS],
        )


def answered() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM curation_annotation WHERE reading_id = (SELECT max(id) FROM curation_reading)")
        return int(cursor.fetchone()[0])


def saved(page: Any, n: int) -> dict[str, float]:
    """Words of another section each time become evidence for the one feature that is open."""
    if n == 0:
        page.keyboard.press("/")
        page.keyboard.type("low back pain")
        page.keyboard.press("Enter")
        page.locator("form#form-low_back_pain").wait_for()
        page.keyboard.press("1")
        page.locator("[data-form-state]", has_text="Saved").wait_for()
    section = page.locator(".section--body [data-section]").nth(n % SECTIONS)
    served.drag(page, int(section.get_attribute("data-section")), 1000 + 100 * (n // SECTIONS), 1050 + 100 * (n // SECTIONS))
    waiting = page.evaluate_handle(f"({{ done: ({SAVED})() }})")
    page.keyboard.press("e")
    return dict(waiting.evaluate("(held) => held.done"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

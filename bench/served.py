"""The site of a measurement served to a real browser, as one machine serves it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from playwright.sync_api import Page, sync_playwright

from portal import env
from portal.embedded import chromium


@contextmanager
def page(width: int = 1400, height: int = 900) -> Iterator[Page]:
    """A page of Chromium on the site: gunicorn, two workers, nothing in between."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "portal.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--config",
        "portal/gunicorn_conf.py",
    ]
    served = {**os.environ, "CASEBOOK_ROLE": "web", "WEB_WORKERS": "2", "WEB_THREADS": "2", "ALLOWED_HOSTS": "127.0.0.1"}
    server = subprocess.Popen(command, cwd=env.ROOT, env=served, stderr=subprocess.DEVNULL)
    env.provide(DJANGO_ALLOW_ASYNC_UNSAFE="yes")
    try:
        _ready(port)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*chromium.FLAGS])
            context = browser.new_context(base_url=f"http://127.0.0.1:{port}", viewport={"width": width, "height": height})
            yield context.new_page()
            browser.close()
    finally:
        server.terminate()
        server.wait()


def _ready(port: int) -> None:
    for _ in range(200):
        try:
            asked = HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/healthz")
            if asked.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    raise SystemExit("The site did not start.")


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


#: Where words of a section stand on the screen, once they are scrolled into sight: the ends of a drag over them.
PLACE = """([section, start, end]) => {
  getSelection().removeAllRanges(); // words that are selected already would be dragged themselves
  const element = document.querySelector(`[data-section="${section}"]`);
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let at = 0;
  for (let node; (node = walker.nextNode()); at += node.data.length) {
    if (start >= at && start < at + node.data.length) {
      range.setStart(node, start - at);
      node.parentElement.scrollIntoView({ block: "nearest", behavior: "instant" });
    }
    if (end > at && end <= at + node.data.length) {
      range.setEnd(node, end - at);
      break;
    }
  }
  const pane = element.closest(".pane");
  const middle = range.getBoundingClientRect();
  pane.scrollBy({ top: middle.top - pane.getBoundingClientRect().top - pane.clientHeight / 2, behavior: "instant" });
  if (range.getBoundingClientRect().top < 0 || range.getBoundingClientRect().bottom > innerHeight)
    scrollBy({ top: range.getBoundingClientRect().top - innerHeight / 2, behavior: "instant" });
  const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
  const [first, last] = [boxes[0], boxes.at(-1)];
  return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
}"""


def drag(page: Page, section: int, start: int, end: int) -> None:
    """Over these words, by the mouse. Offsets in UTF-16, as the browser counts."""
    x, y, x2, y2 = page.evaluate(PLACE, [section, start, end])
    page.mouse.move(x + 0.5, y)
    page.mouse.down()
    page.mouse.move(x2, y2, steps=3)
    page.mouse.up()

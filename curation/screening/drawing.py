"""A PRISMA 2020 flow drawn as SVG: what goes on at the left, what leaves at the right. Pure: boxes in, text out.

Only presentation attributes are used, so that the figure stands alone in a file and inside a page that allows no inline style.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

WIDTH, BAND, GAP, PAD, LINE = 860, 34, 34, 12, 20
BOX = (WIDTH - BAND - 3 * GAP) // 2
LEFT, RIGHT = BAND + GAP, BAND + 2 * GAP + BOX
#: Characters of 14 px that fit into a box.
FITS = 42
INK, PAPER, LINES, TINT = "#1c2430", "#ffffff", "#5b6675", "#e3ebf5"


@dataclass(frozen=True, slots=True)
class Said:
    """One number in words; ``href`` is where its articles are listed."""

    label: str
    number: int
    href: str = ""

    @property
    def words(self) -> str:
        return f"{self.label} (n = {self.number:,})"


@dataclass(frozen=True, slots=True)
class Step:
    """The first of ``kept`` and of ``left`` is the box's heading."""

    phase: str
    kept: Sequence[Said]
    left: Sequence[Said] = ()


def svg(title: str, description: str, steps: Sequence[Step]) -> str:
    tops, top = [], GAP
    for step in steps:
        tops.append(top)
        top += _height(step) + GAP
    parts = [*_bands(steps, tops), *(piece for n in range(len(steps)) for piece in _step(steps, tops, n))]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="14" fill="{INK}" role="group" aria-label={quoteattr(title)}>'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L10 5L0 10z" fill="{LINES}"/></marker></defs>'
        f'<rect width="{WIDTH}" height="{top}" fill="{PAPER}"/>'
    )
    return head + "".join(parts) + "</svg>"


def _height(step: Step) -> int:
    return max(_lines(step.kept), _lines(step.left)) * LINE + 2 * PAD


def _lines(said: Sequence[Said]) -> int:
    return sum(len(_wrapped(each)) for each in said)


def _wrapped(said: Said) -> list[str]:
    return wrap(said.words, FITS) or [said.words]


def _bands(steps: Sequence[Step], tops: Sequence[int]) -> Iterator[str]:
    """One bar at the left for each phase, over all its steps."""
    for phase in dict.fromkeys(step.phase for step in steps):
        own = [n for n, step in enumerate(steps) if step.phase == phase]
        top, bottom = tops[own[0]], tops[own[-1]] + _height(steps[own[-1]])
        x, y = BAND // 2 + 8, (top + bottom) // 2
        yield f'<rect x="8" y="{top}" width="{BAND}" height="{bottom - top}" rx="4" fill="{TINT}" stroke="{LINES}"/>'
        yield (
            f'<text x="{x}" y="{y}" transform="rotate(-90 {x} {y})" text-anchor="middle" dominant-baseline="central" '
            f'font-weight="bold">{escape(phase)}</text>'
        )


def _step(steps: Sequence[Step], tops: Sequence[int], n: int) -> Iterator[str]:
    step, top, height = steps[n], tops[n], _height(steps[n])
    yield from _box(LEFT, top, height, step.kept)
    if step.left:
        yield from _box(RIGHT, top, height, step.left)
        yield _arrow(LEFT + BOX, top + height // 2, RIGHT, top + height // 2)
    if n + 1 < len(steps):
        yield _arrow(LEFT + BOX // 2, top + height, LEFT + BOX // 2, tops[n + 1])


def _box(x: int, y: int, height: int, said: Sequence[Said]) -> Iterator[str]:
    yield f'<rect x="{x}" y="{y}" width="{BOX}" height="{height}" rx="4" fill="{PAPER}" stroke="{LINES}"/>'
    at = y + PAD + LINE - 6
    for n, each in enumerate(said):
        weight, indent = (' font-weight="bold"', 0) if n == 0 else ("", 14)
        lines = _wrapped(each)
        spans = "".join(
            f'<tspan x="{x + PAD + indent}" y="{at + row * LINE}">{escape(line)}</tspan>' for row, line in enumerate(lines)
        )
        text = f"<text{weight}>{spans}</text>"
        yield f"<a href={quoteattr(each.href)}>{text}</a>" if each.href else text
        at += len(lines) * LINE


def _arrow(x1: int, y1: int, x2: int, y2: int) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{LINES}" stroke-width="1.5" marker-end="url(#arrow)"/>'

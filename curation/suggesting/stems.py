"""Letters that must stand wherever a pattern matches, so that most sentences are never searched for it.

Reads the part of regular expressions that lexicons use: groups, alternatives, classes, quantifiers.
"""

from collections.abc import Sequence

_SHORTEST = 2
_OPTIONAL = ("?", "*", "{")
_MATCHES_LETTERS = ("?-i:", "?:", "?i:")

Stems = frozenset[str]


def stems(patterns: Sequence[str]) -> Stems | None:
    """Small letters, one of which every match of one of the patterns holds; None where a pattern demands none."""
    found: set[str] = set()
    for pattern in patterns:
        demanded = _of_branches(pattern)
        if demanded is None:
            return None
        found |= demanded
    return frozenset(found) if found else None


def _of_branches(pattern: str) -> Stems | None:
    of_each = [_of_branch(branch) for branch in _branches(pattern)]
    demanded = [each for each in of_each if each is not None]
    return frozenset().union(*demanded) if len(demanded) == len(of_each) else None


def _of_branch(branch: str) -> Stems | None:
    """Of all that must stand in the branch, the most telling."""
    demanded, at, run = list[Stems](), 0, ""

    def close() -> None:
        nonlocal run
        if len(run) >= _SHORTEST or run == "/":
            demanded.append(frozenset((run.lower(),)))
        run = ""

    while at < len(branch):
        char = branch[at]
        is_optional = branch[at + 1 : at + 2] in _OPTIONAL and at + 1 < len(branch)
        if (char.isalnum() or char == "/") and not is_optional:
            run += char
        else:
            close()
        if char == "\\":
            at += 1
        elif char == "[":
            at = branch.index("]", at + 1)
        elif char == "(":
            end = closing(branch, at)
            inner = branch[at + 1 : end]
            must = branch[end + 1 : end + 2] not in _OPTIONAL or end + 1 >= len(branch)
            head = next((head for head in _MATCHES_LETTERS if inner.startswith(head)), None)
            if must and (head or not inner.startswith("?")) and (of_group := _of_branches(inner[len(head or "") :])):
                demanded.append(of_group)
            at = end
        at += 1
    close()
    return max(demanded, key=lambda each: (min(map(len, each)), -len(each)), default=None)


def _branches(pattern: str) -> list[str]:
    """Alternatives at the outermost level."""
    found, depth, start, at = [], 0, 0, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif char == "[":
            at = pattern.index("]", at + 1)
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            found.append(pattern[start:at])
            start = at + 1
        at += 1
    return [*found, pattern[start:]]


def closing(pattern: str, at: int) -> int:
    """Where the group that opens at ``at`` closes."""
    depth = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "[":
            at = pattern.index("]", at + 1)
        elif pattern[at] == "(":
            depth += 1
        elif pattern[at] == ")":
            depth -= 1
            if not depth:
                return at
        at += 1
    return len(pattern)

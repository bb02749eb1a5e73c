"""YAML as plain data whose mappings remember their lines, read without trust: size, depth, no aliases, no tags of Python.

What a file's mappings may hold is said in shapes (``shapes``).
"""

from typing import Any

import yaml

from curation.errors import Fault, Invalid

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 20
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same language; the compiled one is some ten times faster
TAG = "tag:yaml.org,2002:"


class Lined(dict[str, Any]):
    """A mapping that knows its own line and each key's."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


def decode(data: bytes) -> str:
    """The text of an uploaded file. Raises Invalid where it is not UTF-8 or too large."""
    if len(data) > 2 * MAX_CHARACTERS:
        raise Invalid(f"The file is larger than {2 * MAX_CHARACTERS // 1_000_000} MB; that is no codebook.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"The file is not UTF-8 text (byte {error.start}). Save it as UTF-8 and try again.") from error


def read(text: str) -> tuple[Lined, list[Fault]]:
    """The file's one mapping, and the faults of its writing. Raises Invalid where it cannot be read as YAML at all."""
    if len(text) > MAX_CHARACTERS:
        raise Invalid(f"The text has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.")
    try:
        text.encode()
        _measure(text)
        root = yaml.compose(text, Loader=LOADER)
    except UnicodeEncodeError as error:
        raise Invalid("The text holds half a character (a lone surrogate) and cannot be stored.") from error
    except yaml.YAMLError as error:
        raise _not_yaml(error) from error
    if not isinstance(root, yaml.MappingNode):
        raise Invalid(
            "The file is not a mapping of names to values.", faults=[Fault("line 1", "must begin with “name: value” lines")]
        )
    faults: list[Fault] = []
    return _plain(root, faults), faults


def _measure(text: str) -> None:
    """Refuse what would grow or nest without end, before any tree is built of it."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Invalid("Anchors and aliases (& and *) are not read.", faults=[Fault(f"line {line}", "write the value out")])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Invalid(
                "The file is nested too deeply.", faults=[Fault(f"line {line}", f"is more than {MAX_DEPTH} levels deep")]
            )


def _not_yaml(error: yaml.YAMLError) -> Invalid:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    return Invalid("The file is not valid YAML.", faults=[Fault(where, str(reason))])


def _line(mark: Any) -> int:
    return int(mark.line) + 1


def _plain(node: yaml.Node, faults: list[Fault]) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, faults) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, faults)
    return _scalar(node, faults)  # type: ignore[arg-type]  # the third and last kind


def _mapping(node: yaml.MappingNode, faults: list[Fault]) -> Lined:
    made = Lined(_line(node.start_mark))
    for key, value in node.value:
        line = _line(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            faults.append(Fault(f"line {line}", "a name must be a plain word"))
            continue
        if key.value in made:
            faults.append(Fault(f"line {line}", f"“{key.value[:60]}” stands twice in the same place"))
        made[key.value] = _plain(value, faults)
        made.lines[key.value] = line
    return made


def _scalar(node: yaml.ScalarNode, faults: list[Fault]) -> Any:
    """Text, numbers, true and false, nothing; other tags (dates, objects) are a fault."""
    kind = node.tag.removeprefix(TAG)
    if kind == "str":
        return str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return node.value.lower() in ("true", "yes", "on")
    if kind in ("int", "float"):
        try:
            return int(node.value) if kind == "int" else float(node.value)
        except ValueError:
            pass
    faults.append(
        Fault(f"line {_line(node.start_mark)}", f"“{str(node.value)[:60]}” would be read as a {kind}; put it in quotes")
    )
    return ""

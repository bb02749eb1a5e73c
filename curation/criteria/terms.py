"""Conditions that a file of rules names once, under ``terms``, and uses many times, as ``{term: name}``."""

from collections.abc import Mapping
from typing import Any

from curation.codebook.marked import Lined
from curation.errors import Fault


def written_out(said: Any, terms: Mapping[str, Any], faults: list[Fault], within: tuple[str, ...] = ()) -> Any:
    """The same with every term replaced by its condition; unknown terms and circles are added to the faults."""
    if isinstance(said, list):
        return [written_out(part, terms, faults, within) for part in said]
    if not isinstance(said, Lined):
        return said
    if "term" in said:
        name = str(said["term"])
        if len(said) > 1 or name not in terms or name in within:
            reason = "must stand alone" if len(said) > 1 else "asks for itself" if name in within else "is no term of this file"
            faults.append(Fault(f"line {said.line}", f"“{name[:60]}” {reason}"))
            return said
        return written_out(terms[name], terms, faults, (*within, name))
    made = Lined(said.line)
    made.lines = said.lines
    made.update({name: written_out(part, terms, faults, within) for name, part in said.items()})
    return made

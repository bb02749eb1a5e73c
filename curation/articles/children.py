"""An element's children by their names, looked at once: ``find`` would look through them anew for each name."""

from collections.abc import Iterator

from lxml import etree

from curation.articles.markup import plain

Element = etree._Element
Children = dict[str, list[Element]]


def children(element: Element | None) -> Children:
    """Each name's children in their order; nothing of an element that is not there."""
    found: Children = {}
    for child in () if element is None else element:
        name = child.tag
        if name in found:
            found[name].append(child)
        else:
            found[name] = [child]
    return found


def first(found: Children, name: str) -> Element | None:
    return found[name][0] if name in found else None


def text(found: Children, name: str) -> str:
    """The plain text of the first child of this name, empty where there is none."""
    return plain(found[name][0]) if name in found else ""


def texts(element: Element | None) -> dict[str, str]:
    """By name: the plain text of each child, the first where there are several."""
    found: dict[str, str] = {}
    for child in () if element is None else element:
        name = child.tag
        if name not in found:
            found[name] = plain(child)
    return found


def listed(found: Children, lists: str, name: str) -> Iterator[Element]:
    """The entries of all lists of this name, one after the other."""
    return (entry for each in found.get(lists, ()) for entry in each.iterchildren(name))

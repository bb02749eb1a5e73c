"""Text that can be stored and shown."""


class Unfit(ValueError):
    """A value that cannot be what was asked for; its text is the reason, for a person."""


def clean(text: object, *, limit: int, name: str = "the text") -> str:
    """Without surrounding space; no NUL or other control characters, no half characters. Raises Unfit."""
    if not isinstance(text, str):
        raise Unfit(f"{name} must be text")
    if any((ord(c) < 32 and c not in "\n\r\t") or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise Unfit(f"{name} holds characters that cannot be stored (control characters or halves of a character)")
    text = text.strip()
    if not text:
        raise Unfit(f"{name} is empty")
    if len(text) > limit:
        raise Unfit(f"{name} is {len(text)} characters long; at most {limit} are kept")
    return text

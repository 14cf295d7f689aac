"""Names: how they are cleaned, shortened and searched. Pure."""

import unicodedata

LONGEST = 200


def clean(text: str) -> str:
    """``text`` without control characters (tabs and line ends become spaces), spaces folded."""
    spaced = (" " if character in "\t\r\n" else character for character in text)
    visible = (character for character in spaced if unicodedata.category(character) not in {"Cc", "Cs"})
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def short_name(name: str) -> str:
    """ "First L.", what colleagues and sheets show; a single name stays as it is."""
    words = name.split()
    return f"{words[0]} {words[-1][0].upper()}." if len(words) > 1 else name


def search_name(name: str) -> str:
    """``name`` in lower case without accents, so that "Renée" is found as "renee"."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def clean_email(text: str) -> str:
    """An address as it is stored and compared: folded to lower case, without spaces around."""
    return clean(text).casefold()


def is_email(address: str) -> bool:
    """Whether this can be an address: something, one @, and a host, short enough to be sent to."""
    name, _, host = address.rpartition("@")
    return bool(name and host) and "@" not in name and " " not in address and len(address) <= 254

"""What a field with a choice offers."""

from collections.abc import Mapping

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

__all__ = ["SelectChoice", "offers"]


def offers(words: Mapping[str, str]) -> list[SelectChoice]:
    """Values with their words, in this order, as WTForms takes them."""
    return [SelectChoice(value, label) for value, label in words.items()]

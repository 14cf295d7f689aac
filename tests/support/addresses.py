"""What builds the address of a route is compiled once for all applications that a test run makes."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]
_compiled: dict[tuple[Any, ...], Build] = {}


class _OnceCompiled(Rule):
    """A rule that shares what builds its address with every rule that reads the same."""

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = self.rule, self.subdomain, self.host, defaults, append_unknown
        if key not in _compiled:
            _compiled[key] = super()._compile_builder(append_unknown)
        return _compiled[key]


def share() -> None:
    """Have every application that is made from now on use these."""
    Flask.url_rule_class = _OnceCompiled

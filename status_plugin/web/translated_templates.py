"""Templates in a language: what is the same on every page is translated once, when a template is read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import Flask
from jinja2 import Environment, Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from status_plugin.web.language import Language

_OURS = "status/"
"""What the names of the plugin's templates begin with, also where a site has put its own in their place."""

_A_CALL = ["name", "lparen"]
_A_MESSAGE = [*_A_CALL, "string", "rparen"]


class Translation(Extension):
    """Puts a message in the place of `say("...")`, where it has no values.

    In English as it was written a saying is already what it says, so that `spoken(...)` is left out. What
    templates of the site call by these names, outside of ours, is their own.
    """

    language: Language

    def filter_stream(self, stream: TokenStream) -> TokenStream | Iterator[Token]:
        """The parts of a template, in the language."""
        is_ours = (stream.name or "").startswith(_OURS)
        return self._translated(list(stream)) if is_ours else stream

    def _translated(self, tokens: list[Token]) -> Iterator[Token]:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            kinds = _kinds(tokens, place) if tokens[place - 1].type != "dot" else []
            if token.value == "say" and kinds == _A_MESSAGE:
                said = self.language.say(tokens[place + 2].value)
                yield Token(token.lineno, "string", said)
                place += len(_A_MESSAGE)
                continue
            if not (token.value == "spoken" and kinds[:2] == _A_CALL and self.language.is_plain):
                yield token
            place += 1


class TranslatedTemplates:
    """The templates of one application by language, in environments that lie over the application's own."""

    def __init__(self) -> None:
        self._environments: dict[str, Environment] = {}

    def get(self, app: Flask, name: str, language: Language) -> Template:
        """A template and all that it includes and extends, in a language."""
        environment = self._environments.get(language.code)
        if environment is None:
            environment = self._environments[language.code] = _environment(app, language)
        return environment.get_template(name)


def _environment(app: Flask, language: Language) -> Environment:
    # Compiled templates that are kept on disk are known by their source alone.
    made = app.jinja_env.overlay(extensions=[Translation], bytecode_cache=None)
    made.extensions[Translation.identifier].language = language  # type: ignore[attr-defined]
    return made


def _kinds(tokens: list[Token], place: int) -> list[str]:
    return [token.type for token in islice(tokens, place, place + len(_A_MESSAGE))]

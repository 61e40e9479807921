"""Reading a condition of a data file into an `Expression`. A name that nobody knows is an error, not an unknown."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from openfls.intervention.expression import Always, Both, Expression, Known, Named, Not
from openfls.intervention.names import GROUP_WORDS
from openfls.record.errors import BadInput

_TESTS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in"}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a condition may name: facts with their words, groups of drugs, settings, and terms (parsed already)."""

    facts: Mapping[str, str]
    groups: Mapping[str, frozenset[str]]
    settings: Mapping[str, float]
    terms: Mapping[str, Expression] = field(default_factory=dict)


def parse(text: str, known: Vocabulary, where: str = "") -> Expression:
    """The condition that ``text`` writes.

    Raises:
        BadInput: it is not of the language, or names something that is not in ``known``.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise BadInput(f"{text!r} is no condition", where=where) from error
    return _Reader(known, where, text).read(tree)


@dataclass(frozen=True, slots=True)
class _Reader:
    known: Vocabulary
    where: str
    text: str

    def _no(self, what: str) -> BadInput:
        return BadInput(f"{what} in {self.text!r}", where=self.where)

    def read(self, node: ast.expr) -> Expression:  # noqa: PLR0911 - one line a form
        match node:
            case ast.BoolOp(op, values):
                return Both(tuple(self.read(one) for one in values), any_=isinstance(op, ast.Or))
            case ast.UnaryOp(ast.Not(), operand):
                return Not(self.read(operand))
            case ast.Name("always"):
                return Always()
            case ast.Name(name) if name in self.known.terms:
                return self.known.terms[name]
            case ast.Name(name):
                return Named(name, self._label(name))
            case ast.Call(ast.Name("known"), [ast.Name(name)]):
                return Known(name, self._label(name))
            case ast.Compare(ast.Name(name), [test], [right]) if type(test) in _TESTS:
                return self._compared(name, _TESTS[type(test)], right)
        raise self._no("a form that is not of the language")

    def _compared(self, name: str, test: str, right: ast.expr) -> Expression:
        label = self._label(name)
        match right:
            case ast.Name(group) if test == "in" and group in self.known.groups:
                return Named(
                    name, label, test, group=self.known.groups[group], group_words=GROUP_WORDS[group]
                )
            case ast.Name(setting) if test != "in" and setting in self.known.settings:
                return Named(name, label, test, limit=setting)
            case ast.Constant(float() | int() as number) if test != "in":
                return Named(name, label, test, limit=float(number))
            case ast.UnaryOp(ast.USub(), ast.Constant(float() | int() as number)) if test != "in":
                return Named(name, label, test, limit=-float(number))
        raise self._no("a limit that is neither a number, a setting nor a group")

    def _label(self, name: str) -> str:
        if name not in self.known.facts:
            raise self._no(f"{name!r}, which is no fact,")
        return self.known.facts[name]

"""Made-up input: texts of grammars with faults, and files with some of them changed."""

import random

import pytest

from oestra.core.errors import OestraError

ODD = [
    "", " ", "\x00", "\x1b[31m", "\n", "\t", "\u202e", "\ud800", "é", "٣", "½", "'",
    '"',
    "\\", "#", "(", ")", "[", "]", "{", "}", "*", "**", "//", ",", ";", ":", "=", "==",
    "<", ">", "!=", "+", "-", "--", ".", "..", "%", "$", "|", "&", "&a", "*a", "!!int",
    "[/]", "</script>", "0", "1", "-1", "1e308", "1e999", "-1e-320", "nan", "inf",
    "0x10", "1_000", "1j", "9" * 25, "9" * 400, "9" * 5000, "a" * 300, "(" * 60,
    "not " * 50, "and", "or", "in", "not", "true", "None", "lambda", "none", "then",
    "for", "every", "on", "days", "of", "mg", "nM", "x", "2014-13-45", "2014-01-01",
]  # fmt: skip
"""What no reader expects, and words of the grammars where they do not belong."""


class Maker:
    """Makes up inputs, the same from the same seed.

    Parameters
    ----------
    seed : int
        Of all choices.
    """

    def __init__(self, seed):
        self.chance = random.Random(seed)  # noqa: S311 - no secret

    def words(self, known, most=12):
        """Return some known words in any order, with odd ones among them."""
        count = self.chance.randint(1, most)
        pool = [
            self.chance.choice(ODD if self.chance.random() < 0.15 else known)
            for _ in range(count)
        ]
        return self.chance.choice([" ", " ", " ", ""]).join(pool)

    def changed(self, text, most=3):
        """Return a text with a few places cut, doubled, swapped or replaced."""
        for _ in range(self.chance.randint(1, most)):
            start = self.chance.randint(0, len(text))
            stop = min(len(text), start + self.chance.choice([0, 1, 3, 10, 40]))
            part = text[start:stop]
            new = self.chance.choice(
                ["", part * 2, part[::-1], self.chance.choice(ODD)]
            )
            text = text[:start] + new + text[stop:]
        return text

    def harmed(self, content):
        """Return bytes cut short, or with some of them changed."""
        found = bytearray(content)
        kind = self.chance.random()
        if kind < 0.3:
            del found[self.chance.randint(0, len(found)) :]
        elif kind < 0.4:
            found *= 2
        for _ in range(self.chance.randint(1, 3)):
            if found:
                found[self.chance.randrange(len(found))] = self.chance.randrange(256)
        return bytes(found)


@pytest.fixture
def make(request):
    """Return a maker of inputs whose seed is the name of the test."""
    return Maker(request.node.name)


@pytest.fixture
def explained():
    """Return a function that runs a reader: a result or sentences, nothing else."""

    def run(reader, *given):
        try:
            reader(*given)
        except OestraError as error:
            sentences = str(error).splitlines()
            assert sentences
            for sentence in sentences:
                assert sentence.endswith(".")
                assert len(sentence) < 2500
            return False
        return True

    return run


@pytest.fixture(scope="session")
def trial_text():
    """Return the text of a small trial that can be run."""
    return (
        "id: MINE\ntitle: A trial of mine\narms:\n"
        "  - {id: A, label: a, regimen: letrozole 2.5 mg daily, n: 9}\n"
        "  - {id: B, label: b, regimen: none, n: 9}\n"
        "visits: {interval_weeks: 8}\ncriteria: RECIST-1.1\n"
        "accrual_months: 12\ndata_cut_months: 24\n"
    )

"""Errors that a user can mend, as one sentence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

_SENTENCE = re.compile(r"io\.embedlake\.spi\.EmbedlakeException[:)]\s*(?P<sentence>[^\n]*(?:\n(?!\s*at |\n|JVM stacktrace)[^\n]*)*)")


class EmbedlakeError(Exception):
    """What could not be done, why, and what to change: the message is meant for people."""


def sentence_of(error: BaseException) -> str | None:
    """The sentence of the engine's own error, wherever Spark has put it; none if the engine did not raise it."""
    found = _SENTENCE.search(str(error))
    return found["sentence"].strip() if found else None


@contextmanager
def plain_errors() -> Iterator[None]:
    """Raises the engine's errors without Spark's wrapping and Java's stack trace. Others pass."""
    try:
        yield
    except Exception as error:  # Of Spark's client or, in classic sessions, of Py4J.
        sentence = sentence_of(error)
        if sentence is None:
            raise
        raise EmbedlakeError(sentence) from None

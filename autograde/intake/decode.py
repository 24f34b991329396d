"""The bytes of a notebook file made into its JSON document, as far as anything whole is in them.

Outputs are cut out of the bytes before anything is parsed: they are most of a large file, and nobody reads
them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

SIZE_LIMIT = 200 * 2**20
# What is left without outputs. Parsed JSON takes up to 30 times its size (50 MB of `{"":0},`: 1.6 GB); this
# many values stay below 0.5 GB.
TEXT_LIMIT = 50 * 2**20
VALUES_LIMIT = 3_000_000
_STEPS_LIMIT = 1_000_000  # in what is cut out: each takes a microsecond

AGAIN = "ask the student for the file again"
CLEARED = "ask the student to clear all outputs and hand it in again"

# In JSON a quote without a backslash before it begins or ends a string; so this can only be a key. Colab and
# ipywidgets keep as much under the other key.
_UNREAD = re.compile(rb'(?<!\\)"(?:outputs|widgets)"\s*+:\s*+[\[{]')
_PLAIN = rb'[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"'


def _nested(depth: int) -> bytes:
    """Return the pattern of a run of values that are nested so deep; deeper ones are counted one by one."""
    inner = rb"|[\[{]" + _nested(depth - 1) + rb"[\]}]" if depth else b""
    return rb"(?:" + _PLAIN + inner + rb")*+"


_RUN = re.compile(_nested(3), re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?P<end>"?)|[\[\]{},]', re.DOTALL)
_HALF_AN_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{0,3}\Z")
_HALF_AN_ITEM = re.compile(r',?\s*+(?:"(?:[^"\\]++|\\.)*+"?+\s*+:?+\s*+)?+[-+.\w]*+\Z', re.DOTALL)
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_BROKEN_OFF = "The file broke off in the middle; what was behind that is lost."


class UnusableError(Exception):
    """Says what is wrong with the file, and what to do."""


@dataclass(frozen=True)
class Document:
    """A parsed file, and a sentence to the student for everything that was wrong with it.

    Of one that broke off, the last cell may be incomplete.
    """

    json: object
    repairs: tuple[str, ...] = ()
    broken_off: bool = False


def parsed(data: bytes) -> Document:
    """Return the JSON document in the bytes of a file.

    Any Unicode encoding is read, with a byte order mark or without, and text of other encodings as Windows'
    own. What follows the document is left out; a document that breaks off is read up to there.

    Raises:
        UnusableError: there is none. It raises nothing else.

    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnusableError(f"it is empty; {AGAIN}")
    try:
        repairs, text = _text(data)
        if len(text) > TEXT_LIMIT or sum(map(text.count, ",[{")) > VALUES_LIMIT:
            raise UnusableError(f"it holds too much data besides outputs; {CLEARED}")
        return _document(text, repairs)
    except (RecursionError, MemoryError) as error:
        raise UnusableError(f"it is nested too deeply to be a notebook; {AGAIN}") from error


def _text(data: bytes) -> tuple[tuple[str, ...], str]:
    """Return the text of a file without outputs, and what had to be put right."""
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        data = data.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    repairs: tuple[str, ...] = ()
    if b"\0" in data:
        data = data.replace(b"\0", b"")
        repairs += ("The file held zero bytes, which no text has; they were left out.",)
    data = b"".join(_without_outputs(data))
    try:
        return repairs, data.decode()
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "surrogateescape")
        if error.start >= len(data) - 3:  # half a letter, where the file broke off
            return repairs, text[:-1]
        repairs += ("The file was not UTF-8 text; letters outside English may have become others.",)
        foreign = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)}
        return repairs, text.translate(foreign)


def _without_outputs(data: bytes) -> Iterator[bytes]:
    position, steps = 0, 0
    while found := _UNREAD.search(data, position):
        yield data[position : found.end()]
        yield b"]" if data[found.end() - 1 : found.end()] == b"[" else b"}"
        position, depth = found.end(), 1
        while depth:
            steps += 1
            if run := _RUN.match(data, position):
                position = run.end()
            if position >= len(data) or data[position] == ord('"'):  # a string that does not end
                return
            depth += 1 if data[position] in b"[{" else -1
            position += 1
            if steps > _STEPS_LIMIT:
                raise UnusableError(f"its outputs are too many, or nested too deeply; {CLEARED}")
    yield data[position:]


def _document(text: str, repairs: tuple[str, ...]) -> Document:
    # No number of the document is used. As floats, even those of a million digits are read in no time.
    decoder = json.JSONDecoder(parse_int=float, strict=False)
    text = text.lstrip()
    try:
        document, end = decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        if conflict := _CONFLICT.search(text):
            line = text.count("\n", 0, conflict.start()) + 1
            raise UnusableError(f"it holds an unresolved merge conflict in line {line}; {AGAIN}") from error
        for mended in _ended(text):
            with suppress(json.JSONDecodeError):
                document = decoder.decode(mended)
                return Document(document, (*repairs, _BROKEN_OFF), broken_off=True)
        raise UnusableError(f"it is no notebook: {error.msg} in line {error.lineno}; {AGAIN}") from error
    if text[end:].strip():
        repairs += ("Something followed the end of the notebook in the file; it was left out.",)
    return Document(document, repairs)


def _ended(text: str) -> Iterator[str]:
    """Yield JSON that broke off with an end, in two ways: with all that is there, or without half an item."""
    containers: list[tuple[str, int]] = []  # how each ends, and where its last whole item does
    token = None
    for token in _TOKEN.finditer(text):
        match token[0][0]:
            case "[" | "{" as start:
                containers.append(("]" if start == "[" else "}", token.end()))
            case "]" | "}" if containers:
                containers.pop()
            case "," if containers:
                containers[-1] = (containers[-1][0], token.start())
    if not containers or token is None:
        return
    end = "".join(bracket for bracket, _ in reversed(containers))
    in_string = token[0][0] == '"' and not token["end"]
    yield (_HALF_AN_ESCAPE.sub("", text[: token.end()]) + '"' if in_string else text) + end
    whole = containers[-1][1]
    if _HALF_AN_ITEM.match(text, whole):
        yield text[:whole] + end

"""The text of a CSV file, line by line: unpacked, decoded, and giving lines back when asked."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from crm.importing.problems import ImportProblem

# What programs on Windows write where they do not write Unicode.
WINDOWS = "cp1252"
BUFFER = 1 << 16
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
GZIP_MAGIC = b"\x1f\x8b"
# Also what keeps a file without line ends from filling the memory.
LONGEST_LINE = 1 << 22
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TextLines(Iterator[str]):
    """Physical lines of a text with their ends; `line` is how many stand before the next.

    `record` holds the lines that were read since `begin`.
    """

    def __init__(self, text: str = "", line: int = 0) -> None:
        self.line = line
        self.record: list[str] = []
        self._again = list(io.StringIO(text, newline=""))[::-1]

    def begin(self) -> None:
        """A new record starts with the next line."""
        self.record.clear()

    def give_back(self) -> None:
        """Read all lines of the record but its first again."""
        self._again.extend(reversed(self.record[1:]))
        self.line -= len(self.record) - 1
        del self.record[1:]

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._read()
        if not line:
            raise StopIteration
        self.line += 1
        self.record.append(line)
        return line

    def _read(self) -> str:
        return ""


class Lines(TextLines):
    """Lines of a file. Bytes that do not decode stay in them as surrogates."""

    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__()
        self.file = path.open("rb", buffering=0)
        self.size = path.stat().st_size
        try:
            self._text = self._decoded(encoding)
        except ImportProblem:
            self.file.close()
            raise

    def _decoded(self, encoding: str) -> io.TextIOWrapper:
        packed = self.file.read(2) == GZIP_MAGIC
        self.file.seek(0)
        unpacked = gzip.GzipFile(fileobj=self.file) if packed else self.file
        buffered = io.BufferedReader(cast(io.RawIOBase, unpacked), BUFFER)
        try:
            self.encoding = encoding or _encoding_of(buffered.peek(BUFFER))
            return io.TextIOWrapper(buffered, self.encoding, errors="surrogateescape", newline="")
        except (EOFError, OSError, zlib.error) as error:
            raise _damaged(error) from None
        except LookupError:
            raise ImportProblem(f"There is no text encoding named {encoding!r}.") from None

    def take(self, characters: int) -> str:
        """The next lines together, about so many characters. `line` stays as it is."""
        parts = self._again[::-1]
        self._again.clear()
        if (missing := characters - sum(map(len, parts))) > 0:
            parts.append(self._get(self._text.read, missing))
        # Reading a number of characters may cut a line, and a line's end, in two.
        if parts[-1] and not parts[-1].endswith("\n"):
            parts.append(self._read())
        return "".join(parts)

    def untake(self, text: str) -> None:
        """Give back the end of what was taken."""
        self._again = list(io.StringIO(text, newline=""))[::-1]

    def _read(self) -> str:
        line = self._get(self._text.readline, LONGEST_LINE)
        if len(line) >= LONGEST_LINE:
            raise ImportProblem(
                f"Line {self.line + 1} has over {LONGEST_LINE:,} characters: this is no CSV file."
            )
        return line

    def _get(self, read: Callable[[int], str], most: int) -> str:
        try:
            return read(most)
        except (EOFError, OSError, zlib.error) as error:
            raise _damaged(error, self.line) from None
        except UnicodeError:
            raise ImportProblem(
                f"Line {self.line + 1} is not {self._text.encoding} text: say what it is with "
                "--encoding, e.g. --encoding utf-8."
            ) from None

    def fraction(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return 1.0 if self.file.closed else self.file.tell() / max(self.size, 1)

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._text.close()
        self.file.close()


def _encoding_of(start: bytes) -> str:
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    for zeros, encoding in ((start[1::2], "utf-16-le"), (start[::2], "utf-16-be")):
        if zeros.count(0) > len(start) // 4:
            return encoding
    try:
        start.decode()
    except UnicodeDecodeError as error:
        # The end may be cut off; what has any letter of UTF-8 is that, with something broken in it.
        if error.reason != "unexpected end of data" and not _UTF8_LETTER.search(start):
            return WINDOWS
    return "utf-8"


def _damaged(error: Exception, line: int = 0) -> ImportProblem:
    what = "is cut off" if isinstance(error, EOFError) else f"is damaged ({error})"
    return ImportProblem(f"The file {what} after line {line:,}: get it again.")

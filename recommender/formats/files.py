"""Where the lines come from: a folder, a zip, a folder with zips in it, one file; gzipped or not."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from recommender.errors import MalformedInputError

LARGEST = 4 << 30
"""Bytes of one unpacked file; more is no catalogue, but an archive made to fill a disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file, in a folder or in an archive."""

    name: str
    path: Path
    member: str = ""

    @contextmanager
    def lines(self) -> Iterator[Iterator[str]]:
        """Its lines with their ends. Bytes that are no UTF-8 become lone surrogates, for the reader to find.

        Raises MalformedInputError where the file cannot be read.
        """
        with self.bytes() as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")
            yield _told(text, self.name)

    @contextmanager
    def bytes(self) -> Iterator[IO[bytes]]:
        """Its bytes, unpacked. Raises MalformedInputError where the file cannot be read."""
        try:
            if self.member:
                with zipfile.ZipFile(self.path) as archive:
                    if archive.getinfo(self.member).file_size > LARGEST:
                        raise MalformedInputError(f"{self.name}: too large to be unpacked")
                    with archive.open(self.member) as file:
                        yield file
            elif self.path.suffix == ".gz":
                with gzip.open(self.path, "rb") as packed:
                    yield packed  # type: ignore[misc]  # GzipFile is an IO[bytes] in all but name
            else:
                with self.path.open("rb") as plain:
                    yield plain
        except OSError as error:
            raise MalformedInputError(f"{self.name}: cannot be read ({error.strerror or error})") from error
        except (zipfile.BadZipFile, EOFError) as error:
            raise MalformedInputError(f"{self.name}: {error}") from error


def _told(lines: Iterator[str], name: str) -> Iterator[str]:
    """The lines; an archive that breaks off in the middle says which file it was."""
    try:
        yield from lines
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise MalformedInputError(f"{name}: {error}") from error


def sources(path: Path) -> Mapping[str, Source]:
    """The files of a folder and of the zips in it, of one zip, or the one file; by name, folders left out.

    Raises MalformedInputError when there is no such path, or two files have the same name.
    """
    if not path.exists():
        raise MalformedInputError(f"{path}: there is no such file or folder")
    places = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    found: dict[str, Source] = {}
    for place in places:
        for source in _members(place) if place.suffix.lower() == ".zip" else [_plain(place)]:
            if source.name in found:
                raise MalformedInputError(f"{path}: holds {source.name} twice")
            found[source.name] = source
    return found


def _plain(path: Path) -> Source:
    return Source(name=path.name, path=path)


def _members(path: Path) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info.filename for info in archive.infolist() if not info.is_dir()]
    except (OSError, zipfile.BadZipFile) as error:
        raise MalformedInputError(f"{path}: is no zip archive that can be read ({error})") from error
    for member in members:
        if not member.startswith("__MACOSX/"):
            yield Source(name=member.rsplit("/", 1)[-1], path=path, member=member)

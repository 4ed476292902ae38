"""A small zip file of named members, read so that one from a stranger can do no harm.

Nothing is ever unpacked to disk. Names and sizes are checked in the zip's own table of contents
before a member is read, and reading stops at the size that was checked.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from mlpdash.errors import BundleError
from mlpdash.text import _, brief
from mlpdash.training.net.size import gigabytes

MOST_BYTES: Final = 2**30  # of the whole file, and of what it holds
MOST_RATIO: Final = 100  # of a member's size to its compressed size
_MOST_MEMBERS: Final = 16
_MOST_DIRECTORY: Final = 16_384  # bytes of the table of contents
_END: Final = b"PK\x05\x06"  # the last 22 bytes of a zip without a comment begin so
_END_64: Final = b"PK\x06\x07"
_LINK: Final = 0o120000  # the type of a symbolic link among a file's mode bits
_TYPE: Final = 0o170000
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # so that the same members give the same bytes


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file of the members, stored as they are."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    return content.getvalue()


def unpack(content: bytes, limits: Mapping[str, int]) -> dict[str, bytes]:
    """Return the members of a zip file.

    Parameters
    ----------
    limits : name -> most bytes, for every member that there may be

    Raises
    ------
    BundleError : it is no zip file, is damaged, or holds anything else
    """
    _check_end(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
            _check_members(found, limits)
            return {one.filename: _read(archive, one) for one in found}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise BundleError(_("the bundle is damaged: it cannot be unpacked.")) from None


def check_size(count: int) -> None:
    """Refuse a file of so many bytes where that is too many; to be asked before it is read.

    Raises
    ------
    BundleError : it is
    """
    if count > MOST_BYTES:
        raise BundleError(
            _("the bundle has {size}; the limit is {most}.").format(
                size=gigabytes(count), most=gigabytes(MOST_BYTES)
            )
        )


def _check_end(content: bytes) -> None:
    """Look at the counts at the zip's end before anything is made of them."""
    check_size(len(content))
    end = content[-22:]
    if content[:2] != b"PK" or end[:4] != _END or content[-42:-38] == _END_64:
        raise BundleError(_("this is not a bundle, or not a whole one."))
    entries = int.from_bytes(end[10:12], "little")
    directory = int.from_bytes(end[12:16], "little")
    if entries > _MOST_MEMBERS or directory > _MOST_DIRECTORY:
        raise BundleError(_("this is not a bundle: it holds {n:,} files.").format(n=entries))


def _check_members(found: list[zipfile.ZipInfo], limits: Mapping[str, int]) -> None:
    names = [one.filename for one in found]
    for name in names:
        if name not in limits:
            raise BundleError(
                _('this is not a bundle: it holds "{name}".').format(name=brief(name, 60))
            )
        if names.count(name) > 1:
            raise BundleError(
                _('the bundle is damaged: it holds "{name}" twice.').format(name=name)
            )
    for one in found:
        _check_member(one, limits[one.filename])


def _check_member(one: zipfile.ZipInfo, most: int) -> None:
    if (one.external_attr >> 16) & _TYPE == _LINK or one.flag_bits & 1:
        raise BundleError(
            _('the bundle is not opened: its "{name}" is a link or encrypted.').format(
                name=one.filename
            )
        )
    if one.file_size > most or one.file_size > MOST_RATIO * max(one.compress_size, 1):
        raise BundleError(
            _('the bundle is not opened: its "{name}" would unpack to {size}.').format(
                name=one.filename, size=gigabytes(one.file_size)
            )
        )


def _read(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    with archive.open(one) as member:
        data = member.read(one.file_size + 1)
    if len(data) != one.file_size:
        raise zipfile.BadZipFile
    return data

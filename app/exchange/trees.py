"""Where documents come from: a folder, a zip file, a git repository. Each ends as a folder to read."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from flask_babel import lazy_gettext as _l

from app.kernel.errors import InvalidInputError

MAX_FILES = 20_000
MAX_BYTES = 500_000_000
GIT_SECONDS = 300
# What git may be asked to fetch. A transport such as `ext::` runs programs.
# Its host stands where everybody who reads such an address finds the same one.
_HOST = r"(?P<{}>(?!-)[\w.-]+|\[[0-9A-Fa-f:.]+\])"
ADDRESS = re.compile(
    rf"https://(?:[^\s'\"\\/?#@]+@)?{_HOST.format('web')}(?::\d+)?/[^\s'\"\\]+"
    rf"|ssh://(?:[\w.-]+@)?{_HOST.format('ssh')}(?::\d+)?/[^\s'\"\\]+"
    rf"|(?!-)[\w.-]+@{_HOST.format('short')}:[^\s'\"\\]+",
    re.ASCII,
)
BRANCH = re.compile(r"(?!-)[\w./-]{1,200}")


class UnusableTreeError(InvalidInputError):
    """The zip file or the repository cannot be had. The sentence says why."""


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """The folder of documents at `path`, which is one itself or a zip file. Raises UnusableTreeError."""
    if path.is_dir():
        yield path
        return
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / path.stem
        folder.mkdir()
        unpack(path, folder)
        yield _only_folder(folder)


def unpack(archive: Path, folder: Path) -> None:
    """Write the files of a zip file into `folder`: ordinary files alone, none outside of it, and no more than fits.

    Raises UnusableTreeError. Sizes are counted as they are written, for what a zip file says of itself need not be true.
    """
    try:
        with zipfile.ZipFile(archive) as opened_archive:
            entries = [entry for entry in opened_archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_FILES:
                raise UnusableTreeError(_l("The zip file holds more than %(count)s files.", count=f"{MAX_FILES:,}"))
            left = MAX_BYTES
            for entry in entries:
                target = _inside(folder, entry)
                if target is not None:
                    left -= _write(opened_archive, entry, target, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise UnusableTreeError(_l("The zip file cannot be read: %(reason)s", reason=str(error))) from None


def _inside(folder: Path, entry: zipfile.ZipInfo) -> Path | None:
    """Where the entry goes; None for what is no ordinary file. Raises UnusableTreeError for a place outside of the folder."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        return None
    place = PurePosixPath(entry.filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or not place.parts or ":" in place.parts[0]:
        raise UnusableTreeError(
            _l("The zip file names a place outside of itself: %(place)s", place=entry.filename[:200])
        )
    return folder.joinpath(*place.parts)


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Raises UnusableTreeError where more than `most` bytes come out."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as source, target.open("wb") as file:
        while piece := source.read(65_536):
            written += len(piece)
            if written > most:
                size = f"{MAX_BYTES // 1_000_000} MB"
                raise UnusableTreeError(_l("The zip file holds more than %(size)s.", size=size))
            file.write(piece)
    return written


def _only_folder(folder: Path) -> Path:
    """Zip files often hold one folder with everything in it; then it is that one."""
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def fetch(url: str, branch: str, place: Path) -> str:
    """Bring a copy of a branch (empty: the default one) to `place`, which is there already or not. Returns its commit.

    Nothing of the repository is run: no hooks, no filters, no submodules, and links are written as files.
    Raises UnusableTreeError.
    """
    check_source(url, branch)
    if not (place / "HEAD").exists():
        shutil.rmtree(place, ignore_errors=True)
        _git("init", "--quiet", "--bare", str(place))
    _git("-C", str(place), "fetch", "--quiet", "--depth=1", "--no-tags", "--force", "--", url, branch or "HEAD")
    return _git("-C", str(place), "rev-parse", "FETCH_HEAD").strip()


def check_out(place: Path, commit: str, folder: Path) -> None:
    """Write the files of a commit that was fetched into the empty `folder`. Raises UnusableTreeError."""
    _check_size(place, commit)
    folder.mkdir(parents=True, exist_ok=True)
    work = ("-C", str(place), f"--work-tree={folder}")
    index = {"GIT_INDEX_FILE": str(folder.with_suffix(".index"))}
    try:
        _git(*work, "read-tree", commit, env=index)
        _git(*work, "checkout-index", "--all", "--force", env=index)
    finally:
        Path(index["GIT_INDEX_FILE"]).unlink(missing_ok=True)


def _check_size(place: Path, commit: str) -> None:
    """Raises UnusableTreeError for more than a zip file may hold. What git lists is counted as it comes: a few trees that hold each
    other name more files than there is memory for.
    """
    command = ["git", *SETTINGS, "-C", str(place), "ls-tree", "-r", "-t", "-l", "-z", commit]
    files, size, rest = 0, 0, b""
    with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as listing:  # noqa: S603
        stream = listing.stdout
        assert stream is not None
        try:
            for piece in iter(partial(stream.read, 65_536), b""):
                *entries, rest = (rest + piece).split(b"\0")
                files += len(entries)
                size += sum(map(_size_of, entries))
                if files > MAX_FILES or size > MAX_BYTES:
                    raise UnusableTreeError(TOO_MUCH, field="url")
        finally:
            listing.kill()


def _size_of(entry: bytes) -> int:
    """The bytes of a file as git lists it; folders and repositories inside have none."""
    size = entry.partition(b"\t")[0].split()[-1]
    return int(size) if size.isdigit() else 0


TOO_MUCH = _l(
    "The repository holds more than %(count)s files or %(size)s MB. Follow a smaller one.",
    count=f"{MAX_FILES:,}",
    size=MAX_BYTES // 1_000_000,
)


def host_of(url: str) -> str:
    """The host that such an address names; empty for what is none."""
    match = ADDRESS.fullmatch(url)
    return next(filter(None, match.groups())).strip("[]").lower() if match else ""


def check_source(url: str, branch: str) -> None:
    """Raises UnusableTreeError, for the field `url` or `branch`, for what git shall not be asked."""
    if not ADDRESS.fullmatch(url):
        message = _l("Write the address of a repository, such as https://git.example.com/team/docs.git.")
        raise UnusableTreeError(message, field="url")
    if branch and not BRANCH.fullmatch(branch):
        raise UnusableTreeError(_l("Write the name of a branch, or leave it empty."), field="branch")


# Nothing that could ask or run.
SETTINGS = (
    *("-c", "core.hooksPath=/dev/null", "-c", "core.symlinks=false", "-c", "protocol.allow=never"),
    *("-c", "protocol.https.allow=always", "-c", "protocol.ssh.allow=always", "-c", "core.autocrlf=false"),
    *("-c", "core.attributesFile=/dev/null", "-c", "fetch.recurseSubmodules=false", "-c", "gc.auto=0"),
    # Where an address leads was looked at; where it sends one on was not.
    *("-c", "http.followRedirects=false"),
)


def _environment() -> dict[str, str]:
    """That of whoever runs the site, without the settings of git there: a filter of theirs would run for any repository that
    asks for it. Keys of ssh and passwords in `.netrc` are theirs.
    """
    kept = {"PATH", "HOME", "SSH_AUTH_SOCK", "SSL_CERT_FILE"}
    return {
        **{name: value for name, value in os.environ.items() if name in kept},
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=20",
        "LC_ALL": "C",
    }


def _git(*arguments: str, env: dict[str, str] | None = None) -> str:
    """Git with settings of ours alone. Raises UnusableTreeError with what it says."""
    try:
        done = subprocess.run(  # noqa: S603  # every argument was checked
            ["git", *SETTINGS, *arguments],  # noqa: S607  # whichever git the machine has
            env={**_environment(), **(env or {})},
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
            text=True,
            errors="replace",
        )
    except FileNotFoundError:
        raise UnusableTreeError(_l("Git is not installed on this machine.")) from None
    except subprocess.TimeoutExpired:
        raise UnusableTreeError(
            _l("The repository did not answer within %(count)s seconds.", count=GIT_SECONDS)
        ) from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1][:300]
        raise UnusableTreeError(_l("Git says: %(reason)s", reason=without_secrets(reason)))
    return done.stdout


def without_secrets(text: str) -> str:
    """An address may hold a name and a password."""
    return re.sub(r"(\w+://)[^/@\s]+@", r"\1…@", text)


def folder_in(tree: Path, folder: str) -> Path:
    """A folder of a tree that was brought here. Raises UnusableTreeError where there is none."""
    found = (tree / folder).resolve()
    if not found.is_relative_to(tree.resolve()) or not found.is_dir():
        raise UnusableTreeError(_l("There is no folder %(folder)s in it.", folder=folder))
    return found

"""Zip files and repositories as folders, and what neither may do."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from app.exchange import trees
from app.exchange.trees import UnusableTreeError, check_source, opened, unpack


def zipped(place: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return place


def test_a_folder_is_itself(tmp_path: Path) -> None:
    with opened(tmp_path) as folder:
        assert folder == tmp_path


def test_a_zip_file_is_the_folder_in_it(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "docs.zip", {"docs/a.md": b"A", "docs/sub/b.md": "乙".encode()})
    with opened(archive) as folder:
        found = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.md")}
        assert (folder.name, found) == ("docs", {"a.md": "A", "sub/b.md": "乙"})
    assert not folder.exists()


@pytest.mark.parametrize("name", ["../out.md", "/etc/out.md", "a/../../out.md", "..\\out.md", "C:/out.md"])
def test_nothing_is_written_outside(tmp_path: Path, name: str) -> None:
    archive = zipped(tmp_path / "docs.zip", {name: b"out"})
    target = tmp_path / "in" / "deep"
    target.mkdir(parents=True)
    with pytest.raises(UnusableTreeError, match="outside"):
        unpack(archive, target)
    assert [path.name for path in tmp_path.rglob("*.md")] == []


def test_links_are_left_out(tmp_path: Path) -> None:
    archive = tmp_path / "docs.zip"
    with zipfile.ZipFile(archive, "w") as file:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("a.md", "A")
    with opened(archive) as folder:
        assert [path.name for path in folder.iterdir()] == ["a.md"]


def test_a_bomb_is_stopped_while_it_goes_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MAX_BYTES", 1_000_000)
    archive = zipped(tmp_path / "bomb.zip", {f"{number}.md": bytes(400_000) for number in range(5)})
    with pytest.raises(UnusableTreeError, match="more than 1 MB"):
        unpack(archive, tmp_path / "in")
    assert sum(path.stat().st_size for path in (tmp_path / "in").iterdir()) <= 1_100_000


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MAX_FILES", 3)
    archive = zipped(tmp_path / "many.zip", {f"{number}.md": b"" for number in range(4)})
    with pytest.raises(UnusableTreeError, match="more than 3 files"):
        unpack(archive, tmp_path / "in")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 but no zip", b"# Markdown"])
def test_what_is_no_zip_file_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "docs.zip").write_bytes(data)
    with pytest.raises(UnusableTreeError, match="cannot be read"), opened(tmp_path / "docs.zip"):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% /tmp/x", "file:///etc", "/etc", "--upload-pack=touch /tmp/x", "http://plain.example.com/x.git",
        "https://", "", "git://x/y", "https://x/'y", "ssh://-oProxyCommand=x/y z",
        "ssh://good.example.com?@evil/x", "ssh://good%40evil%2F@good.example.com/x", "https://a@b@evil/x", "-x@host:y",
    ],
)  # fmt: skip
def test_git_is_not_asked_for_everything(url: str) -> None:
    with pytest.raises(UnusableTreeError):
        check_source(url, "")


@pytest.mark.parametrize("branch", ["--upload-pack=x", "a b", "x\ny", "a:b", "^a"])
def test_a_branch_is_a_name(branch: str) -> None:
    with pytest.raises(UnusableTreeError):
        check_source("https://git.example.com/a.git", branch)


@pytest.mark.parametrize(
    "url", ["https://git.example.com/a/b.git", "ssh://git@host:2222/a", "git@host.example.com:a/b.git"]
)
def test_usual_addresses_are_taken(url: str) -> None:
    check_source(url, "release/1.2")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository on this machine, which only a test may fetch from."""
    place = tmp_path / "origin"
    place.mkdir()
    monkeypatch.setattr(trees, "check_source", lambda _url, _branch: None)
    real = trees._git

    def local(*arguments: str, env: dict[str, str] | None = None) -> str:
        return real("-c", "protocol.file.allow=always", *arguments, env=env)

    monkeypatch.setattr(trees, "_git", local)
    for command in (
        ["init", "-q", "-b", "main"],
        ["config", "user.email", "a@example.com"],
        ["config", "user.name", "A"],
    ):
        subprocess.run(["git", *command], cwd=place, check=True)
    return place


def commit(place: Path, **files: str) -> None:
    for name, text in files.items():
        (place / f"{name}.md").write_text(text)
    subprocess.run(["git", "add", "-A"], cwd=place, check=True)
    subprocess.run(["git", "commit", "-qm", "x"], cwd=place, check=True)


def test_a_repository_is_fetched_and_fetched_again(repository: Path, tmp_path: Path) -> None:
    commit(repository, a="A")
    (repository / "link.md").symlink_to("/etc/passwd")
    commit(repository, b="B")
    first = trees.fetch(str(repository), "", tmp_path / "copy")
    trees.check_out(tmp_path / "copy", first, tmp_path / "one")
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["a.md", "b.md", "link.md"]
    assert not (tmp_path / "one" / "link.md").is_symlink()
    commit(repository, a="A again")
    second = trees.fetch(str(repository), "main", tmp_path / "copy")
    trees.check_out(tmp_path / "copy", second, tmp_path / "two")
    assert (first != second, (tmp_path / "two" / "a.md").read_text()) == (True, "A again")


def test_what_git_says_is_handed_on_without_passwords(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(UnusableTreeError, match="Git says"):
        trees.fetch(str(tmp_path / "nowhere"), "", tmp_path / "copy")
    assert trees.without_secrets("fatal: https://me:secret@host/x") == "fatal: https://…@host/x"


def test_a_filter_of_whoever_runs_the_site_is_not_run(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (repository / ".gitattributes").write_text("*.md filter=evil")
    commit(repository, a="A")
    monkeypatch.setenv("HOME", str(home))
    (home / ".gitconfig").write_text(f'[filter "evil"]\n smudge = touch {home}/ran; cat\n required = true\n')
    got = trees.fetch(str(repository), "", tmp_path / "copy")
    trees.check_out(tmp_path / "copy", got, tmp_path / "one")
    assert (tmp_path / "one" / "a.md").read_text() == "A"
    assert not (home / "ran").exists()


def made(place: Path, command: str, text: str) -> str:
    done = subprocess.run(["git", *command.split()], cwd=place, input=text, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("innermost", ["", "100644 blob {}\ta.md\n"])
def test_trees_that_hold_each_other_are_refused_before_they_grow(
    repository: Path, tmp_path: Path, innermost: str
) -> None:
    blob = made(repository, "hash-object -w --stdin", "A")
    tree = made(repository, "mktree", innermost.format(blob))
    for _level in range(12):
        tree = made(repository, "mktree", "".join(f"040000 tree {tree}\t{number}\n" for number in range(10)))
    made(repository, "update-ref refs/heads/main " + made(repository, f"commit-tree -m bomb {tree}", ""), "")
    got = trees.fetch(str(repository), "main", tmp_path / "copy")
    with pytest.raises(UnusableTreeError, match="more than 20,000 files"):
        trees.check_out(tmp_path / "copy", got, tmp_path / "one")
    assert not (tmp_path / "one").exists()


def test_a_repository_holds_no_more_than_a_zip_file(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repository, a="A" * 600_000, b="B" * 600_000)
    got = trees.fetch(str(repository), "main", tmp_path / "copy")
    monkeypatch.setattr(trees, "MAX_BYTES", 1_000_000)
    with pytest.raises(UnusableTreeError, match="Follow a smaller one"):
        trees.check_out(tmp_path / "copy", got, tmp_path / "one")

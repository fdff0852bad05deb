"""Run by `make` with the machine's own Python, before anything is installed: is there all that it takes?

Standard library only, and no syntax that an old Python could not read: it has to be able to say that it is too old.
"""

import os
import sys

NEEDED = (3, 11)


def main() -> "str | None":
    """Return a sentence that says what to do, or nothing where all is well."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if sys.version_info < NEEDED:
        return "Guildhall needs Python 3.11 or later, and {} is {}.{}. Install a newer one and name it: make {} PYTHON=python3.12".format(
            sys.executable, sys.version_info[0], sys.version_info[1], " ".join(sys.argv[1:]) or "run"
        )
    try:
        __import__("venv")
        __import__("ensurepip")
    except ImportError:
        return "This Python cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv"
    data = os.environ.get("DATA_DIR") or os.path.join(folder, "var")
    for path in (folder, _existing(data)):
        if not os.access(path, os.W_OK) or _is_read_only(path):
            return "The folder {} cannot be written to. Move Guildhall to one that can, or set DATA_DIR.".format(path)
    return None


def _existing(path: str) -> str:
    """`path`, or the nearest folder above it that is there."""
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _is_read_only(path: str) -> bool:
    return bool(os.statvfs(path).f_flag & os.ST_RDONLY)


if __name__ == "__main__":
    sys.exit(main())

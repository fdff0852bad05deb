"""Style sheets, scripts and pictures: built once for each state of `static/`, served for ever under a hash of it.

The style sheets become one file in cascade order, the scripts another, and both are compressed when they are built,
so that a page needs few requests and the server no work. What only a few pages need, and much of it (`css/pages/`,
`js/pages/`), those ask for themselves. `static/vendor/` holds what npm brought, if it was there.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from app.config import ROOT, Config

SOURCE = ROOT / "static"
CSS_ORDER = ("reset.css", "tokens.css", "base.css", "layout.css", "components/*.css", "features/*.css")
LAYERS = "@layer reset, tokens, base, layout, components, features;\n"
HTMX = "vendor/htmx.min.js"
TOOLBAR = "vendor/markdown-toolbar.js"


def init_app(app: Flask) -> None:
    config: Config = app.config["GUILDHALL"]
    folder = build(config.data_dir)
    prefix = f"static/{folder.name}/"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix=prefix,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
    )
    app.jinja_env.globals.update(
        asset=lambda name: f"/{prefix}{name}",
        has_htmx=(folder / HTMX).exists(),
        has_toolbar=(folder / TOOLBAR).exists(),
    )


def build(data_dir: Path) -> Path:
    """The folder with the built assets for the present state of `static/`, made if it is not there yet."""
    files = sorted(path for path in SOURCE.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(SOURCE)).encode() + b"\0" + path.read_bytes())
    target = data_dir / "static" / digest.hexdigest()[:12]
    if not target.exists():
        _build_into(target, files)
    return target


def _build_into(target: Path, files: list[Path]) -> None:
    fresh = target.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "vendor").mkdir(parents=True)
    (fresh / "pages").mkdir()
    (fresh / "app.css").write_text(_bundle_css(), encoding="utf-8")
    for path in (SOURCE / "css" / "pages").glob("*.css"):
        (fresh / "pages" / path.name).write_text(_shortened(path.read_text(encoding="utf-8")), encoding="utf-8")
    for path in (SOURCE / "js" / "pages").glob("*.js"):
        # A module has names of its own.
        shutil.copyfile(path, fresh / "pages" / path.name)
    for folder in (path for path in (SOURCE / "js" / "pages").iterdir() if path.is_dir()):
        # A script in several files is one module: they share their names, and come in the order of the alphabet.
        pieces = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js"))]
        (fresh / "pages" / f"{folder.name}.js").write_text("".join(pieces), encoding="utf-8")
    (fresh / "app.js").write_text(_bundle_js(), encoding="utf-8")
    for path in files:
        name = path.relative_to(SOURCE)
        if name.parts[0] not in {"css", "js"}:
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, fresh / name)
    compressor = Compressor(quiet=True)
    for path in list(fresh.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            list(compressor.compress(str(path)))
    # Another process may have been quicker; then its result is the same and stays.
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)


def _bundle_css() -> str:
    paths = [path for pattern in CSS_ORDER for path in sorted((SOURCE / "css").glob(pattern))]
    return LAYERS + _shortened("".join(path.read_text(encoding="utf-8") for path in paths))


def _shortened(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\n\s*", "\n", text)


def _bundle_js() -> str:
    """Every script in a block of its own, so that their names do not meet."""
    paths = sorted((SOURCE / "js").glob("*.js"))
    return "".join(f"{{\n{path.read_text(encoding='utf-8')}}}\n" for path in paths)

"""The names that search finds by each other: `content/glossary.yaml`, as editors have changed it and added to it here.

`file` reads and checks the file, `service` is what editors do, `current` puts the two together, and `lookup` is the
`Glossary` that comes of it, which search asks.
"""

from app.search.glossary.current import current_glossary, init_app
from app.search.glossary.entry import Entry
from app.search.glossary.lookup import Glossary

__all__ = ["Entry", "Glossary", "current_glossary", "init_app"]

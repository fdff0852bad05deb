"""What programs that print are made of: fonts for nearly any script, lines of text, a page (docs/adr/0014).

Nothing here knows the site. Only such programs import it, and each is a process of its own: no web process ever loads the
library for PDFs.
"""

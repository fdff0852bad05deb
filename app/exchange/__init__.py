"""What goes in and out as files and feeds: import, export, Atom, Markdown beside every page."""

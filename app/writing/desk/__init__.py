"""The writing desk: how any kind of text is written, with everything that keeps what was typed from being lost."""

"""Pictures that belong to articles, kept under the hash of what they contain."""

"""Search as people and programs get it: `views` are pages, `program_views` JSON and OpenSearch, over the same `address`,
`facets` and `ways_out`; `recent` is what a person searched for.
"""

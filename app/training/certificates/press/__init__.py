"""Printing certificates: a program of its own, which reads what they say from its input and writes PDFs to its output.

    python -m app.training.certificates.press < sheets.json > papers.json

It knows neither the site nor its database. The libraries and the fonts it needs take 0.3 s and 20 MB to load, and printing up
to 154 MB; none of that ever gets into a web process or stays in the worker (docs/adr/0014).
"""

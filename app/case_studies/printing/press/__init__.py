"""Printing case studies: a program of its own, which reads what they say from its input and writes PDFs to its output.

    python -m app.case_studies.printing.press < sheets.json > papers.json

It knows neither the site nor its database, and bounds itself in time and memory (docs/adr/0014).
"""

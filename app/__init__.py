"""Guildhall: practices, coaches, trainings and case studies of a company's engineers.

The way in is `app.factory.create_app`. Nothing imports from this package root.
"""

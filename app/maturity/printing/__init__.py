"""Standings as PDF, as a workbook, and with all their evidence."""

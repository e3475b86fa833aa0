"""Bulk scoring: rows of a file, or stored leads, in; scores with their reasons out."""

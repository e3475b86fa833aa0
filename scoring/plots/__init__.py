"""Plots as inline SVG: no script, no library, readable in print and in the dark.

Colours come from the page: text and axes are `currentColor`, the rest are classes that
`templates/scoring/report/style.css` paints.
"""

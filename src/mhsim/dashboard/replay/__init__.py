"""The moving picture: a history recorded week by week, what the browser needs of it, and the widget that plays it.

Nothing heavy is imported here.
"""

"""The dashboard: pages in a browser that students explore, trainers teach with and researchers open results in.

What a page shows is a pure function of its address. The server lives whole histories; the browser plays them.
Nothing heavy is imported here, and nothing else of the package imports this room but the command line.
"""

"""The dashboard: pages in a browser that students explore, trainers teach with and researchers open results in.

What a page shows is a pure function of its address. The server lives whole histories; the browser plays them.
Nothing heavy is imported here. Besides the command line only `building` and `export` look in: pages that need no server
hold the same words and the same modules.
"""

from pathlib import Path

BROWSER_FILES = Path(__file__).parent / "browser"
"""What runs in the browser: modules and styles of the pages, and of the widgets in them."""

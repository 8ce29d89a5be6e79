"""A page that needs no server: engine, scenarios and pages in one file, or in a folder for any web server."""

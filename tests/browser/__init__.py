"""Tests in a real browser: the dashboard as people meet it."""

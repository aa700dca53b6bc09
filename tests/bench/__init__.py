"""Measurements on the real server: run by hand, each by one command, not collected by pytest."""

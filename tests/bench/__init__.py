"""Measurements on the real server, run by hand with one command each; pytest does not collect them."""

"""Limits of the chat that no operator needs to set. Those that one may set are in greenenergy/config/operator_settings.py."""

TEXT_LIMIT = 2000  # characters of one line
TYPING_SECONDS = (
    6  # a typing notice that is not renewed ends after this; the scripts get the number from the server
)
MAX_EARLIER_PAGES = 20  # that the visitor saw before; older ones are dropped

LINES_OF_A_THREAD = 200  # in one answer to the desk; earlier ones are fetched on demand
LINES_OF_AN_OPENED_PANEL = 100
FOUND_THREADS = 50  # of a search at the desk

# Visitors of one IP address in an hour who agreed and wrote nothing: a page agrees with the first line, a flood does not write.
SILENT_VISITORS = 600

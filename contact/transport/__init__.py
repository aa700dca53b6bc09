"""How lines reach a browser at once. The database is the truth; a knock only names the conversation to read.

Knocks and new streams go into one work queue. The reader, one thread of a process, takes from it which conversations
changed, reads them all in a few queries, and hands them to the registry, which runs on the event loop and sends each
stream what it does not hold yet. A change whose knock was lost is found by a sweep each second.
"""

from .door import ChatDoor

__all__ = ["ChatDoor"]

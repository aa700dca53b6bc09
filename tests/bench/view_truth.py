"""What the view counter should have counted, and how far the stored and the shown numbers are from it."""

import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone

from tests.bench.view_requests import COUNTED

SLOT_SECONDS = 1800
SHANGHAI = timezone(timedelta(hours=8))


class Truth:
    """Views by article and day, computed from the requests that were answered, apart from the site's code.

    A visitor counts once per article and half-hour, and at most `cap` new visitors per article, IP address and
    half-hour.
    """

    def __init__(self, cap):
        self._cap = cap
        self._agents = defaultdict(set)
        self.days = Counter()  # by (article, day)
        self.known_at = defaultdict(list)  # by article: when the first, second, … view was acknowledged

    def acknowledge(self, request, slot):
        """Count a request that was answered; `slot` is the half-hour in which it was sent."""
        agents = self._agents[slot, request.article, request.network]
        if request.kind in COUNTED and request.agent not in agents and len(agents) < self._cap:
            agents.add(request.agent)
            day = datetime.fromtimestamp(slot * SLOT_SECONDS, SHANGHAI).date()
            self.days[request.article, str(day)] += 1
            self.known_at[request.article].append(time.monotonic())

    def totals(self):
        return {article: len(moments) for article, moments in self.known_at.items()}

    def differences(self, stored):
        """(articles with a wrong total, wrong days, views too few or too many in all); `stored` is from the site."""
        totals, expected = dict(map(tuple, stored["totals"])), self.totals()
        articles = totals.keys() | expected.keys()
        off = [abs(totals.get(article, 0) - expected.get(article, 0)) for article in articles]
        days = {(article, day): views for article, day, views in stored["days"]}
        wrong_days = [key for key in days.keys() | self.days if days.get(key) != self.days.get(key)]
        return sum(map(bool, off)), len(wrong_days), sum(off)


class ShownViews:
    """The numbers that pages have shown: how often one fell, and how old they were."""

    def __init__(self, truth, initial_views):
        self._truth, self._initial_views = truth, initial_views
        self.largest = Counter()  # by article
        self.pages = self.fell = 0
        self.oldest = Counter()  # seconds, by the name of the client that read them

    def check(self, client, article, number, requested_at, floor):
        """Note one shown number. `floor` is the largest that had arrived when this page was requested."""
        self.pages += 1
        self.fell += number < floor
        self.largest[article] = max(self.largest[article], number)
        known_at = self._truth.known_at[article]
        missing = number - self._initial_views  # index of the first view that the number does not contain
        if missing < len(known_at):
            self.oldest[client] = max(self.oldest[client], requested_at - known_at[missing])

"""Crawlers, recognised by their User-Agent: their requests are no views."""

import re

# Crawlers, link previews and monitors identify themselves. An HTTP library that does not counts as a reader: apps show
# articles in the same way, and one IP address can add no more than VIEWS_PER_ADDRESS.
_CRAWLER = re.compile(
    r"(?<!cu)bot\b|spider|crawl|slurp|facebookexternalhit|whatsapp|embedly|preview|lighthouse|pingdom|uptime"
    r"|monitor|scrapy|feedfetcher|feedly|inoreader|archiver|mediapartners|yisou|sogou web|validator|nutch",
    re.IGNORECASE,
)  # CUBOT makes phones


def is_crawler(agent: str) -> bool:
    return bool(_CRAWLER.search(agent))

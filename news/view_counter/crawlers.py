"""Crawlers, recognised by their User-Agent: their requests are no views."""

import re

# Crawlers, link previews and monitors identify themselves; HTTP libraries and browsers without a screen by their names.
_CRAWLER = re.compile(
    r"(?<!cu)bot\b|spider|crawl|slurp|facebookexternalhit|whatsapp|embedly|preview|lighthouse|pingdom|uptime"
    r"|monitor|scrapy|feedfetcher|feedly|inoreader|archiver|mediapartners|yisou|sogou web|validator|nutch"
    r"|headless|phantomjs|puppeteer|playwright|selenium|httrack|scanner|nmap|nuclei|censys|zgrab|masscan"
    # A program at the beginning; apps add a library's name behind their own.
    r"|^(curl|wget|lwp|libwww|python|aiohttp|httpx|go-http|go-resty|java/|apache-http|okhttp|jakarta|node|axios|undici|got "
    r"|ruby|faraday|php|guzzle|perl|httpie|postman|insomnia|winhttp|dart|rust|reqwest|powershell|libcurl|colly|restsharp)",
    re.IGNORECASE,
)  # CUBOT makes phones


def is_crawler(agent: str) -> bool:
    """Whether no person reads with it; nor with a program that does not say what it is."""
    return not agent.strip() or bool(_CRAWLER.search(agent))

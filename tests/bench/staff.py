"""An editor at work: the admin's article form, fetched once and submitted again and again with another title."""

import http.client
import threading
import time
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlencode

from tests.bench.sites import session_of

CSRF_TOKEN = "t" * 32


class Save(NamedTuple):
    """`article` was saved for the `number`-th time. Seconds are those of time.monotonic()."""

    article: int
    number: int
    begun: float
    answered: float


def title(article: int, number: int) -> str:
    """A title that TITLE finds in any page that shows it."""
    return f"测量{article}第{number}次"


TITLE = r"测量(\d+)第(\d+)次"


class Editor:
    """A session of a superuser on a running site."""

    def __init__(self, site):
        self._site, self._forms, self._numbers = site, {}, {}
        self._cookie = f"sessionid={session_of(site, 'editor')}; csrftoken={CSRF_TOKEN}"
        self._connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)

    def save(self, article: int) -> Save:
        """Submit the article's form with its next title. Raises RuntimeError where the answer is no redirect."""
        fields = self._forms.get(article) or self._open(article)
        number = self._numbers[article] = self._numbers.get(article, 0) + 1
        fields = {**fields, "title": title(article, number)}
        begun = time.monotonic()
        status, body = self._send("POST", article, urlencode(fields, doseq=True))
        answered = time.monotonic()
        if status != 302:
            raise RuntimeError(f"the form of article {article} was refused: {status} {body[:2000]}")
        return Save(article, number, begun, answered)

    def _open(self, article):
        status, body = self._send("GET", article)
        if status != 200:
            raise RuntimeError(f"no form for article {article}: {status}")
        form = _Form()
        form.feed(body)
        # The form is submitted again and again, so it conflicts with what it saved itself.
        self._forms[article] = {**form.fields, "csrfmiddlewaretoken": CSRF_TOKEN, "overwrite": "on"}
        return self._forms[article]

    def _send(self, method, article, body=None):
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        if method == "POST":
            headers["Origin"] = self._site.address
        self._connection.request(method, f"/admin/news/article/{article}/change/", body, headers)
        response = self._connection.getresponse()
        return response.status, response.read().decode()


class SavingThread(threading.Thread):
    """Saves these articles in turn, one every `every` seconds, until `end()`. An error ends it."""

    def __init__(self, editor: Editor, articles, every: float = 1):
        super().__init__(name="editor", daemon=True)
        self._editor, self._articles, self._every = editor, articles, every
        self._stopping, self.saves, self._error = threading.Event(), [], None

    def run(self):
        due = time.monotonic()
        try:
            while not self._stopping.wait(max(0, due - time.monotonic())):
                self.saves.append(self._editor.save(next(self._articles)))
                due += self._every
        except Exception as error:  # raised by end()
            self._error = error

    def end(self) -> list[Save]:
        """Stop; all saves. Raises the error that ended the thread early."""
        self._stopping.set()
        self.join()
        if self._error:
            raise self._error
        return self.saves


class _Form(HTMLParser):
    """The fields of the article's form, by name, as a browser would send them; buttons and files left out."""

    _NOT_SENT = ("submit", "button", "file", "image", "reset")

    def __init__(self):
        super().__init__()
        self.fields, self._is_inside, self._textarea, self._select = {}, False, None, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name, kind = attributes.get("name"), attributes.get("type", "text")
        if tag == "form":
            self._is_inside = attributes.get("id") == "article_form"
        elif not self._is_inside:
            return
        elif tag == "input" and name and kind not in self._NOT_SENT:
            if kind not in ("checkbox", "radio") or "checked" in attributes:
                self.fields[name] = attributes.get("value", "on" if kind == "checkbox" else "")
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in attributes:
            self.fields.setdefault(self._select, []).append(attributes.get("value", ""))

    def handle_data(self, data):
        if self._textarea:
            self.fields[self._textarea] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_inside = False
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None

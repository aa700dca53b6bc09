"""Automatic checks of accessibility."""

from axe_playwright_python.sync_playwright import Axe


def violations(page, options=None, context=None):
    """[(rule, pieces of HTML)]; `context` is a selector where only a part of the page is ours."""
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}, **(options or {})}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]

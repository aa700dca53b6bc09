"""Plain fallbacks in front of `var()`: every way in which our style sheets may write one."""

import pytest

from greenenergy.serving.css_fallbacks import TokenError, light_tokens, with_plain_values

TOKENS = {
    "--ink": "#111",
    "--line": "#ddd",
    "--space": "16px",
    "--edge": "1px solid var(--line)",
    "--shadow": "0 6px 24px rgba(0, 0, 0, 0.16)",
}


@pytest.mark.parametrize(
    ("source", "collected"),
    [
        ("a { color: var(--ink); }", "a { color: #111; color: var(--ink); }"),
        ("a { color: var(--ink) }", "a { color: #111; color: var(--ink) }"),
        ("a{color:var(--ink)}", "a{color: #111;color:var(--ink)}"),
        (
            "a {\n  top: 0;\n  color: var( --ink );\n}",
            "a {\n  top: 0;\n  color: #111;\n  color: var( --ink );\n}",
        ),
        (
            "a { color: var(--ink) !important; }",
            "a { color: #111 !important; color: var(--ink) !important; }",
        ),
        (
            "a { border: 1px solid var(--line); }",
            "a { border: 1px solid #ddd; border: 1px solid var(--line); }",
        ),
        (
            "a { padding: var(--space) calc(2 * (var(--space) + 1px)); }",
            "a { padding: 16px calc(2 * (16px + 1px)); padding: var(--space) calc(2 * (var(--space) + 1px)); }",
        ),
        (
            "a { box-shadow: var(--shadow); }",
            "a { box-shadow: 0 6px 24px rgba(0, 0, 0, 0.16); box-shadow: var(--shadow); }",
        ),
        (
            "a { /* as text */ color: /* not */ var(--ink) /* var(--inc) */; }",
            "a { /* as text */ color: #111; color: /* not */ var(--ink) /* var(--inc) */; }",
        ),
        ("a { border: var(--edge); }", "a { border: 1px solid #ddd; border: var(--edge); }"),
    ],
)
def test_the_plain_value_stands_in_front(source, collected):
    assert with_plain_values(source, TOKENS) == collected


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("var(--space, 4px)", "16px"),
        ("var(--own, 4px)", "4px"),
        ("var(--own, calc(1px + (2px * 3)))", "calc(1px + (2px * 3))"),
        ("var(--own, var(--space))", "16px"),
        ("var(--own, var(--own-too, rgba(0, 0, 0, 0.5)))", "rgba(0, 0, 0, 0.5)"),
        ("0 var(--own,) 1px", "0  1px"),
    ],
)
def test_the_fallback_of_var_is_used_where_there_is_no_token(value, plain):
    assert with_plain_values(f"a {{ top: {value}; }}", TOKENS) == f"a {{ top: {plain}; top: {value}; }}"


@pytest.mark.parametrize(
    "source",
    [
        "a { color: red; }",
        "a { --own: var(--ink); }",
        "a { color: red; top: 0; color: var(--ink); }",
        "@supports (color: var(--ink)) { a { color: red; } }",
        '@import url("x;color:var(--ink).css");',
        "/* a { color: var(--ink); } */",
        "a { /* color: var(--ink); */ top: 0; }",
    ],
)
def test_nothing_is_added_where_nothing_is_missing(source):
    assert with_plain_values(source, TOKENS) == source


def test_a_fallback_written_by_hand_counts_in_its_own_block_only():
    source = "a { color: red; } b { color: var(--ink); } c { color: red; c d {} } e { color: var(--ink) }"
    assert with_plain_values(source, TOKENS).count("#111") == 2


@pytest.mark.parametrize(
    "context", ["@media print", "@supports (display: grid)", "@layer parts", "@media a { @layer b"]
)
def test_rules_within_at_rules_get_theirs(context):
    inner = "a { color: var(--ink); }"
    closing = "}" * context.count("{") + "}"
    assert with_plain_values(f"{context} {{ {inner} {closing}", TOKENS) == (
        f"{context} {{ a {{ color: #111; color: var(--ink); }} {closing}"
    )


@pytest.mark.parametrize(
    "before",
    [
        "/* an open { and a ; and an apostrophe's */",
        'content: "} ; \\" {";',
        "content: '/*';",
        "background: url(data:image/png;base64,AA{);",
    ],
)
def test_braces_and_semicolons_in_comments_strings_and_urls_do_not_end_a_declaration(before):
    source = f"a {{ {before} color: var(--ink); }}"
    assert with_plain_values(source, TOKENS) == source.replace("color:", "color: #111; color:")
    by_hand = f"a {{ color: red; {before} color: var(--ink); }}"
    assert with_plain_values(by_hand, TOKENS) == by_hand


@pytest.mark.parametrize(
    "value", ["var(--inc)", "1px solid var(--inc)", "var(--own, var(--inc))", "var(ink)", "var(--ink"]
)
def test_a_misspelt_token_is_an_error(value):
    with pytest.raises(TokenError, match=r"var\("):
        with_plain_values(f"a {{ color: {value}; }}", TOKENS)


def test_tokens_that_refer_to_each_other_are_an_error():
    with pytest.raises(TokenError, match="--one"):
        with_plain_values("a { top: var(--one); }", {"--one": "var(--two)", "--two": "var(--one)"})


def test_tokens_are_those_of_the_root_outside_at_rules():
    css = """
      /* :root { --ink: blue; } */
      :root { --ink: #111; /* why; */ --font: "a;b", serif; color: red; --last: 0 }
      @media (prefers-color-scheme: dark) { :root { --ink: #eee; --dark: 1; } }
      .care { --ink: #000; }
    """
    assert light_tokens(css) == {"--ink": "#111", "--font": '"a;b", serif', "--last": "0"}

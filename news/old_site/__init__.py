"""Moving in the articles of an old site: saved pages, CSV and JSON lines become articles.

characters   bytes to text; the dates and numbers that old pages write
blocks       paragraphs, headings, lists, …: what text and HTML pages have in common
markup       HTML to blocks
pages        blocks to an OldPage: title, date, 人气, section, tags and body, without the rest
records      CSV and JSON to OldPages, row by row
importing    OldPages to articles; the only module here that knows the database
"""

"""Importing an old site: saved pages, CSV and JSON lines become articles. Each module uses only those above it.

characters      bytes to text; the dates and numbers that old pages write
tree            a saved page's markup, cleaned and parsed
fragments       small pieces of markup: a paragraph as it is read, lists, tables, pictures
blocks          paragraphs, headings, lists, …: what text and HTML pages have in common
surroundings    what stands around an article: greeting, breadcrumb, buttons, bar and footer
tag_line        the line of tags
meta            the line of date, 人气, source and author
markup          HTML to blocks
pages           blocks to an OldPage: title, date, 人气, section, tags and body, without the rest
records         CSV and JSON to OldPages, row by row
files           which files are read, and what is in one
fields          an OldPage's fields as an article's
saved_pictures  the pictures that were saved beside a page
importing       OldPages to articles in the database
"""

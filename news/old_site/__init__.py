"""Importing an old site: saved pages, CSV and JSON lines become articles. Each module uses only those above it.

characters      bytes to text; numbers
dates           dates, as pages and tables write them
tree            a saved page's markup, cleaned and parsed
blocks          paragraphs, headings, lists, …: what text and HTML pages have in common
fragments       small pieces of markup: a paragraph as it is read, lists, pictures, videos, links to files
surroundings    what stands around an article: greeting, buttons, bar and footer, comments
breadcrumbs     the path of sections above an article
tag_line        the line of tags
labels          发布时间：… 来源：…: the labels of a meta line
names           sources and people in it, labelled or not
meta            the line of date, 人气, source and author
tables          which tables hold data, and which lay out a page
markup          HTML to blocks
page_head       what <head> says of the article, and the page's old URL
headline        the headline, which anchors the article
layout          where headline and meta line stand
body            the body, without what stands below and inside it
pages           blocks to an OldPage: title, date, 人气, section, tags and body
columns         a row of a table to an OldPage
records         CSV and JSON, row by row
sheets          tables of HTML that are named .xls
files           which files are read, and what is in one
fields          an OldPage's fields as an article's
identity        which pages are the same article
sections        the sections of imported articles
saved_site      the file that a URL of a saved page means
saved_pictures, saved_attachments   what comes along with a page
importing       OldPages to articles in the database
"""

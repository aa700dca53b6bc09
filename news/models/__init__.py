from .article_queryset import ArticleQuerySet
from .articles import Article
from .attachments import Attachment
from .searches import SearchedWord
from .tag_names import split_tags
from .tags import Tag
from .view_counts import DailyViews, FoldedJournal, ViewTotal, Visit, VisitorKey

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Attachment",
    "DailyViews",
    "FoldedJournal",
    "SearchedWord",
    "Tag",
    "ViewTotal",
    "Visit",
    "VisitorKey",
    "split_tags",
]

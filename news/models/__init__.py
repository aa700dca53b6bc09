from .article_queryset import ArticleQuerySet
from .articles import Article
from .attachments import Attachment
from .searches import SearchedWord
from .tags import Tag, split_tags
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

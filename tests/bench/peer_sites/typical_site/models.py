from django.db import models

from tests.bench.peer_sites.content import CompanyFields


class Company(CompanyFields):
    def __str__(self):
        return self.name


class Category(models.Model):
    name = models.CharField(max_length=50)
    slug = models.SlugField(unique=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=50, unique=True)

    def __str__(self):
        return self.name


class Article(models.Model):
    title = models.CharField(max_length=200)
    category = models.ForeignKey(Category, models.CASCADE)
    tags = models.ManyToManyField(Tag)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    cover = models.ImageField(upload_to="covers", blank=True)
    views = models.PositiveIntegerField(default=0, db_index=True)
    is_published = models.BooleanField(default=True)
    published_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-published_at"]

    def __str__(self):
        return self.title

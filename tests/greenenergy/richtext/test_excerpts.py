"""What lists and search read of a rich text."""

import pytest

from tests.factories import make_article


@pytest.mark.django_db
def test_what_lists_and_search_read_is_made_from_the_body():
    article = make_article(
        "一",
        body="<h2>要&lt;点</h2><p>第一段&amp;<b>粗</b>体</p><table><tr><td>甲</td><td>乙</td></tr></table>",
    )
    assert article.body_text.split() == ["要<点", "第一段&粗体", "甲", "乙"]
    assert article.body_excerpt == "第一段&粗体"  # headings and tables are no sentences
    article.body = "<p>第一句。</p><p>Second one.</p><p>第三句</p>"
    article.save()
    assert article.body_excerpt == "第一句。Second one. 第三句"
    article.body = (
        "<figure><img src='/media/a.png'><figcaption>示意图</figcaption></figure><p>要点：</p><ul><li>少用</li>"
        "<li><p>填<b>谷</b></p></li><li>卖电！</li></ul><p>之后</p><ol><li>甲</li><li></li><li>乙丙</li></ol>"
    )
    article.save()
    assert article.body_excerpt == "要点：少用；填谷；卖电！之后 甲；乙丙。"
    article.body = "<h2>只有标题</h2>"
    article.save()
    assert article.body_excerpt == "只有标题"
    article.body = "<p>" + "长" * 300 + "</p>"
    article.save()
    assert article.body_excerpt == "长" * 120 + "…"
    assert article.body_picture == ""

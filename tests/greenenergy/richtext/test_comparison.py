"""Two rich texts that look alike are the same, and a real difference is one."""

import pytest

from greenenergy.richtext.comparison import is_same_text


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("<p>一</p><p>二</p>", "<p>一</p>\r\n\r\n<p>二</p>\r\n"),
        ("<p>甲 <b>乙</b> <i>丙</i></p>", "<p>甲 <strong>乙</strong> <em>丙</em></p>"),
        ("<p>A &amp; B “C”</p>", "<p>A &amp; B &ldquo;C&rdquo;</p>"),
        ('<p><img src="/a.png" alt="图"></p>', '<p><img alt="图" src="/a.png" /></p>'),
        ('<p><a href="/x" rel="noopener noreferrer">链</a></p>', '<p><a href="/x">链</a></p>'),
        ("<table><tr><td>1</td></tr></table>", "<table>\n\t<tbody>\n\t\t<tr>\n\t\t\t<td>1</td>\n\t\t</tr>\n\t</tbody>\n</table>"),
        ("<ul><li>一</li><li>二</li></ul>", "<ul>\n\t<li>一</li>\n\t<li>二</li>\n</ul>"),
        ("<p>一<br></p><p></p>", "<p>一</p><p>&nbsp;</p>"),
        ("<p>一\n  行</p>", "<p>一 行</p>"),
    ],
)  # fmt: skip
def test_the_same_text(stored, sent):
    assert is_same_text(stored, sent)


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("<p>一</p>", "<p>二</p>"),
        ("<p>一</p>", "<h2>一</h2>"),
        ("<p>一 二</p>", "<p>一二</p>"),
        ("<p>一</p><p>二</p>", "<p>一二</p>"),
        ("<p>一<br>二</p>", "<p>一二</p>"),
        ('<p><a href="/x">链</a></p>', '<p><a href="/y">链</a></p>'),
        ("<p><strong>一</strong></p>", "<p>一</p>"),
        ("<pre>一\n  二</pre>", "<pre>一 二</pre>"),
        ("<p>一</p>", "<p>一</p><p></p>"),
        ('<p class="align-center">一</p>', "<p>一</p>"),
    ],
)
def test_another_text(stored, sent):
    assert not is_same_text(stored, sent)

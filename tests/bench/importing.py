"""Import of an old site: 10,000 saved pages, and how much memory that takes.

    python -m tests.bench.importing [--pages 10000] [--pictures 0.1] [--json FILE] [KIND …]

Nine of ten pages are HTML as the old site's system wrote it, with menus, breadcrumbs and bars around the article; the
tenth is plain text like tests/data/old-site-article.txt. One page in ten has a picture of 600 × 400 beside it, a usual
size on old sites; with its renditions it costs as much as some ten pages.

`import_articles --publish` runs as an operator runs it. Its memory is read at each line of progress, and may never be
more than a tenth above what it was after a fifth of the pages. Then it runs again and must import nothing.
"""

import random
import re
import resource
import subprocess
import sys
import time

from PIL import Image

from news.demo.words import make_article, make_tag_names
from tests.bench.bars import Bar
from tests.bench.command import run_for_kinds
from tests.bench.sites import fresh_site, print_table, resident_kib
from tests.servers import ROOT

MAX_SECONDS, MAX_GROWTH_PERCENT = 120, 10
SECTIONS = ("行业资讯", "公司新闻", "政策法规", "技术前沿")
PICTURE_SIZE = (600, 400)

HTML_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-新能绿源能源科技集团有限公司</title></head><body>
<div class="top">您好，欢迎访问新能绿源能源科技集团有限公司 <a href="tel:13860100641">服务热线</a></div>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/about">关于我们</a></li><li><a href="/news">新闻中心</a></li></ul>
<div class="crumbs"><a href="/">首页</a> &gt; <a href="/news">新闻中心</a> &gt; <a href="/hy">{section}</a></div>
<div class="main"><div class="left"><h1>{title}</h1>
<div class="info"><span>发布时间：{day}</span><span>人气：<i id="hits">{views}</i></span></div>
<div class="content">{picture}{body}</div>
<div class="tags">标签：{tags}</div>
<div class="prev">上一篇：<a href="/1.html">旧闻一则</a></div><div class="next">下一篇：没有了</div>
</div><div class="right"><h3>热点排行</h3><ul><li><a href="/2.html">别的新闻</a></li></ul></div></div>
<div class="bar">在线客服 服务热线 13860100641 微信咨询 返回顶部</div></body></html>
"""
TEXT_PAGE = """您好,欢迎访问新能绿源能源科技集团有限公司
{section}

{title}

发布时间:{day}人气:{views}

{body}

标签:{tags}
在线客服
服务热线

13860100641

微信咨询
新能绿源能源科技集团有限公司
返回顶部
"""


def write_pages(folder, count, share_of_pictures):
    """Write so many pages, a thousand to a folder; returns how many have a picture."""
    rng, pictures = random.Random(7), 0
    topics = make_tag_names()
    for number in range(count):
        parent = folder / f"{number // 1000:03d}"
        parent.mkdir(exist_ok=True)
        title, body = make_article(rng, rng.randint(600, 1800))
        words = {
            "title": f"{title}（{number}）",
            "section": rng.choice(SECTIONS),
            "day": f"{rng.randint(2012, 2024)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            "views": rng.randint(0, 9000),
        }
        tags = rng.sample(topics, rng.randint(0, 3))
        if number % 10 == 0:
            text = re.sub(r"</(?:p|h2)>", "\n\n", body).replace("<p>", "").replace("<h2>", "").strip()
            page = TEXT_PAGE.format(**words, body=text, tags=",".join(tags))
            (parent / f"{number}.txt").write_text(page)
            continue
        picture = ""
        if rng.random() < share_of_pictures * 10 / 9:
            pictures += 1
            write_picture(parent / f"{number}_files" / "a.jpg", number)
            picture = f'<p><img src="{number}_files/a.jpg" alt="现场照片"></p>'
        links = "".join(f'<a href="/t/{tag}">{tag}</a>' for tag in tags)
        page = HTML_PAGE.format(**words, body=body, picture=picture, tags=links)
        (parent / f"{number}.html").write_text(page)
    return pictures


def write_picture(path, seed):
    rng = random.Random(seed)
    bands = [Image.frombytes("L", (40, 27), rng.randbytes(40 * 27)) for _ in range(3)]
    path.parent.mkdir()
    Image.merge("RGB", bands).resize(PICTURE_SIZE, Image.Resampling.BICUBIC).save(path, quality=85)


def import_pages(site, folder):
    """(seconds, CPU seconds, memory in KiB by articles done, the last line of output)."""
    command = [sys.executable, "manage.py", "import_articles", str(folder), "--publish"]
    begin, spent, memory, last = time.perf_counter(), _cpu_of_children(), {}, ""
    with subprocess.Popen(
        command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout:
            done = re.search(r"已处理 (\d+) 篇", line)
            if done:
                memory[int(done[1])] = resident_kib([process.pid])
            last = line.strip()
    assert process.returncode == 0, last
    assert memory, "no line of progress: the command prints one every 500 articles"
    return time.perf_counter() - begin, _cpu_of_children() - spent, memory, last


def _cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def bench(kind, pages, pictures):
    """`pictures` is the share of pages that have one."""
    with fresh_site(kind) as site:
        folder = site.data_dir / "old-site"
        folder.mkdir()
        with_picture = write_pages(folder, pages, pictures)
        seconds, cpu, memory, last = import_pages(site, folder)
        assert f"导入 {pages}，" in last, last
        again, _, _, last_again = import_pages(site, folder)
        assert f"导入 0，跳过 {pages}，" in last_again, last_again
        at_a_fifth = memory[min(memory, key=lambda done: abs(done - pages / 5))]
        growth = max(0, max(memory.values()) / at_a_fifth - 1) * 100
    figures = {
        "site": kind, "pages": pages, "with a picture": with_picture, "seconds": round(seconds), "CPU s": round(cpu),
        "pages/s": round(pages / seconds), "MiB at a fifth": round(at_a_fifth / 1024),
        "MiB at the end": round(memory[max(memory)] / 1024), "peak MiB": round(max(memory.values()) / 1024),
        "again, seconds": round(again),
    }  # fmt: skip
    bars = [
        Bar.at_most(f"import of {pages} pages", round(seconds, 1), MAX_SECONDS, "s"),
        Bar.at_most("memory's growth after a fifth", round(growth, 1), MAX_GROWTH_PERCENT, "%"),
    ]
    print_table([figures])
    return {**figures, "bars": bars}


if __name__ == "__main__":
    raise SystemExit(run_for_kinds(__doc__, bench, pages=10_000, pictures=0.1))

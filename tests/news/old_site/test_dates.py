"""Dates of tables and pages, in the forms that exports and people write."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from news.old_site.dates import find_date, is_no_date, only_date, parse_moment

NINE_THIRTY = datetime(2021, 3, 5, 9, 30)
DAY = datetime(2021, 3, 5)
IN_UTC = datetime(2021, 3, 5, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1614907800", IN_UTC),
        ("1614907800000", IN_UTC),
        ("1614907800.0", IN_UTC),
        ("44260", DAY),
        ("44260.3958333333", NINE_THIRTY),
        ("20210305093000", NINE_THIRTY),
        ("202103050930", NINE_THIRTY),
        ("20210305", DAY),
        ("2021-03-05 09:30:00.000", NINE_THIRTY),
        ("2021-03-05T01:30:00Z", IN_UTC),
        ("2021-03-05 09:30:00 +0800", NINE_THIRTY.replace(tzinfo=timezone(timedelta(hours=8)))),
        ("Fri, 05 Mar 2021 01:30:00 +0000", IN_UTC),
        ("Fri, 05 Mar 2021 01:30:00 GMT", IN_UTC),
        ("Fri Mar 05 09:30:00 CST 2021", NINE_THIRTY),
        ("2021年3月5日 下午3:05", datetime(2021, 3, 5, 15, 5)),
        ("2021/3/5 上午10:22:33", datetime(2021, 3, 5, 10, 22, 33)),
        ("2021/3/5 晚上 11:05", datetime(2021, 3, 5, 23, 5)),
        ("2021/3/5 凌晨12:10", datetime(2021, 3, 5, 0, 10)),
        ("2021/3/5 3:05 PM", datetime(2021, 3, 5, 15, 5)),
        ("2021/3/5 12:10 AM", datetime(2021, 3, 5, 0, 10)),
        ("2021年3月5日（星期五）9:30", NINE_THIRTY),
        ("2021年3月5日星期五", DAY),
        ("2021年3月5日上午9时30分", NINE_THIRTY),
        ("2021年3月5日下午3点", datetime(2021, 3, 5, 15)),
        ("２０２１－０３－０５　０９：３０", NINE_THIRTY),
        ("２０２１０３０５", DAY),
        ("2021-3-5 9:5", datetime(2021, 3, 5, 9, 5)),
        ("2021.3.5", DAY),
        ("21-3-5", DAY),
        ("98/12/31", datetime(1998, 12, 31)),
        ("25/03/2021", datetime(2021, 3, 25)),
        ("03/25/2021 9:30", datetime(2021, 3, 25, 9, 30)),
        ("Mar 5, 2021", DAY),
        ("5th March 2021", DAY),
        ("2021-03-05 24:00:00", datetime(2021, 3, 6)),
        ("二〇二一年三月五日", DAY),
        ("二○二一年十二月二十三日", datetime(2021, 12, 23)),
    ],
)
def test_a_cell_is_read_in_every_form_that_leaves_no_doubt(text, moment):
    assert parse_moment(text) == moment
    assert parse_moment(f" {text} ") == moment


@pytest.mark.parametrize(
    "text",
    [
        "03/05/2021",
        "2021年3月",
        "3月5日",
        "昨天",
        "2021-13-45",
        "2021-02-30",
        "0202-01-01",
        "99999",
        "1",
        "12345678901",
        "下午3:05",
        "2021",
    ],
)
def test_a_cell_that_could_mean_two_days_or_none_is_not_guessed(text):
    assert parse_moment(text) is None


@pytest.mark.parametrize("text", ["", " ", "NULL", "null", "0", "\\N", "0000-00-00 00:00:00", "-"])
def test_some_cells_say_that_there_is_no_date(text):
    assert is_no_date(text)


def test_a_date_is_found_in_a_line_and_other_numbers_are_not():
    assert find_date("编号 20210305-1，2020-13-01，2021年3月5日 09时30分 发布") == NINE_THIRTY
    assert find_date("电话 0592-1234567，3月5日") is None
    assert only_date("2021-03-05 宣传部") is None
    assert only_date("【2021-03-05】") == DAY

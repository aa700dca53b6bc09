"""Phone numbers in the message form: as people type them, and what is said of wrong ones."""

import pytest

from contact.enquiries.phone_numbers import clean_phones
from contact.models import Enquiry
from tests.contact.enquiries.test_enquiries import submit
from tests.factories import make_settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    make_settings()


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        ("13860100641", "13860100641"),
        ("１３８ ６０１０ ０６４１", "13860100641"),
        ("+86 138-6010-0641", "13860100641"),
        ("0592-1234567", "05921234567"),
        ("（0592）1234567", "05921234567"),
        ("400-123-4567", "4001234567"),
        ("+49 30 1234567", "+49301234567"),
        ("8613800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("+86 592 1234567", "05921234567"),
        ("1386010-0641", "13860100641"),
        ("95598", "95598"),
        ("0592-1234567-801", "05921234567转801"),
        ("0592-1234567转801", "05921234567转801"),
        ("（0592）1234567 转 801", "05921234567转801"),
        ("010 88886666 分机8", "01088886666转8"),
        ("400-123-4567转2", "4001234567转2"),
        ("13860100641/0592-1234567", "13860100641、05921234567"),
        ("13860100641 0592-1234567", "13860100641、05921234567"),
        ("138 6010 0641 139 0000 0000", "13860100641、13900000000"),
        ("13860100641、13900000000", "13860100641、13900000000"),
        ("手机：13860100641，座机：0592-1234567-801", "13860100641、05921234567转801"),
        ("13860100641;13860100641", "13860100641"),
    ],
)
def test_phone_numbers_as_people_type_them(phone, stored):
    assert clean_phones(phone) == stored
    assert clean_phones(stored) == stored


@pytest.mark.parametrize(
    ("phone", "word"),
    [
        ("1386010064", "11 位数字，您填了 10 位"),
        ("138601006412", "12 位"),
        ("abc", "微信号"),
        ("1234", "您填了 4 位"),
        ("62345", "区号"),
        ("1234567", "区号"),
        ("10 8888 6666", "区号"),
        ("592-123456", "区号"),
        ("13860100641/1390000", "您填了 7 位"),
        ("、".join(f"1386010064{n}" for n in range(4)), "太多"),
    ],
)
def test_a_wrong_number_is_refused_in_words_and_nothing_typed_is_lost(client, phone, word):
    response = submit(client, phone=phone)
    assert response.status_code == 400
    assert word in response.text
    assert "想装屋顶光伏" in response.text
    assert not Enquiry.objects.exists()

"""Addresses that staff typed lead out of the own network, and nowhere into it, whatever their names resolve to."""

import socket
import threading
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from contact import notifications
from contact.models import Notification, Robot
from greenenergy.serving import outgoing
from greenenergy.serving.outgoing import ForbiddenAddress, check_host

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1",
]  # fmt: skip


@pytest.fixture
def names(monkeypatch):
    """names["robot.example"] = "10.0.0.1": what a name resolves to; numeric addresses resolve to themselves."""
    known, resolve = {}, socket.getaddrinfo

    def lookup(host, port, *args, **options):
        if host in known:
            return resolve(known[host], port, *args, **options)
        return resolve(host, port, *args, **{**options, "flags": socket.AI_NUMERICHOST})

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lookup)
    return known


def form_errors(url):
    with pytest.raises(ValidationError) as error:
        Robot(name="群", kind="wecom", url=url).full_clean()
    return error.value.message_dict["url"]


@pytest.mark.django_db
@pytest.mark.parametrize("ip", PRIVATE)
def test_a_private_address_and_a_name_of_one_are_refused_when_saved(ip, names):
    names["robot.example"] = ip
    host = f"[{ip}]" if ":" in ip else ip
    for url in (f"https://{host}/send?key=1", "https://robot.example/send?key=1", f"http://{host}:9000/"):
        assert "内网" in form_errors(url)[0]


@pytest.mark.django_db
def test_a_public_address_is_saved_and_so_is_a_name_that_does_not_resolve_now(names):
    names["robot.example"] = "93.184.216.34"
    for host in ("robot.example", "unknown.example", "93.184.216.34", "[2606:2800:220:1::1]"):
        Robot(name="群", kind="wecom", url=f"https://{host}/send?key=1").full_clean()
    assert form_errors("https://robot.example:port/")


@pytest.mark.django_db
def test_a_name_that_leads_inside_later_is_not_sent_to(names):
    names["robot.example"] = "127.0.0.1"
    robot = Robot.objects.create(name="群", kind="wecom", url="http://robot.example/send?key=1")
    Notification.objects.create(robot=robot, subject="有访客", text="有访客")
    assert notifications.send_due() == 0
    assert Robot.objects.get().last_fault == "机器人的地址在本机或内网里，不发送"


def test_what_a_setting_allows_is_allowed(names, settings):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, robot_networks=("10.1.0.0/16", "fd00::/8"))
    check_host("10.1.2.3", 443)
    check_host("fd00::1", 443)
    with pytest.raises(ForbiddenAddress):
        check_host("10.2.0.1", 443)


def test_the_connection_goes_to_the_address_that_was_checked(names, settings):
    """The name is resolved once: another answer after the check is never asked for."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, robot_networks=("127.0.0.1/32",))
    names["robot.example"] = "127.0.0.1"
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

        def serve():
            connection, _peer = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://robot.example:{server.getsockname()[1]}/"
        with outgoing.opener().open(url, timeout=5) as response:
            assert response.read() == b"{}"
        thread.join()

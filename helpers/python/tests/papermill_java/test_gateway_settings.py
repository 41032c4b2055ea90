"""What the environment says of a gateway: the variables of jupyter_server's GatewayClient."""

import pytest

from papermill_java.gateway.settings import Settings

URL = "http://Host:8888/hub/"

HEADERS = [
    ({}, {}),
    ({"AUTH_TOKEN": "s3cret"}, {"Authorization": "token s3cret"}),
    ({"AUTH_TOKEN": "s3cret", "AUTH_SCHEME": "Bearer"}, {"Authorization": "Bearer s3cret"}),
    ({"AUTH_TOKEN": "s3cret", "AUTH_SCHEME": "", "AUTH_HEADER_KEY": "X-Key"}, {"X-Key": "s3cret"}),
    ({"HEADERS": '{"X-Team": "fruit"}', "AUTH_TOKEN": "s3cret"}, {"X-Team": "fruit", "Authorization": "token s3cret"}),
]


def settings(url=URL, timeout=None, **environ):
    return Settings.of(url, timeout, {f"JUPYTER_GATEWAY_{name}": value for name, value in environ.items()})


@pytest.mark.parametrize("environ, headers", HEADERS)
def test_headers(environ, headers):
    found = settings(**environ)
    assert found.connection["headers"] == headers
    assert "s3cret" not in repr(found)


def test_the_user_and_password_of_a_url_are_for_the_gateway_alone():
    found = settings("https://me:s%3Acret@host:8888")
    assert (found.connection["auth_username"], found.connection["auth_password"]) == ("me", "s:cret")
    assert (found.url, found.ws_url) == ("https://host:8888", "wss://host:8888")
    assert "cret" not in repr(found)


def test_addresses():
    found = settings()
    assert (found.url, found.ws_url) == ("http://Host:8888/hub", "ws://Host:8888/hub")
    assert settings(WS_URL="ws://other:1/").ws_url == "ws://other:1"
    assert Settings.of(environ={"JUPYTER_GATEWAY_URL": URL}).url == "http://Host:8888/hub"


@pytest.mark.parametrize("text, validate", [(None, True), ("yes", True), ("no", False), ("false", False)])
def test_certificates_are_validated_unless_somebody_says_no(text, validate):
    assert settings(**({"VALIDATE_CERT": text} if text else {})).connection["validate_cert"] is validate


def test_what_the_kernel_is_sent():
    environ = {
        "KERNEL_USERNAME": "me",
        "AWS_REGION": "eu-west-1",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "JUPYTER_GATEWAY_ALLOWED_ENVS": "AWS_REGION,TZ",
    }
    assert Settings.of(URL, None, environ).kernel_env == {
        "KERNEL_USERNAME": "me",
        "AWS_REGION": "eu-west-1",
        "KERNEL_LAUNCH_TIMEOUT": "300",
    }
    assert settings(HTTP_USER="you").kernel_env["KERNEL_USERNAME"] == "you"


def test_the_time_to_start():
    assert settings().launch_timeout == 300
    assert Settings.of(URL, None, {"KERNEL_LAUNCH_TIMEOUT": "90"}).launch_timeout == 90
    given = Settings.of(URL, 20, {"KERNEL_LAUNCH_TIMEOUT": "90"})
    assert (given.launch_timeout, given.kernel_env["KERNEL_LAUNCH_TIMEOUT"]) == (20, "20")

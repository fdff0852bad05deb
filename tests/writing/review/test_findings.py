"""What must not be published is found in either language, and what only looks like it is left in peace."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.writing.review.findings import MAX_FINDINGS, Finding, fold, scan
from app.writing.review.patterns import What
from tests.thorough import examples

WORDS = ("Northwind Trading", "蓝海银行", "Öresund Kredit")
SUFFIXES = (".bank.example.net", "dc1")


def found(text: str) -> list[tuple[What, str]]:
    return [(each.what, each.text) for each in scan([("body", text)], words=WORDS, suffixes=SUFFIXES)]


POSITIVE = [
    # Guarded names, however they are written.
    ("We moved northwind   trading first.", What.CUSTOMER, None),
    ("We moved NORTHWIND TRADING first.", What.CUSTOMER, "NORTHWIND TRADING"),
    ("We moved Northwind\nTrading first.", What.CUSTOMER, "Northwind\nTrading"),
    ("我们为蓝海银行做了迁移。", What.CUSTOMER, "蓝海银行"),
    ("For Öresund kredit it was slow.", What.CUSTOMER, "Öresund kredit"),
    ("ＮＯＲＴＨＷＩＮＤ　ＴＲＡＤＩＮＧ 的项目", What.CUSTOMER, "NORTHWIND TRADING"),
    # Mail
    ("Ask wang.wei@bigbank.cn about it.", What.EMAIL, "wang.wei@bigbank.cn"),
    ("[mail](mailto:Anna.Berg@corp-bank.se)", What.EMAIL, "Anna.Berg@corp-bank.se"),
    ("联系李雷（li.lei+ops@yinhang.com.cn）。", What.EMAIL, "li.lei+ops@yinhang.com.cn"),
    ("发邮件到ｗａｎｇ＠bigbank.cn即可", What.EMAIL, "wang@bigbank.cn"),
    # Chinese identity numbers: GB 11643
    ("身份证11010519491231002X已脱敏", What.IDENTITY, "11010519491231002X"),
    ("id: 11010519491231002x", What.IDENTITY, "11010519491231002x"),
    ("| 姓名 | 310101199003074511 |", What.IDENTITY, None),
    # Cards by network and check digit
    ("Card 4024 0071 0000 1238 was declined", What.CARD, None),
    ("卡6222021001112221转账", What.CARD, None),
    ('`pan = "5432109876543212"`', What.CARD, None),
    # Accounts
    ("Pay to DE44 5001 0517 5407 3249 31 today", What.ACCOUNT, None),
    ("Account number: 1234 5678 9012", What.ACCOUNT, "1234 5678 9012"),
    ("account no. 00123456789", What.ACCOUNT, "00123456789"),
    ("收款账号：6013820800101234567", What.ACCOUNT, "6013820800101234567"),
    ("账户 110 0123 4567 890", What.ACCOUNT, "110 0123 4567 890"),
    # Phones
    ("打13912345678找我", What.PHONE, "13912345678"),
    ("call 139-1234-5678", What.PHONE, "139-1234-5678"),
    ("+86 139 1234 5678", What.PHONE, "+86 139 1234 5678"),
    ("前台 010-88886666 转接", What.PHONE, "010-88886666"),
    ("(0755) 26771234", What.PHONE, "(0755) 26771234"),
    ("London +44 20 7123 4567", What.PHONE, "+44 20 7123 4567"),
    ("+1 (212) 664-3857 in New York", What.PHONE, "+1 (212) 664-3857"),
    ("Tel: 415-664-2671", What.PHONE, "415-664-2671"),
    ("电话：8888 6666", What.PHONE, None),
    # Hosts and addresses of the network
    ("ssh 10.23.4.17", What.HOST, "10.23.4.17"),
    ("http://192.168.3.44:8080/login", What.HOST, "192.168.3.44"),
    ("172.20.1.9 上的服务", What.HOST, "172.20.1.9"),
    ("服务器10.8.0.12已下线", What.HOST, "10.8.0.12"),
    ("10.23.4.0/24", What.HOST, "10.23.4.0"),
    ("fd12:3456:789a::1", What.HOST, "fd12:3456:789a::1"),
    ("https://jenkins.build.corp/job/7", What.HOST, "jenkins.build.corp"),
    ("vault.prod.internal", What.HOST, "vault.prod.internal"),
    ("部署在git-01.local上", What.HOST, None),
    ("ssh db7.bank.example.net", What.HOST, "db7.bank.example.net"),
    ("mq.dc1 is down", What.HOST, "mq.dc1"),
    # Keys, tokens, passwords
    ("-----BEGIN RSA PRIVATE KEY-----", What.KEY, None),
    ("-----BEGIN PRIVATE KEY-----\nMIIE", What.KEY, "-----BEGIN PRIVATE KEY-----"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", What.KEY, None),
    ("-----BEGIN PGP PRIVATE KEY BLOCK-----", What.KEY, None),
    ("aws AKIAQZ7XK3MNP2RLT5VW", What.TOKEN, "AKIAQZ7XK3MNP2RLT5VW"),
    ("ghp_a8Kd03jfLQ92nfmzPq0Xs7vbTyR4uWe1ZcGh", What.TOKEN, None),
    ("glpat-x9Kd03jfLQ92nfmzPq0X", What.TOKEN, None),
    ("xoxb-2401239481-kd93jfk20", What.TOKEN, None),
    (
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3jVmNHl0w5N",
        What.TOKEN,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3jVmNHl0w5N",
    ),
    ("curl -H 'Authorization: Bearer a8Kd03jfLQ92nfmzPq0Xs7'", What.TOKEN, "a8Kd03jfLQ92nfmzPq0Xs7"),
    ("API_KEY=9f8e7d6c5b4a39281706f5e4", What.TOKEN, "9f8e7d6c5b4a39281706f5e4"),
    ("密钥：k7Jd82nQpX04vLmZtR9s", What.TOKEN, "k7Jd82nQpX04vLmZtR9s"),
    ("postgresql://app:s3cr9t!@db/prod", What.PASSWORD, "s3cr9t!"),
    ("https://deploy:Xy7zQ@git.example.com/a.git", What.PASSWORD, "Xy7zQ"),
    ("password: Winter2026!", What.PASSWORD, "Winter2026!"),
    ('"passwd" = "hunter2x"', What.PASSWORD, "hunter2x"),
    ("密码是Abc12345", What.PASSWORD, "Abc12345"),
    # Where somebody lives, what somebody drives
    ("Visit 221 Baker Street any time", What.ADDRESS, "221 Baker Street"),
    ("住址：深圳市南山区科苑路15号", What.ADDRESS, "15号"),
    ("人民大道200号", What.ADDRESS, "200号"),
    ("车牌京A·12345", What.PLATE, "京A·12345"),
    ("粤BD12345新能源", What.PLATE, "粤BD12345"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "what", "exactly"), POSITIVE)
def test_it_is_found(text: str, what: What, exactly: str | None) -> None:
    (only,) = found(text) if text.count("northwind   ") == 0 else found(text.replace("   ", " "))
    assert only[0] is what
    assert exactly is None or only[1] == exactly


@pytest.mark.parametrize(("text", "what"), [(text, what) for text, what, _exactly in POSITIVE])
def test_it_is_found_in_a_block_of_code_and_in_a_table(text: str, what: What) -> None:
    text = text.replace("   ", " ")
    assert [each[0] for each in found(f"Look:\n\n```\n{text}\n```\n")] == [what]
    assert [each[0] for each in found(f"\n\n    {text}\n")] == [what]


NEGATIVE = [
    "Order 20261128093012 was late.",  # fourteen digits
    "订单号20261128093012已发货",
    "Order 62148301234567 has fourteen digits",
    "Ticket 6222021001112225 fails the check digit",
    "工单 4024007100001235",
    "Test card 4111 1111 1111 1111 and 4242424242424242",
    "timestamp 1764324000000",
    "1764324000.123456 seconds",
    "build 2026.11.28.1",
    "version 10.2.1.4 of the driver",
    "v10.0.0.1",
    "版本 10.1.2.3",
    "RFC 5737 keeps 192.0.2.1, 198.51.100.7 and 203.0.113.9 for manuals",
    "Private networks are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16.",
    "8.8.8.8 and 172.32.0.1 are public",
    "127.0.0.1:8000",
    "mail ann@example.com or ben@team.example",
    "git@github.com:org/repo.git",
    "@pytest.fixture and user@host",
    "noreply@service.com",
    "11010519491231002 has seventeen digits",
    "110105194912310021 fails its check",
    "Commit 3f786850e387550fdab836ed7e6dc881de23001b",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uuid 123e4567-e89b-12d3-a456-426614174000",
    "from 12% to 3%, 1,234,567 rows, 3.14159265358979",
    "We took 139 days and 12345678 rows.",
    "在2026年11月28日完成了15839次部署",
    "+1 202 555 0143 is a number for films, +44 7700 900123 too",
    "phone: 555-0142",
    "+25% and +1000",
    "threading.local() and settings.local",
    "self.local = 3",
    "com.acme.internal.Service",
    "sun.internal",
    "host.docker.internal:8080",
    "redis.default.svc.cluster.local",
    "build.gradle, docker-compose.local.yml, .env.local",
    "the local branch; an internal library.",
    "web.example.internal",
    "AKIAIOSFODNN7EXAMPLE",
    "API_KEY=your-api-key-goes-here-1",
    "token: ${GITHUB_TOKEN_2026_LONG}",
    'secret = os.environ["APP_SECRET_2026"]',
    "api_key: <your key here 1234567>",
    "The token expires after 1234567890123456 seconds",
    "password: required",
    "Password: see the vault",
    "passwords are hashed with argon2id",
    "password=hash2(value)",
    "密码长度至少为10位",
    "postgresql://user:password@localhost/db",
    "https://user:$PASSWORD@host/",
    "redis://:***@cache",
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "专用线路2号机",
    "这条思路3号方案",
    "在第二条路上走了5号",
    "高速公路沿线",
    "The account has 12 users; account 7 is closed",
    "账户余额为 1200 元",
    "账号密码登录",
    "京东A1234",
    "苏A队和浙B队",
    "3 Lines Of Code Street View",
    "Northwinds Trading and Southnorthwind Trading",
    "蓝海战略",
    "IBAN of nobody: DE03 5001 0517 5407 3249 31",
    "https://tools.example.com/a/b?id=4024007100001238",
    "GET /orders/6222021001112221",
    "0.13912345678",
]


@pytest.mark.parametrize("text", NEGATIVE)
def test_it_is_left_in_peace(text: str) -> None:
    assert found(text) == []


def test_findings_come_in_the_order_of_reading_with_what_stands_around_them() -> None:
    texts = [("title", "For wang@bigbank.cn"), ("body", "First 10.1.2.3, then 13912345678.")]
    findings = scan(texts)
    assert [(each.field, each.text) for each in findings] == [
        ("title", "wang@bigbank.cn"),
        ("body", "10.1.2.3"),
        ("body", "13912345678"),
    ]
    assert (findings[1].before, findings[1].after) == ("First ", ", then 13912345678.")


def test_what_is_printed_of_a_finding_does_not_tell_it() -> None:
    for text in ("password: Winter2026!", "AKIAQZ7XK3MNP2RLT5VW", "打13912345678找我", "Northwind Trading"):
        (finding,) = scan([("body", text)], words=WORDS)
        assert finding.text not in repr(finding)
        assert finding.text not in finding.masked
    assert scan([("body", "13912345678")])[0].masked == "13•••78"


def test_an_answer_holds_for_the_same_thing_written_with_other_spaces() -> None:
    one, other = scan([("a", "139 1234 5678")]), scan([("b", "call 13912345678 now")])
    assert one[0].digest == other[0].digest
    assert one[0].digest != scan([("a", "13912345679")])[0].digest


@pytest.mark.parametrize(
    "text",
    [
        "a" * 400_000,
        "1" * 400_000,
        "1 " * 200_000,
        "a." * 200_000,
        "a@" * 200_000,
        "路1号" * 130_000,
        "AB12" * 100_000,
        "+1 " * 130_000,
        "://a:" * 80_000,
        "eyJ" * 130_000,
        "eyJaaaaaaaaa.eyJ" * 25_000,
        "Bearer " * 57_000,
        "password:" * 44_000,
        "fd12:" * 80_000,
        "京A" * 200_000,
        "12 Ab Cd " * 44_000,
        "-----BEGIN " * 36_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    assert len(scan([("body", text)], words=WORDS)) <= MAX_FINDINGS
    assert time.process_time() - started < 3.0


@settings(max_examples=examples(60), deadline=None)
@given(
    st.text(max_size=120), st.sampled_from([text for text, *_ in POSITIVE if "   " not in text]), st.text(max_size=120)
)
def test_what_stands_around_it_on_other_lines_hides_nothing(before: str, text: str, after: str) -> None:
    findings = scan([("body", f"{before}\n{text}\n{after}")], words=WORDS, suffixes=SUFFIXES)
    wanted = {each.text for each in scan([("body", text)], words=WORDS, suffixes=SUFFIXES)}
    assert wanted <= {each.text for each in findings}
    assert all(isinstance(each, Finding) for each in findings)


def test_folding_keeps_every_place() -> None:
    assert len(fold("İstanbul ẞ ﬁ")) == len("İstanbul ẞ ﬁ")

"""How each thing that must not be published looks. A pattern says where to look, a check whether it is one.

Every pattern runs in time that grows with the text alone: repetitions are bounded, and one begins where a run of signs begins.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.writing.review.checksums import is_card, is_iban, is_identity


class What(StrEnum):
    KEY = "key"
    PASSWORD = "password"  # noqa: S105  # the name of a kind of finding
    TOKEN = "token"  # noqa: S105
    IDENTITY = "identity"
    CARD = "card"
    ACCOUNT = "account"
    CUSTOMER = "customer"
    EMAIL = "email"
    PHONE = "phone"
    HOST = "host"
    ADDRESS = "address"
    PLATE = "plate"


Check = Callable[[re.Match[str]], bool]


@dataclass(frozen=True)
class Pattern:
    """What is found is the group `it` where there is one, else all that matched."""

    what: What
    regex: re.Pattern[str]
    check: Check = bool


_HAN = "一-鿿"
# Neither letter nor digit on this side. Han characters may stand there: Chinese has no spaces.
_START = r"(?<![0-9A-Za-z_.])"
_END = r"(?![0-9A-Za-z_])"
_SEPARATORS = re.compile(r"[ -]")
# RFC 2606, RFC 6761, and the user by which git is spoken to.
_EXAMPLE_DOMAIN = re.compile(r"(?:^|[.@])(?:example(?:\.(?:com|org|net|cn|edu))?|test|invalid|localhost|local)$")
_PLACEHOLDER = re.compile(
    r"(?i)^(?:your|my|the|some|a)?[-_ ]?(?:x{3,}|\*{3,}|\.{3,}|…+|pass(?:word|wd)?|pwd|secret|token|change[-_]?me|redacted|"
    r"example|dummy|placeholder|todo|none|null|true|false|密码|口令)|\$|<|\{|%|example$|"
    r"^(?:your|my)[-_]|(?i:environ|getenv|secrets?\.|vault)"
)
_VERSION_BEFORE = re.compile(r"(?i)(?:\bv|version|release|版本|版)\s*[:：]?\s*$")
# The names of whole private networks say nothing about one (RFC 1918).
_WHOLE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
# Names that are the same in every house, and names in programs that only look like hosts.
_COMMON_HOST = re.compile(
    r"(?i)^(?:host\.docker\.internal|gateway\.docker\.internal|metadata\.google\.internal|(?:.+\.)?cluster\.local|"
    r"(?:com|org|net|io|dev|java|javax|sun|jdk)\..*|"
    r"(?:threading|self|this|asyncio|settings|config|env|app|storage|window|git|scope|vars?)\.(?:local|internal)|"
    r"(?:.+\.)?example\.(?:internal|local|corp|lan))$"
)


def _digits(match: re.Match[str]) -> str:
    return _SEPARATORS.sub("", match[0])


def _is_card(match: re.Match[str]) -> bool:
    return is_card(_digits(match))


def _is_identity(match: re.Match[str]) -> bool:
    return is_identity(match[0])


def _is_iban(match: re.Match[str]) -> bool:
    return is_iban(match[0].replace(" ", ""))


def _is_real_mail(match: re.Match[str]) -> bool:
    local, _, domain = match[0].lower().rpartition("@")
    return not _EXAMPLE_DOMAIN.search(domain) and local not in {"git", "noreply", "no-reply"}


def _is_private_address(match: re.Match[str]) -> bool:
    try:
        ipaddress.ip_address(match["it"])
    except ValueError:
        return False
    return match[0] not in _WHOLE_NETWORKS and not _VERSION_BEFORE.search(match.string[: match.start()][-12:])


def _is_internal_host(match: re.Match[str]) -> bool:
    return not _COMMON_HOST.match(match[0])


def _is_international(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    # Kept for films and manuals: NANPA 555-0100 to 0199, and Ofcom's numbers for drama.
    is_fiction = re.match(r"1\d{3}55501\d\d$|447700900\d{3}$|44207946\d{4}$", digits)
    return 9 <= len(digits) <= 15 and len(set(digits)) > 3 and not is_fiction


def _is_a_secret(match: re.Match[str]) -> bool:
    """Letters and digits mixed as chance mixes them (Shannon, bits a sign), and not what manuals write in its place."""
    value = match["it"]
    if _PLACEHOLDER.search(value) or not re.search(r"\d", value) or not re.search(r"[A-Za-z]", value):
        return False
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares) >= 3.0


def _is_a_password(match: re.Match[str]) -> bool:
    value = match["it"]
    return not _PLACEHOLDER.search(value) and bool(re.search(r"\d", value)) and not re.search(r"[()\[\]]", value)


def _is_no_placeholder(match: re.Match[str]) -> bool:
    return not _PLACEHOLDER.search(match["it"])


def _is_no_example(match: re.Match[str]) -> bool:
    return "EXAMPLE" not in match[0].upper()


def _re(pattern: str) -> re.Pattern[str]:
    """Letters and digits are those of ASCII: a Han character beside a number does not belong to it."""
    return re.compile(pattern, re.ASCII)


_CARD_GROUPS = (
    r"\d{4}(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}(?:(?P=gap)\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{5}|\d{13,19}"
)
_PROVINCE_SIGNS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

# Where two find something in the same place, the one that stands first here has it.
PATTERNS: Sequence[Pattern] = (
    Pattern(What.KEY, _re(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")),
    Pattern(What.PASSWORD, _re(r"(?<=://)[^\s/:@]{1,64}:(?P<it>[^\s/@]{1,128})@"), _is_no_placeholder),
    Pattern(
        What.TOKEN,
        _re(
            r"(?<![0-9A-Za-z_-])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{36,255}|github_pat_\w{22,255}|"
            r"glpat-[\w-]{20,64}|xox[abprs]-[0-9A-Za-z-]{10,255}|AIza[\w-]{35}|sk_live_[0-9A-Za-z]{24,99}|"
            r"sk-[\w-]{32,255}|eyJ[\w-]{8,4096}\.eyJ[\w-]{8,4096}\.[\w-]{8,1024})(?![0-9A-Za-z])"
        ),
        _is_no_example,
    ),
    Pattern(What.TOKEN, _re(r"\bBearer\s{1,4}(?P<it>[\w.~+/-]{20,2048}=*)"), _is_a_secret),
    Pattern(
        What.TOKEN,
        _re(
            r"(?i)(?:api[_-]?key|secret|token|access[_-]?key|密钥|令牌)[\"']?\s{0,4}[:=：]\s{0,4}[\"']?"
            r"(?P<it>[\w+/=.-]{16,512})"
        ),
        _is_a_secret,
    ),
    Pattern(
        What.PASSWORD,
        _re(
            r"(?i)(?:password|passwd|\bpwd|密码|口令)[\"']?\s{0,4}(?:[:=：]|是|为)\s{0,4}[\"'`]?"
            r"(?P<it>[^\s\"'`<>,;。，；|]{6,64})"
        ),
        _is_a_password,
    ),
    Pattern(What.IDENTITY, _re(rf"{_START}[1-9]\d{{5}}(?:19|20)\d{{9}}[\dXx]{_END}"), _is_identity),
    Pattern(What.CARD, _re(rf"(?<![0-9A-Za-z_.,:/=-])(?:{_CARD_GROUPS})(?![0-9A-Za-z_-]|[.,]\d)"), _is_card),
    Pattern(
        What.ACCOUNT,
        _re(rf"{_START}[A-Z]{{2}}\d{{2}}(?: ?[0-9A-Z]{{4}}){{2,7}}(?: ?[0-9A-Z]{{1,3}})?{_END}"),
        _is_iban,
    ),
    Pattern(
        What.ACCOUNT,
        _re(
            r"(?i)(?:\b(?:bank )?account(?: number| no\.?)?|\bacct\.?|账号|帐号|账户|卡号)\s{0,2}[:：#是为]?\s{0,2}"
            r"(?P<it>\d(?:[ -]?\d){7,29})(?![0-9A-Za-z_])"
        ),
    ),
    Pattern(
        What.EMAIL,
        _re(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w-])"),
        _is_real_mail,
    ),
    Pattern(
        What.PHONE,
        _re(r"(?<![0-9A-Za-z_.+-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z_-]|\.\d)"),
    ),
    Pattern(
        What.PHONE,
        _re(r"(?<![0-9A-Za-z_.-])\(?0(?:10|2\d|[3-9]\d{2})\)?[- ]\d{7,8}(?:[-转]\d{1,6})?(?![0-9A-Za-z_-])"),
    ),
    Pattern(
        What.PHONE,
        _re(r"(?<![0-9A-Za-z_+.])\+[1-9]\d{0,2}(?:[ .-]?\(?\d{1,4}\)?){2,6}(?![0-9A-Za-z_])"),
        _is_international,
    ),
    Pattern(
        What.PHONE,
        _re(
            r"(?i)(?:\b(?:phone|tel|telephone|mobile|fax|call)\b|电话|手机|传真)(?: number)?\s{0,2}[:：.是为]?\s{0,2}"
            r"(?P<it>(?:\(?\d{3,4}\)?[ .-]?)?\d{3,4}[ .-]?\d{4})(?!\d)"
        ),
        lambda match: not re.fullmatch(r"(?:\d{3})?55501\d\d", re.sub(r"\D", "", match["it"])),
    ),
    Pattern(
        What.HOST,
        _re(
            r"(?<![0-9A-Za-z.])(?P<it>10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})"
            r"(?:/\d{1,2})?(?![0-9A-Za-z]|\.\d)"
        ),
        _is_private_address,
    ),
    Pattern(What.HOST, _re(r"(?i)(?<![\w:])(?P<it>f[cd][0-9a-f]{2}:[0-9a-f:]{2,39})(?![\w:])"), _is_private_address),
    Pattern(
        What.ADDRESS,
        _re(
            r"(?<![\w.])\d{1,5} {1,2}(?:[A-Z][a-z]{1,20} {1,2}){1,3}(?:Street|St\.|Road|Rd\.|Avenue|Ave\.|Boulevard|Blvd\.|Lane)"
            r"(?! View)(?!\w)"
        ),
    ),
    Pattern(
        What.ADDRESS,
        # The names of streets; a line, a circuit and a train of thought end with the same sign.
        _re(r"(?<![线电链思回旁支网]路)(?<=[路街巷弄道同]) ?\d{1,5} ?号(?![线机楼码令位库表段选])"),
        lambda match: bool(
            re.search(rf"[{_HAN}]{{1,12}}(?:路|街|巷|弄|大道|胡同)$", match.string[: match.start()][-14:])
        ),
    ),
    Pattern(
        What.PLATE,
        _re(
            rf"[{_PROVINCE_SIGNS}][A-HJ-NP-Z][·• ]?(?:[A-HJ-NP-Z0-9]\d{{4}}|\d{{4}}[A-HJ-NP-Z]|[DF][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[DF])"
            r"(?![0-9A-Za-z])"
        ),
    ),
)


def host_pattern(suffixes: Sequence[str]) -> Pattern:
    """Hosts whose names end with one of `suffixes`, such as ".corp"."""
    ends = "|".join(re.escape(suffix.strip(".")) for suffix in suffixes)
    return Pattern(
        What.HOST,
        _re(rf"(?i)(?<![\w.-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,6}}(?:{ends})(?![\w(-]|\.\w)"),
        _is_internal_host,
    )

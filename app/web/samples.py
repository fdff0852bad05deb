"""Things to show on the living page of components. Sample texts are in both languages and not translated."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.markup import render
from app.kernel.types import Localized
from app.web.charts import make_bars, make_trend
from app.web.dates import request_now
from app.web.facets import Choice, Facet
from app.web.forms import Form
from app.web.paging import Page

AREAS = (
    ("Configuration management", "配置管理"),
    ("Build and continuous integration", "构建与持续集成"),
    ("Test management", "测试管理"),
    ("Deployment and release", "部署与发布管理"),
    ("Environment management", "环境管理"),
    ("Data management", "数据管理"),
    ("Measurement and feedback", "度量与反馈"),
)
SITES = [
    SelectChoice(value, name)
    for value, name in (("nb", "Ningbo · 宁波"), ("sh", "Shanghai · 上海"), ("hz", "Hangzhou · 杭州"))
]
NAMES = ("Lin Yue", "岳明", "Marta Oliveira", "陈晓 喆")
ARTICLE = """\
## What
A change that is integrated **daily** stays small. 把每天的改动合入主干，Review 就不会拖到周五。See [the list](#h-steps) below.[^1]

> Small steps are not slower. 小步快走。

## Steps
1. Write the test first, then `git switch -c short-lived`.
2. Merge before the day ends.
    - with a review of at most 200 lines
    - or in a pair

| Measure | Before | After |
| --- | ---: | ---: |
| Lead time 前置时间 | 9 days | 1 day |
| Change failure rate 变更失败率 | 18 % | 6 % |

```python
# Promote only what was tested.
def promote(build: Build, *, to: str = "staging") -> Release:
    if not build.is_green:
        raise PipelineError(f"{build.id} has {len(build.failures)} failures")
    return Release(build, stage=to, at=utc_now())
```

```diff
- deploy: manual
+ deploy: on merge
```

!!! note "Note 说明"
    A flag is not a branch.

!!! warning "Warning 注意"
    Remove a flag within two weeks. 开关两周内清理。

[^1]: A footnote with a source. 脚注。
"""


class SampleForm(Form):
    """One field of each sort."""

    class Meta(Form.Meta):
        csrf = False

    title = StringField("Title 标题", validators=[InputRequired("Please fill this in.")])
    site = SelectField("Site 地点", choices=SITES)
    seats = IntegerField("Seats 名额", validators=[NumberRange(min=1, max=500, message="Between 1 and 500.")])
    starts = DateTimeLocalField("Starts 开始时间", validators=[InputRequired("Please choose day and time.")])
    about = TextAreaField("About 简介", validators=[Optional(), Length(max=400)])
    kind = RadioField(
        "Kind 类型",
        choices=[SelectChoice("workshop", "Workshop 工作坊"), SelectChoice("sharing", "Sharing session 分享会")],
    )
    languages = SelectMultipleField(
        "Languages 语言",
        choices=[SelectChoice("en", "English"), SelectChoice("zh", "中文")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    public = BooleanField("Anybody may sign up 所有人可报名")


def samples() -> dict[str, Any]:
    """What the template of the components page shows."""
    start = request_now() + timedelta(days=1)
    return {
        "areas": [_area(position, *names) for position, names in enumerate(AREAS)],
        "names": NAMES,
        "form": SampleForm(formdata=None, title="Trunk-based development", kind="workshop"),
        "failed": _failed_form(),
        "facets": _facets(),
        "first_page": Page(range(24), 1, 24, 130),
        "middle_page": Page(range(24), 3, 24, 130),
        "metrics": _metrics(),
        **_charts(),
        "start": start,
        "end": start + timedelta(hours=1, minutes=30),
        "article": render(ARTICLE),
        "passage": Markup(
            "每次提交都触发<mark>流水线</mark>：a <mark>pipeline</mark> that is red for ten minutes stops the line …"
        ),
        "here": url_for("web.components"),
    }


def _area(position: int, english: str, chinese: str) -> SimpleNamespace:
    name = Localized({"en": english, "zh": chinese})
    framework = SimpleNamespace(slug="continuous-delivery")
    area = SimpleNamespace(name=name, hue=position % 7 + 1)
    area.capability = SimpleNamespace(name=name, slug="version-control", area=area, framework=framework)
    return area


def _failed_form() -> SampleForm:
    form = SampleForm(formdata=None, prefix="failed-", title="", seats=0, kind="sharing")
    form.title.errors = ["Please fill this in. 请填写。"]
    form.starts.errors = ["This is in the past. 时间已过。"]
    form.kind.errors = ["Choose one of the two. 请选择一项。"]
    return form


def _facets() -> list[Facet]:
    chosen = set(request.args.getlist("level") or ["3"])
    areas = [
        Choice(str(n), english, 30 - 4 * n, n == 3, "#facets", str(n + 1)) for n, (english, _zh) in enumerate(AREAS)
    ]
    levels = [Choice(str(n), f"Level {n}", 3 * n, str(n) in chosen, f"?level={n}#facets") for n in range(1, 6)]
    tags = [Choice(tag, tag, 12 - n, chosen=False, url="#facets") for n, tag in enumerate("abcdefghijk")]
    return [Facet("area", "Area", areas), Facet("level", "Level", levels), Facet("tag", "Tag", tags)]


def _charts() -> dict[str, Any]:
    rows = [
        ("Version control 版本控制", 24, 30),
        ("Test automation 测试自动化", 32, 30),
        ("Data change 数据变更", 0, 20),
    ]
    months = [f"2026-{number:02}" for number in range(1, 9)]
    series = [("Filled 已占用", [12, 30, 28, 41, 40, 52, 47, 60]), ("Attended 出席", [10, 24, 25, 35, 38, 44, 40, 51])]
    return {
        "bars": make_bars(
            "sample-bars",
            "Seats 席位",
            rows,
            row_name="Capability 能力项",
            value_name="Filled 已占用",
            whole_name="Offered 提供",
        ),
        "trend": make_trend("sample-trend", "By month 按月", months, series, row_name="Month 月份"),
    }


def _metrics() -> list[SimpleNamespace]:
    rows: list[tuple[str, float | None, float, str, str, str, str]] = [
        ("Lead time for changes 变更前置时间", 9, 1.5, "days", "lower", "Q1 to Q4 2025", "pipeline"),
        ("Deployments 部署次数", 2, 31, "a month", "higher", "12 months", "release calendar"),
        ("Build time 构建时长", 14, 18, "minutes", "lower", "", ""),
        ("Services on the pipeline 接入流水线的服务", None, 12, "个", "higher", "", "team"),
    ]
    names = ("name", "before", "after", "unit", "better", "window", "source")
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]

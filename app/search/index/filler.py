"""Words that make a question of what is looked for: pronouns, adverbs, auxiliaries and the like, without those that no index
has at all (`analysis`). In writing about engineering "nobody" and 怎么办 are rare, so that their frequency would say that
they tell much. They stay in the index, for titles, phrases, and whoever looks for nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

# As many words have to be left, or the short query meant them: "use case".
MIN_LEFT = 2

_ENGLISH = (
    "every each both other others another same such own several few either neither none no nobody somebody anybody "
    "everybody someone anyone everyone nothing something anything everything itself myself yourself ourselves themselves "
    "himself herself mine ours yours theirs whose whom "
    "really too quite rather almost already always never ever often sometimes usually yet again once here now soon perhaps "
    "maybe actually probably simply else otherwise instead anyway however therefore though although "
    "but because since until unless during through throughout within against among across along upon via per onto toward "
    "towards whereas nor "
    "being having doing done must might shall ought cannot let lets gets got come comes came take takes took taken give "
    "gives gave keep keeps kept seem seems want wants wanted know knows think thinks say says said tell tells told see "
    "sees ask asks please use used uses using"
)
_CHINESE = (
    "自己 大家 别人 人家 谁 咱 咱们 他 她 它 他们 她们 它们 这 那 这个 那个 这些 那些 这里 那里 这样 那样 这么 那么 某 某个 某些 各 各个 "
    "各种 每 每个 任何 一切 所有 其他 其它 另外 有些 有的 有人 没人 哪 哪儿 几 多少 何 何时 多久 "
    "怎么办 怎么样 怎 咋 咋办 为何 是否 是不是 能不能 会不会 有没有 要不要 可不可以 该不该 "
    "才 又 再 还 还是 很 太 更 最 非常 特别 比较 已经 正在 刚 刚刚 马上 总 总是 一直 经常 常常 有时 往往 只 只是 只有 仅 仅仅 不 没 没有 "
    "不会 不能 不是 先 然后 一起 到底 究竟 真 真的 其实 大概 可能 一定 "
    "能 能够 可以 可 会 要 想 应该 应当 该 得 需要 愿意 必须 "
    "用 给 让 叫 使 使得 由 向 往 到 至 比 跟 同 为 为了 因为 所以 因此 但 但是 可是 不过 而 而且 并 并且 虽然 如果 要是 即使 只要 "
    "除了 根据 按 按照 关于 对于 之后 之前 以后 以前 之间 以及 还有 或者 "
    "地 着 过 上 下 里 中 内 外 前 后 时 时候 之 个 些 种 次 一个 一些 一堆 一下 一点 几个 很多 许多 多 "
    "做 弄 搞 办 说 看 来 去 有 变成 就是 出来 起来 下来"
)
FILLER = frozenset(f"{_ENGLISH} {_CHINESE}".split())


def without_filler(words: Sequence[str]) -> list[int]:
    """The places of the folded `words` that tell what is looked for."""
    telling = [place for place, word in enumerate(words) if word not in FILLER]
    return telling if len(telling) >= MIN_LEFT else list(range(len(words)))

"""Question sets in YAML: a list of mappings, or a mapping whose `questions` are one.

A value is what stands there, letter for letter: YAML alone would make `no` of an answer False,
12:30 the number 750 and 2024-05-01 a date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatbot.question_sets.decoding import decode_text
from chatbot.question_sets.rows import Findings, Row, named_once
from chatbot.question_sets.words import truth_of

if TYPE_CHECKING:
    import yaml

_EXAMPLE = "“- question: ……”这样的一列题"
_DEEPEST = 50
_NULL = "tag:yaml.org,2002:null"


def load_yaml(content: bytes, findings: Findings) -> list[Row]:
    """Read a list of mappings; aliases are followed, merge keys (<<) are not.

    A row's number is the line where it begins; its place in the list stands in for its id.
    """
    import yaml

    text = decode_text(content, findings)
    if text is None:
        return []
    # The loaders in C are ten times as fast; a wheel without them is still a PyYAML.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if _is_too_deep(text, loader):
            findings.add(None, f"一层套一层，太深了；应当是{_EXAMPLE}")
            return []
        root = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        # Newer libyaml looks ahead and gives up by itself, before it tells of any level.
        if "nesting depth" in str(getattr(error, "problem", "")):
            findings.add(None, f"一层套一层，太深了；应当是{_EXAMPLE}")
        elif mark is None:
            findings.add(None, f"这样的 YAML 读不了（{type(error).__name__}）；应当是{_EXAMPLE}")
        else:
            last = text.rstrip().count("\n")  # what ends too soon is marked behind the last line
            findings.add(min(mark.line, last) + 1, _why_no_yaml(text, mark))
        return []
    if root is None:
        return []
    questions = _questions(root)
    if questions is None:
        findings.add(None, f"应当是{_EXAMPLE}，或者把它们放在 questions: 下面")
        return []
    rows = []
    for place, node in enumerate(questions, start=1):
        rows += _row(node, str(place), findings)
    return rows


def _is_too_deep(text: str, loader: Any) -> bool:
    """Say whether collections stand within each other deeper than anything of ours goes.

    The composer in C calls itself for each, and takes the process with it when the stack is full.
    """
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return True
    return False


def _questions(root: yaml.Node) -> list[yaml.Node] | None:
    """Return the list of questions; None where there is none."""
    import yaml

    if isinstance(root, yaml.MappingNode):
        found = [value for name, value in root.value if name.value == "questions"]
        root = found[0] if len(found) == 1 else root
    return root.value if isinstance(root, yaml.SequenceNode) else None


def _row(node: yaml.Node, id: str, findings: Findings) -> list[Row]:
    """Return the row of one node; none, and what is wrong, for anything but a clear mapping."""
    import yaml

    number = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        findings.add(number, f"应当是“question: ……”这样的一题；这里是{_kind(node)}")
        return []
    if any(name.value == "<<" for name, _ in node.value):
        findings.add(number, "不支持 <<；请把字段直接写在题里")
        return []
    pairs = [(str(name.value), _value(value)) for name, value in node.value]
    fields, names, repeated = named_once(pairs)
    if repeated:
        findings.add(number, f"字段 {'、'.join(repeated)} 写了不止一次；只留一个")
        return []
    if isinstance(fields.get("answerable"), str):
        fields["answerable"] = truth_of(fields["answerable"])
    return [Row(number, id, fields, names, in_words=True)]


def _value(node: yaml.Node) -> Any:
    """Return a text, a list of texts or None; {} and [] stand for what no field may be.

    No deeper: aliases within aliases could unfold to more than any memory holds.
    """
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return [_value(one) if isinstance(one, yaml.ScalarNode) else {} for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return {}
    return None if node.tag == _NULL else node.value


def _kind(node: yaml.Node) -> str:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        return "一列东西"
    return "空的" if node.tag == _NULL else f"“{str(node.value)[:20]}”"


def _why_no_yaml(text: str, mark: yaml.Mark) -> str:
    """Return what is wrong with a text that is not YAML at `mark`, and what would be right.

    Judged by the line, not by what the error says: PyYAML's two parsers word theirs differently.
    """
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    if line.startswith("---"):
        return f"文件里有几份 YAML（用 --- 隔开）；只能有一份，应当是{_EXAMPLE}"
    if not line.strip():
        return f"没有写完，缺少结尾的引号或括号；应当是{_EXAMPLE}"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "缩进用了制表符（Tab）；YAML 只能用空格缩进"
    hint = "；冒号要用半角的，后面空一格" if "：" in line else ""
    return (
        f"第 {mark.column + 1} 个字符起不是 YAML{hint}；"
        f"有特别字符（如 * & @ : # 和引号）的文字要加引号，应当是{_EXAMPLE}"
    )

"""What is said of a function: its verdict in words, the element that decides, and lines on what does not agree."""

import json

from refdgm.check import verdicts
from refdgm.check.judging.checked import Checked, Result
from refdgm.check.judging.compare import Outcome


def told(checked: Checked) -> str:
    """The verdict of a function, with the convention that makes it agree."""
    if checked.verdict == verdicts.EXPECTED and checked.expected:
        return f"{verdicts.EXPECTED}: {checked.expected.differs}"
    if checked.where:
        return f"agrees wherever {_where(checked)}"
    if checked.convention:
        return f"{checked.verdict} under convention “{checked.convention}”"
    return checked.verdict


def _where(checked: Checked) -> str:
    return " or ".join(" and ".join(f"{name} = {x}" for name, x in one.items()) for one in checked.where)


def worst(pairs: list[tuple[Result, Outcome]]) -> tuple[Result, Outcome]:
    """What to show of a role: where it differs, the smallest case; otherwise the element with the fewest digits."""
    verdict = max((o.verdict for _, o in pairs), key=verdicts.SEVERITY.index)
    of = [(r, o) for r, o in pairs if o.verdict == verdict]
    if verdict in verdicts.PASSING:
        return min(of, key=lambda pair: pair[1].digits)
    return min(of, key=lambda pair: sum(x.size for x in pair[0].question.inputs.values()))


def place(outcome: Outcome) -> str:
    """`W1[2, 0]`: the element that decides."""
    entry = ".".join(outcome.role.split(".")[2:])
    if outcome.got is None:
        return f"{entry} {'shape' if outcome.shapes else outcome.note}".strip()
    return f"{entry}[{', '.join(map(str, outcome.at))}]" if outcome.at else entry


def pair(outcome: Outcome) -> tuple[str, str]:
    """Got and right, to where they differ, and one digit more than they share; of elements that agree nothing."""
    if outcome.shapes:
        return str(outcome.shapes[0]), str(outcome.shapes[1])
    if outcome.got is None or outcome.expected is None or outcome.verdict == verdicts.AGREES:
        return "", ""
    for digits in range(max(5, min(17, int(outcome.digits) + 2)), 18):
        got, right = f"{outcome.got:.{digits}g}", f"{outcome.expected:.{digits}g}"
        if got != right:
            break
    return got, right


def number(x: float) -> str:
    """1.4, 210, 3e+08, ∞."""
    if x != x or x == float("inf"):
        return "∞"
    return (
        f"{x:.1f}"
        if x < 100
        else f"{x:.0f}"
        if x < 1e5
        else f"{x:.0e}".replace("e+0", "e").replace("e+", "e")
    )


def remarks(checked: Checked) -> list[tuple[str, str]]:
    """(text, style) lines on a function that does not plainly agree."""
    name, lines = checked.title, []
    if checked.convention:
        lines.append(
            (
                f"{name} agrees under the convention “{checked.convention}”: in value and every gradient of all "
                f'{checked.asked} cases; declare it with "convention", or translate',
                "yellow",
            )
        )
    if checked.where:
        one = json.dumps(checked.where[0], ensure_ascii=False)
        lines.append((f'{name} {told(checked)}; if it does no other, say "fixed": {one}', "yellow"))
    lines += [(f"    or it is {text} No number tells which.", "yellow") for _, text in checked.alike]
    for note in checked.notes:
        lines.append((f"{name}: {note}", "yellow"))
    for role, many in checked.spared.items():
        lines.append((f"{name}: {role}, of a hyper-parameter, differs in {many} of {checked.answered} cases, and was "
                      'not asked for; if it is used, say so with "gradients", or ask with --strict', "yellow"))
    if checked.verdict == verdicts.DIFFERS:
        role, pairs = next(
            (role, pairs)
            for role, pairs in checked.by_role().items()
            if any(o.verdict == verdicts.DIFFERS and not o.spared for _, o in pairs)
        )
        result, outcome = worst(pairs)
        many = sum(o.verdict == verdicts.DIFFERS for _, o in pairs)
        lines.append(
            (
                f"{name} differs, first in {role.replace('output.', '')}: in {many} of {len(pairs)} arrays compared; "
                f"the smallest case is {result.question.case.id} {_sizes(result)}",
                "bold red",
            )
        )
        got, right = pair(outcome)
        what = f"{place(outcome)} is {got}, right is {right}".strip() if got else place(outcome)
        told_elsewhere = not got or outcome.shapes or outcome.note in ("", "NaN")
        lines.append((f"    {what}" + ("" if told_elsewhere else f" ({outcome.note})"), ""))
        lines += [(f"    {text}", "") for text in _one_number(result, outcome)]
    if checked.shared:
        lines.append((f"    differs {checked.shared}", "bold"))
    for roles, what in checked.equals:
        names = ", ".join(role.replace("output.", "") for role in roles)
        lines.append((f"    {names} {'equals' if len(roles) == 1 else 'equal'} {what}", "bold"))
    lines += _meant(checked)
    lines += [(f"{name}: {message}", "red") for message in messages(checked)]
    if checked.called and checked.verdict not in verdicts.PASSING:
        lines.append((f'{name}: {checked.called}; another order or other names: "arguments"', "yellow"))
    if any(o.note == verdicts.NO_PATH for result in checked.results for o in result.outcomes):
        lines.append(
            (
                f"{name}: {verdicts.NO_PATH} where the framework found no path (a detach, a copy, .item()?); if there "
                'is none on purpose, say which there are with "gradients"',
                "red",
            )
        )
    absent = {role.removeprefix("gradient.") for role, pairs in checked.by_role().items()
              if role.startswith("gradient.") and all(o.verdict == verdicts.MISSING for _, o in pairs)}
    if absent and checked.answered:
        others = json.dumps([one for one in checked.ref.wrt if one not in absent and one not in checked.ref.hyper])
        lines.append((f"{name}: no gradient of {', '.join(sorted(absent))} was returned; name it in what the pullback "
                      f'returns, or say which there are: "gradients": {others}', "red"))
    if not checked.results:
        lines.append((f"{name}: missing, the candidate has no function of this name", "red"))
    return lines


def _meant(checked: Checked) -> list[tuple[str, str]]:
    """Of a difference that was expected, or could be."""
    name, expected = checked.title, checked.expected
    if expected and checked.unexpected:
        told = f"{name}: not the difference that was expected (“{expected.differs}”): {checked.unexpected}"
        return [(told, "bold red")]
    if expected:
        roles = ", ".join(role.removeprefix("output.") for role in expected.only)
        many = sum(any(o.verdict == verdicts.DIFFERS and not o.spared for o in r.outcomes) for r in checked.results)
        how = f", as {expected.mistake}" if expected.mistake else ""
        return [(f"{name} differs in {roles} in {many} of {checked.asked} cases{how}, as expected", "yellow")]
    if checked.suggested:
        entry = json.dumps(checked.suggested, ensure_ascii=False)
        return [(f'    if that is meant, say why: "expect": {entry}', "dim")]
    return []


def _one_number(result: Result, outcome: Outcome) -> list[str]:
    """What to do about one number where there should be one for each example."""
    name = outcome.role.removeprefix("output.")
    right = result.question.ref.result.get(name)
    if right is None or outcome.shapes is None or outcome.shapes[0] or right.shape != ("B",):
        return []
    return [
        f"{name} is one number, (B,) was asked for: if it is the mean or the sum over the batch, say so: "
        '"reduction": "mean" or "sum"'
    ]


def messages(checked: Checked) -> list[str]:
    """What was raised, each kind once, with the number of cases."""
    kinds: dict[str, list[str]] = {}
    for result in checked.results:
        if result.message:
            kinds.setdefault(result.message.partition(":")[0], []).append(result.message)
    return [texts[0] + (f"  (in {len(texts)} cases)" if len(texts) > 1 else "") for texts in kinds.values()]


def _sizes(result: Result) -> str:
    case = result.question.case
    words = [f"{name} = {x}" for name, x in case.options.items()]
    shapes = [f"{name} {tuple(x.shape)}" for name, x in result.question.inputs.items() if "." not in name][:4]
    flags = f"; {', '.join(case.flags)}" if case.flags else ""
    return f"({', '.join(words + shapes)}{flags})"

"""What a matching optimised and what is proven of it, in words."""

from typing import Any

from kawasan.core.text import Text, _

AIMS = {
    "forming": _(
        "Of all ways to form the groups, the one with the shortest way to the meeting places in all. A broken wish to "
        "be together counts as 5 km, a group in which nobody keeps books as 10 km, and each experienced person away "
        "from a fair share as 2 km. Then the mentors with the shortest way in all; one who does not know the field "
        "only where nobody else has room."
    ),
    "people": _(
        "First, as few members as possible change their group. Then, with so few changes, the shortest way to the "
        "meeting places in all, with wishes to be together, bookkeepers and experience counted as when groups are "
        "formed."
    ),
    "mentors": _(
        "First, as few groups as possible change their mentor. Then, with so few changes, the shortest way of the "
        "mentors in all; one who does not know the field only where nobody else has room."
    ),
}
KEPT = _(
    "Kept without exception: sizes of groups, fields, what mentors can take, wishes to be apart, of women only, about "
    "the way and the mentor, and what was chosen to stay."
)


def certified(frozen: dict[str, Any], result: dict[str, Any]) -> list[Text]:
    """What was optimised, what was kept, and what is proven."""
    kind = frozen.get("kind", "forming")
    return [Text(AIMS[kind]), Text(KEPT), _proof(kind, result), *_mentors(kind, result)]


def _proof(kind: str, result: dict[str, Any]) -> Text:
    if kind == "forming":
        return _gap(float(result["gap"]))
    params = {"moves": result["moves"]}
    if result["is_optimal"]:
        return Text(
            _("Proven: {moves} changes of those who stay are the fewest, and nothing with so few is nearer."), params
        )
    return Text(_("{moves} changes of those who stay; that fewer are impossible is not fully proven."), params)


def _gap(gap: float) -> Text:
    if gap <= 0:
        return Text(_("Proven: no other way to form the groups is better."))
    return Text(
        _("Proven: no other way to form the groups is more than {percent} % better."), {"percent": round(100 * gap, 1)}
    )


def _mentors(kind: str, result: dict[str, Any]) -> list[Text]:
    if kind != "forming" or "mentors_are_optimal" not in result:
        return []
    if result["mentors_are_optimal"]:
        return [Text(_("Proven: for these groups, no other choice of mentors is better."))]
    return [Text(_("The choice of mentors is good; that it is the best is not proven."))]

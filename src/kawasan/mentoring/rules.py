"""When a visit can be logged, and who is due for one."""

from kawasan.core.text import Labelled, _


class Method(Labelled):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")

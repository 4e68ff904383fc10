"""How often strangers may try something: per address, per thing tried, and over all, whatever process answers."""

import datetime
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kawasan.core.models import Tally


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within a span, counted anew in each span."""

    what: str
    most: int
    within: datetime.timedelta

    def is_reached(self, who: str) -> bool:
        """Whether nothing more is allowed in this span; counts nothing."""
        return Tally.objects.filter(digest=self._digest(who), count__gte=self.most).exists()

    def count(self, who: str) -> bool:
        """Count one more; whether it is still allowed."""
        digest = self._digest(who)
        _row, is_first = Tally.objects.get_or_create(digest=digest, defaults={"ends_at": self.ends_at})
        if is_first:
            Tally.objects.filter(ends_at__lt=timezone.now()).delete()
        Tally.objects.filter(digest=digest).update(count=F("count") + 1)
        return not Tally.objects.filter(digest=digest, count__gt=self.most).exists()

    @property
    def ends_at(self) -> datetime.datetime:
        """When the present span ends."""
        seconds = self.within.total_seconds()
        return datetime.datetime.fromtimestamp((timezone.now().timestamp() // seconds + 1) * seconds, tz=datetime.UTC)

    def _digest(self, who: str) -> str:
        return salted_hmac(
            "kawasan.tally", f"{self.what} {self.ends_at.timestamp()} {who}", algorithm="sha256"
        ).hexdigest()

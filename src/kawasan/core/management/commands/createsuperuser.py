"""Adds an account from the shell as Django does, and logs it."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from kawasan.core.models import User
from kawasan.core.services import log


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        there = set(User.objects.values_list("pk", flat=True))
        super().handle(*args, **options)
        for user in User.objects.exclude(pk__in=there):
            log("core.account_added", user, by=None)

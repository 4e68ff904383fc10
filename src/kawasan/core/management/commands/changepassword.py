"""Changes a password from the shell as Django does, and logs it."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword

from kawasan.core.models import User
from kawasan.core.services import log


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        said = super().handle(*args, **options)
        log("core.password_changed", User.objects.get(username=options["username"] or getpass.getuser()), by=None)
        return said

"""Mail to somebody about her own account: what was changed, and how she chooses a new password.

Sent beside the request, so that an answer takes as long where somebody gets a mail as where nobody does, and a mail
server that hangs holds nobody up. What could not be sent is told in the technical log by its kind alone.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from openfls.service import clock
from openfls.service.models import User

CHANGED = {
    "password": "The password of your account was changed.",
    "factor_added": "A second factor was added to your account.",
    "factor_removed": "A second factor was taken from your account.",
    "codes": "New recovery codes were made for your account; the old ones do not count any more.",
    "code_used": "One of your recovery codes was used to sign in.",
    "address": "Your account has another e-mail address from now on. This is the last mail to this one.",
    "address_by": "{by} has changed the e-mail address of your account. This is the last mail to this one.",
    "taken": "All second factors were taken from your account by {by}.",
    "reset": "Whoever runs the system gave your account a new password.",
}
"""What a person is told of, by its name."""
_CHANGED = """{name},

{what} That was on {when}.

If it was you, or you know of it, there is nothing to do. If not, tell the manager of your service, or whoever runs the
system, at once.
"""
_FORGOTTEN = """{name},

somebody, presumably you, has asked for a new password on openfls. Open this address within an hour to choose one; it is
good once:

{link}

If it was not you, delete this: nothing changes then.
"""
_log = logging.getLogger(__name__)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


_CONFIRM = """{name},

somebody, presumably you, wants this to be the e-mail address of your account on openfls. Open this address within a
day to confirm it; it is good once:

{link}

If it was not you, delete this: nothing changes then.
"""


def tell(user: User, changed: str, *, by: str = "", to: str | None = None) -> None:
    """Tell ``user`` of a change (`CHANGED`) once it is committed, where there are a mail server and an address; ``to``:
    the address that she had before."""
    address = user.email if to is None else to
    when = f"{timezone.localtime(clock.now()):%d %B %Y, %H:%M}"
    words = _CHANGED.format(name=user.full_name, what=CHANGED[changed].format(by=by), when=when)
    transaction.on_commit(lambda: post(address, "Your account on openfls", words))


def send_link(user: User, link: str) -> None:
    """Send the link to a new password."""
    post(user.email, "A new password on openfls", _FORGOTTEN.format(name=user.full_name, link=link))


def send_confirming(user: User, address: str, link: str) -> None:
    """Send the link by which ``address`` is confirmed as the user's."""
    post(address, "Your e-mail address on openfls", _CONFIRM.format(name=user.full_name, link=link))


def post(address: str, subject: str, words: str) -> Future[None] | None:
    """Have a mail sent in its turn; None where there is no mail server or no address."""
    if not settings.MAILS or not address:
        return None
    return _sender.submit(_send, EmailMessage(subject, words, None, [address]))


def settle() -> None:
    """Wait until what was posted before is sent."""
    _sender.submit(lambda: None).result()


def _send(mail: EmailMessage) -> None:
    try:
        mail.send()
    except Exception as error:  # whatever it is: an account is no worse for a mail that was lost
        _log.error("a mail could not be sent: %s", type(error).__name__)

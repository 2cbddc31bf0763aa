"""Makes the transports that an installation's settings open, and what the sender needs of each."""

from __future__ import annotations

from collections.abc import Mapping

from channels.pace import TELEGRAM, WHATSAPP, Pace, Paces
from channels.sender import Post
from channels.sending import Transport
from hotline.messages import Channel
from hotline.settings import Settings
from store.vault import Vault


def make_transports(settings: Settings) -> dict[str, Transport]:
    """Make every transport there are settings for; each loads its library only then."""
    made: list[Transport] = []
    channels = settings.channels
    if channels.telegram is not None:
        from channels.telegram import sending as telegram

        made.append(telegram.make_transport(settings))
    if channels.twilio is not None:
        from channels.twilio import sending as twilio

        made.append(twilio.make_transport(settings))
    return {one.name: one for one in made}


def make_post(
    vault: Vault, settings: Settings, transports: Mapping[str, Transport], *, alone: str = ""
) -> Post:
    """Put together what sending needs; `alone` as in store.dispatch.Holder."""
    sms = Pace(per_second=settings.channels.sms_per_second)
    paces = Paces(
        {
            ("telegram", Channel.TELEGRAM): TELEGRAM,
            ("twilio", Channel.WHATSAPP): WHATSAPP,
            ("twilio", Channel.SMS): sms,
            ("smpp", Channel.SMS): sms,
        }
    )
    return Post(
        vault=vault,
        transports=transports,
        paces=paces,
        lease=settings.lease_seconds,
        quiet=settings.channels.sms_quiet,
        alone=alone,
    )

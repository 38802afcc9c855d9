"""Whose mail an address is."""

from collections.abc import Iterable

from wardbook.correspondence.models import Mailbox


def mailbox_for(addresses: Iterable[str], *, source: str | None = None) -> Mailbox | None:
    """The mailbox of the first address that is one of ours: its own, one of its others, or one with `+anything`."""
    boxes = Mailbox.objects.in_use()
    if source:
        boxes = boxes.filter(source=source)
    known = {own: box for box in boxes for own in sorted(box.own_addresses)}
    for address in addresses:
        box = known.get(address.strip().lower()) or known.get(without_plus(address))
        if box:
            return box
    return None


def without_plus(address: str) -> str:
    """`name+anything@host` as `name@host`, in lower case."""
    local, at, host = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{host}"

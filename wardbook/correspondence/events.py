"""What can happen to mail and letters. The comment beside each is its line in docs/events.md."""

MAILBOX_ADDED = "mailbox.added"  # Mail of an address comes in from now on.
MAILBOX_CHANGED = "mailbox.changed"  # How mail comes in or goes out was changed. fields
MAILBOX_RETIRED = "mailbox.retired"  # Mail of an address is no longer taken in.
MAILBOX_FAILED = "mailbox.failed"  # Mail could not be fetched. problem
MAILBOX_RECOVERED = "mailbox.recovered"  # Mail comes in again. failing_since
IDENTITY_SAVED = "identity.saved"  # A sender's name and address was added or changed.
IDENTITY_RETIRED = "identity.retired"  # A sender's name and address is no longer used.
TEMPLATE_SAVED = "template.saved"  # A template was added or changed. version
TEMPLATE_RETIRED = "template.retired"  # A template is no longer offered.
POST_RULES_CHANGED = "post_rules.changed"  # What the office has decided about its post was changed. fields

MESSAGE_RECEIVED = "message.received"  # A message came in. delivery, auto_kind, suggestion
MESSAGE_LOGGED = "message.logged"  # A letter or a social message was logged by hand. medium, files
MESSAGE_DESCRIBED = "message.described"  # What was logged by hand was put right. fields
DELIVERY_READ_AGAIN = "delivery.read_again"  # Somebody had a mail that could not be read tried once more. delivery
PICTURES_SHOWN = "message.pictures_shown"  # Somebody asked for its pictures from outside. asked, shown
MESSAGE_REFUSED = "message.refused"  # A mail was too large to take in. delivery, size
MESSAGE_QUARANTINED = "message.quarantined"  # A mail could not be read and is kept whole. delivery
DELIVERY_SETTLED = "delivery.settled"  # Somebody has looked at a mail that could not be read. delivery
MESSAGE_FILED = "message.filed"  # It was put on a case. case, how (token, thread, number, hand, campaign)
MESSAGE_MOVED = "message.moved"  # It was put on another case. was, case
MESSAGE_RETURNED = "message.returned"  # It lies in the Inbox again. was (case)
MESSAGE_DISMISSED = "message.dismissed"  # It needs no answer. reason
MESSAGE_ASSIGNED = "message.assigned"  # Somebody shall look at it. was, now
MESSAGE_PUT_OFF = "message.put_off"  # It comes back to the Inbox on a day. until
MESSAGE_SPLIT = "message.split"  # A second matter in it became a case of its own. case
MESSAGE_FORWARDED = "message.forwarded"  # It went on to whom it concerns. messages, text, files, told (message)
MESSAGE_ACKNOWLEDGED = "message.acknowledged"  # Its sender was told that it came. message

MESSAGE_WRITTEN = "message.written"  # A message to somebody outside was written and is held. case, line, to (count)
MESSAGE_STOPPED = "message.stopped"  # It was stopped before it went out.
MESSAGE_SENT = "message.sent"  # The mail server has taken it. attempts, refused (addresses)
MESSAGE_DELAYED = "message.delayed"  # A try failed and another will follow. problem, attempts
MESSAGE_UNCERTAIN = "message.uncertain"  # It may have gone out; nobody can tell.
MESSAGE_FAILED = "message.failed"  # It did not go out. problem
MESSAGE_BOUNCED = "message.bounced"  # It came back. permanent
MESSAGE_RETRIED = "message.retried"  # Somebody had it tried again.
ADDRESS_CLEARED = "address.cleared"  # Somebody says that an address from which mail came back is right.

CAMPAIGN_FOUND = "campaign.found"  # Messages were found alike. messages
CAMPAIGN_ACCEPTED = "campaign.accepted"  # They were made one campaign with a policy case. case
CAMPAIGN_JOINED = "campaign.joined"  # A message joined a campaign. message, share (percent)
CAMPAIGN_LEFT = "campaign.left"  # A message was taken out of a campaign. message
CAMPAIGN_CHANGED = "campaign.changed"  # Its name, threshold, organiser or position was changed. fields
CAMPAIGN_MERGED = "campaign.merged"  # Two campaigns became one. into
CAMPAIGN_ENDED = "campaign.ended"  # Nothing joins it any more.
BULK_REPLY_WRITTEN = "bulk_reply.written"  # One answer to many was written and is held. people, left_out
BULK_REPLY_STOPPED = "bulk_reply.stopped"  # It was stopped. written (messages already made)
BULK_REPLY_FINISHED = "bulk_reply.finished"  # Everybody has a message of their own. people

LETTER_WRITTEN = "letter.written"  # A letter was written. state
LETTER_SIGNED = "letter.signed"  # It was signed.
LETTER_SENT_BACK = "letter.sent_back"  # The signer wants something changed.
LETTER_CHANGED = "letter.changed"  # It was changed before it was sent. fields
LETTER_PRINTED = "letter.printed"  # It was printed and logged as sent. activity
LETTER_STOPPED = "letter.stopped"  # It will not be sent.

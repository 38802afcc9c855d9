"""Reads a mail: bytes in, plain values out. Knows no database and never fails."""

from wardbook.correspondence.mime.automatic import nobody_reads
from wardbook.correspondence.mime.model import Address, Bounce, FailedRecipient, ParsedMail, Part
from wardbook.correspondence.mime.reading import parse

__all__ = ["Address", "Bounce", "FailedRecipient", "ParsedMail", "Part", "nobody_reads", "parse"]

"""Small mails for the tests of the reader: headers as keywords, everything else is bytes."""

from wardbook.correspondence.mime import parse

CRLF = b"\r\n"


def as_bytes(value):
    return value if isinstance(value, bytes) else value.encode("utf-8")


def mail(body=b"Hello\r\n", **headers):
    """A raw mail. `content_type` is Content-Type, `from_` is From; a list is a header that comes several times."""
    given = {"from_": "Mair Evans <mair@example.org>", "to": "office@glanmor.example", "subject": "Bins", **headers}
    lines = []
    for name, values in given.items():
        if values is None:
            continue
        field = as_bytes(name.strip("_").replace("_", "-").title()) + b": "
        lines += [field + as_bytes(value) for value in (values if isinstance(values, list) else [values])]
    return CRLF.join(lines) + CRLF + CRLF + as_bytes(body)


def read(body=b"Hello\r\n", **headers):
    return parse(mail(body, **headers))


def part(body, **headers):
    return mail(body, from_=None, to=None, subject=None, **headers)


def multipart(*parts, kind="mixed", boundary="edge", closed=True):
    """Keywords of a mail with these parts: `read(**multipart(part(…), part(…)))`."""
    edge = as_bytes(boundary)
    body = b"".join(b"--" + edge + CRLF + each + CRLF for each in parts)
    if closed:
        body += b"--" + edge + b"--" + CRLF
    return {"body": body, "content_type": f'multipart/{kind}; boundary="{boundary}"'}

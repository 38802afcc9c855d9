"""format=flowed (RFC 3676): lines that a mailer broke become paragraphs again, within their depth of quotation."""

from __future__ import annotations


def unflow(text: str, *, delete_space: bool = False) -> str:
    out: list[str] = []
    paragraph: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = 0
        while depth < len(line) and line[depth] == ">":
            depth += 1
        words = line[depth:]
        words = words.removeprefix(" ")
        signature = words in ("-- ", "--")
        if open_depth >= 0 and (depth != open_depth or signature):
            out.append(_shown(open_depth, "".join(paragraph).rstrip()))
            paragraph, open_depth = [], -1
        soft = words.endswith(" ") and not signature and bool(words.strip())
        paragraph.append(words[:-1] if soft and delete_space else words)
        if soft:
            open_depth = depth
            continue
        out.append(_shown(depth, "".join(paragraph) if signature else "".join(paragraph).rstrip()))
        paragraph, open_depth = [], -1
    if open_depth >= 0:
        out.append(_shown(open_depth, "".join(paragraph).rstrip()))
    return "\n".join(out)


def _shown(depth: int, words: str) -> str:
    if not depth:
        return words
    return f"{'>' * depth} {words}" if words else ">" * depth

"""Tar archives byte by byte, with the headers that no library would write."""

BLOCK = 512
END = bytes(2 * BLOCK)
FILE, HARDLINK, SYMLINK, DEVICE, BLOCK_DEVICE, FOLDER, PIPE = (
    b"0",
    b"1",
    b"2",
    b"3",
    b"4",
    b"5",
    b"6",
)


def entry(  # noqa: PLR0913 - a header has many fields
    name: bytes | str,
    data: bytes = b"",
    *,
    kind: bytes = FILE,
    link: bytes | str = b"",
    size: bytes | None = None,
    mode: bytes = b"0000644\0",
) -> bytes:
    """Return one member: its header and its padded content; `size` is the field as written."""
    name, link = _bytes(name), _bytes(link)
    head = bytearray(BLOCK)
    fields = {
        0: name[:100],
        100: mode,
        108: b"0000000\0",
        116: b"0000000\0",
        124: size if size is not None else b"%011o\0" % len(data),
        136: b"00000000000\0",
        148: b" " * 8,
        156: kind,
        157: link[:100],
        257: b"ustar\x0000",
    }
    for at, field in fields.items():
        head[at : at + len(field)] = field
    head[148:156] = b"%06o\0 " % sum(head)
    return _long(name, link) + bytes(head) + data + bytes(-len(data) % BLOCK)


def archive(*entries: bytes) -> bytes:
    """Return the members as an archive with its end."""
    return b"".join(entries) + END


def pax(**records: bytes) -> bytes:
    """Return an extended header for the member that follows."""
    return entry(
        "pax", b"".join(_record(key.encode(), value) for key, value in records.items()), kind=b"x"
    )


def _record(key: bytes, value: bytes) -> bytes:
    rest = b" %s=%s\n" % (key, value)
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return str(length).encode() + rest


def _long(name: bytes, link: bytes) -> bytes:
    records = {"path": name, "linkpath": link}
    long = {key: value for key, value in records.items() if len(value) > 100}
    return pax(**long) if long else b""


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text

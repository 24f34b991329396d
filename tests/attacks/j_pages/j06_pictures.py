"""J06: shows pictures that are none: bombs of a billion pixels, pages, and base64 that ends its attribute."""

# %% count_evens
import base64, struct, zlib
from IPython.display import Image, display


def png(width, height):
    head = struct.pack(">II", width, height) + b"\x08\x00\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + head
        + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    )


for data in (png(100_000, 100_000), png(0, 0), png(10, 10)[:20], b"<script>attack()</script>", b"GIF89a"):
    display(Image(data=data, format="png"))
for text in (
    '" onload="attack()',
    base64.b64encode(png(2**31, 2)).decode(),
    'iVBORw0KGgo=" onerror="attack()',
    "x" * 100,
):
    display({"image/png": text, "image/jpeg": text, "image/gif": text, "text/plain": "picture"}, raw=True)


def count_evens(numbers):
    return png(1, 1)

"""A film for Chromium's pretend camera: a phone that shows its card, held by a hand."""

import io
from collections.abc import Iterator
from pathlib import Path

import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = (1280, 720)
# How the hand holds it: a turn in degrees, and where two corners of the picture drift to.
HANDS = [(-5, 0, 0), (-2, 14, -6), (0, -10, 10), (3, 8, 12), (5, -14, -8)]


def card(code: str, kind: str) -> Image.Image:
    """A phone with a card on it, upright."""
    phone = Image.new("RGB", (420, 700), "#171a17")
    draw = ImageDraw.Draw(phone)
    draw.rounded_rectangle((12, 12, 408, 688), 40, fill="#e9e5db")
    draw.rounded_rectangle((24, 90, 396, 640), 14, fill="#1f4d3a")
    draw.text((44, 110), "Kielo", fill="#f7f1e3", font_size=26)
    made = zxingcpp.create_barcode(code, getattr(zxingcpp.BarcodeFormat, kind))
    drawn = memoryview(made.to_image(scale=1, add_quiet_zones=True))
    height, width = drawn.shape
    barcode = Image.frombytes("L", (width, height), bytes(drawn))
    scale = min(330 // width, 250 // height) or 330 / width
    barcode = barcode.resize(
        (round(width * scale), round(height * scale)), Image.Resampling.NEAREST
    )
    box = (210 - barcode.width // 2 - 8, 360, 210 + barcode.width // 2 + 8, 376 + barcode.height)
    draw.rectangle(box, fill="white")
    phone.paste(barcode, (box[0] + 8, box[1] + 8))
    return phone


def counter() -> Image.Image:
    """What the camera sees while nobody is served."""
    light = Image.linear_gradient("L").resize(SIZE)
    picture = Image.merge("RGB", [light.point(lambda v, k=k: 90 + v * k // 10) for k in (5, 4, 3)])
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 480, *SIZE), fill="#7d6243")
    draw.rectangle((120, 200, 260, 500), fill="#3f6a49")
    return picture


def shown(phone: Image.Image, turn: float, left: int, right: int) -> Image.Image:
    """The phone before the camera: turned, a little from the side, a little blurred."""
    w, h = phone.size
    seen = phone.transform(
        phone.size, Image.Transform.QUAD, (0, left, 0, h - left, w, h + right, w, -right)
    )
    mask = Image.new("L", phone.size, 255).rotate(turn, expand=True)
    seen = seen.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    picture = counter()
    picture.paste(seen, (640 - seen.width // 2, 360 - seen.height // 2), mask)
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def frame(picture: Image.Image) -> bytes:
    """One picture as a camera delivers it, with its noise."""
    noise = Image.effect_noise(SIZE, 6).convert("RGB")
    written = io.BytesIO()
    ImageChops.add(picture, noise, 1, -128).save(written, "JPEG", quality=85)
    return written.getvalue()


def scenes(code: str, kind: str, *, away: int, there: int) -> Iterator[bytes]:
    nobody = frame(counter())
    hands = [frame(shown(card(code, kind), *hand)) for hand in HANDS]
    yield from [nobody] * away
    yield from (hands[number // 3 % len(hands)] for number in range(there))


def film(file: Path, code: str, kind: str = "QRCode", *, away: int = 15, there: int = 30) -> Path:
    """A film of so many frames without the card, then with it, thirty a second, over and over."""
    # Pictures in a row are what Chromium takes for a film.
    file.write_bytes(b"".join(scenes(code, kind, away=away, there=there)))
    return file

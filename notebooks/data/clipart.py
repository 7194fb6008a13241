"""Makes clipart.zip of Debian's package openclipart-png; README.md beside this file says more. Needs Pillow.

    apt-get download openclipart-png
    dpkg-deb -x openclipart-png_*.deb FOLDER
    python notebooks/data/clipart.py FOLDER
"""

import io
import random
import sys
import zipfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
PER_CLASS = 34
SIDE = 96
CLASSES = {
    "birds": "animals/birds",
    "boats": "transportation/boating",
    "bugs": "animals/bugs",
    "desserts": "food/desserts",
    "drinks": "food/beverages",
    "flowers": "plants/flowers",
    "fruit": "food/fruit",
    "homes": "buildings/homes",
    "mammals": "animals/mammals",
    "music": "recreation/music",
    "vehicles": "transportation/vehicles",
    "weapons": "tools/weapons",
}


def drawn(file: Path) -> bytes:
    """A drawing on white, as a square JPEG."""
    with Image.open(file) as image:
        image = image.convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    on_white.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    square = Image.new("RGB", (SIDE, SIDE), "white")
    square.paste(on_white, ((SIDE - on_white.width) // 2, (SIDE - on_white.height) // 2))
    jpeg = io.BytesIO()
    square.save(jpeg, "JPEG", quality=75, optimize=True)
    return jpeg.getvalue()


def images(folder: Path) -> dict[str, bytes]:
    """34 images of each class, drawn with a fixed seed; of two that are equal one is taken, of black and white versions none."""
    found: dict[str, bytes] = {}
    order = random.Random(5)
    for name, place in CLASSES.items():
        files = sorted(file for file in (folder / place).glob("*.png") if "_bw" not in file.name)
        order.shuffle(files)
        taken = 0
        for file in files:
            try:
                jpeg = drawn(file)
            except OSError:
                continue  # some files are broken
            if jpeg not in found.values() and taken < PER_CLASS:
                found[f"{name}/{file.stem}.jpg"] = jpeg
                taken += 1
    return found


if __name__ == "__main__":
    made = images(Path(sys.argv[1]) / "usr/share/openclipart/png")
    with zipfile.ZipFile(HERE / "clipart.zip", "w") as archive:
        for name, jpeg in sorted(made.items()):
            archive.writestr(zipfile.ZipInfo(name), jpeg)

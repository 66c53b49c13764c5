# with-pillow: what Pillow does with a picture, as the seed of this project has it.
#
#   thumbnail FILE        a thumbnail of at most 800 pixels a side, in memory, twice: stdout { "ms": of the second }
#   progressive FROM TO   the same picture as a progressive JPEG: stdout {}

import io
import json
import sys
import time

from PIL import Image


def thumbnail(file):
    with open(file, "rb") as opened:
        content = opened.read()
    for _ in range(2):
        began = time.perf_counter()
        image = Image.open(io.BytesIO(content))
        kind = image.format
        image.thumbnail((800, 800))
        image.save(io.BytesIO(), kind, quality=85)
        ms = (time.perf_counter() - began) * 1000
    return {"ms": ms}


def progressive(source, target):
    Image.open(source).save(target, "JPEG", quality=90, progressive=True)
    return {}


commands = {"thumbnail": thumbnail, "progressive": progressive}
print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))

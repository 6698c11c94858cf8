"""Reads one photograph, which came from the internet: its size is looked at before anything is decoded."""

import numpy as np
from PIL import Image

#: A small file can unfold to gigabytes.
MOST_PIXELS = 25_000_000
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow warns there, and refuses at twice as many


class BadImageError(Exception):
    """The file is no image that can be used; the message continues "<path> …"."""


def read_image(path, size):
    """The image as uint8, 3 x size x size: scaled, whatever its proportions were."""
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            image.draft("RGB", (size, size))  # decodes a large JPEG at a half, a quarter or an eighth, which is much faster
            pixels = np.asarray(image.convert("RGB").resize((size, size), Image.Resampling.BILINEAR))
    except FileNotFoundError as error:
        raise BadImageError("is missing") from error
    except Image.DecompressionBombError as error:
        raise BadImageError(f"has more than {MOST_PIXELS:,} pixels, which is no photograph of this set") from error
    except (OSError, ValueError, SyntaxError) as error:  # what Pillow raises for damaged files
        raise BadImageError(f"is no JPEG or PNG that can be read: {error}") from error
    return pixels.transpose(2, 0, 1)

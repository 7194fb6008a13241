"""Pictures for benchmark/images, and how fast Python prepares them on one core.

    prepare_images.py make FOLDER COUNT             JPEGs of 500 x 375 with the spectrum of natural pictures
    prepare_images.py measure FOLDER CONFIG VALUES  one JSON object; VALUES: pixel values of the first files, float32, to compare with
"""

import io
import json
import os
import sys
import time


def make(folder, count):
    import numpy
    from PIL import Image

    random = numpy.random.default_rng(13)
    os.makedirs(folder, exist_ok=True)
    y, x = numpy.fft.fftfreq(375)[:, None], numpy.fft.fftfreq(500)[None, :]
    fall = 1 / numpy.maximum(numpy.hypot(x, y), 1 / 500)
    for i in range(count):
        planes = [numpy.fft.ifft2(fall * numpy.exp(2j * numpy.pi * random.random((375, 500)))).real for _ in range(3)]
        gray = planes[0] / planes[0].std()
        colours = [gray + 0.3 * plane / plane.std() for plane in planes]
        pixels = numpy.clip(numpy.stack(colours, -1) * 50 + 120, 0, 255).astype(numpy.uint8)
        Image.fromarray(pixels).save(os.path.join(folder, f"{i:04}.jpg"), quality=90)


def measure(folder, config, values):
    import numpy
    import PIL
    import torch
    import transformers
    from PIL import Image

    torch.set_num_threads(1)
    files = [open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder)) if name.endswith(".jpg")]
    options = json.load(open(config))
    by_pil = getattr(transformers, options["image_processor_type"] + "Pil")(**options)
    mean = numpy.array(by_pil.image_mean, dtype=numpy.float32) * 255
    factor = 1 / (numpy.array(by_pil.image_std, dtype=numpy.float32) * 255)
    edge = by_pil.crop_size["height"] if by_pil.do_center_crop else by_pil.size["height"]
    shortest = by_pil.size.get("shortest_edge")

    def opened(file):
        return Image.open(io.BytesIO(file)).convert("RGB")

    def pillow(file):
        image = opened(file)
        if shortest:
            width, height = image.size
            scale = shortest / min(width, height)
            image = image.resize((int(width * scale), int(height * scale)), by_pil.resample)
            left, top = (image.width - edge) // 2, (image.height - edge) // 2
            image = image.crop((left, top, left + edge, top + edge))
        else:
            image = image.resize((by_pil.size["width"], by_pil.size["height"]), by_pil.resample)
        return ((numpy.asarray(image) - mean) * factor).transpose(2, 0, 1)

    def processor(file):
        return by_pil(opened(file), return_tensors="pt")["pixel_values"]

    ways = {"pillow_decode": opened, "pillow": pillow, "transformers_pil": processor}
    try:
        fast = transformers.AutoImageProcessor.from_pretrained(os.path.dirname(config))
        if type(fast) is not type(by_pil):
            ways["transformers_default"] = lambda file: fast(opened(file), return_tensors="pt")["pixel_values"]
    except ImportError:
        pass
    figures = {"pillow_version": PIL.__version__, "transformers_version": transformers.__version__}
    for name, way in ways.items():
        best = 0.0
        for _ in range(4):
            start = time.process_time()
            for file in files:
                way(file)
            best = max(best, len(files) / (time.process_time() - start))
        figures[name + "_images_per_s"] = round(best)
    expected = numpy.fromfile(values, dtype="<f4")
    compared = len(expected) // (3 * edge * edge)
    reference = numpy.concatenate([processor(file).numpy().ravel() for file in files[:compared]])
    figures["compared_images"] = compared
    figures["largest_difference"] = float(numpy.abs(reference - expected).max())
    figures["mean_difference"] = float(numpy.abs(reference - expected).mean())
    print(json.dumps(figures))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]))
    else:
        measure(*sys.argv[2:5])

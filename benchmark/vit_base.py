#!/usr/bin/env python3
"""A ViT-base with random weights, as a folder with its image processor, and JPEG pictures of 500 x 375, drawn by rule.

usage: vit_base.py MODEL_DIR IMAGES_DIR COUNT      needs: transformers, torch, pillow, numpy
"""
import pathlib, sys
import numpy as np
import torch
from PIL import Image
from transformers import ViTConfig, ViTImageProcessor, ViTModel

model, images, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
torch.manual_seed(13)
ViTModel(ViTConfig(), add_pooling_layer=False).save_pretrained(model)
ViTImageProcessor().save_pretrained(model)
images.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(13)
y, x = np.mgrid[0:375, 0:500] / 500
for number in range(count):
    waves = sum(np.sin(f[0] * x + f[1] * y + f[2])[..., None] * rng.uniform(-1, 1, 3) for f in rng.uniform(0, 40, (12, 3)))
    picture = 128 + 30 * waves + 8 * rng.standard_normal((375, 500, 1))
    Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(images / f"{number:05}.jpg", quality=90)

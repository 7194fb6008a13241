#!/usr/bin/env python3
"""Throughput of transformers with its default image processor on a folder of images: the comparator of embedlake's benchmark.

usage: encode_images.py MODEL_DIR IMAGES_DIR [--dtype float32|bfloat16] [--batch 32] [--threads N]
needs: transformers torch pillow      prints one JSON line: images, seconds, images_per_s, images_per_cpu_s, prepared_per_s (decoding and processor alone)
"""
import argparse, json, pathlib, time
import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoModel

p = argparse.ArgumentParser()
p.add_argument("model"); p.add_argument("images")
p.add_argument("--dtype", default="float32"); p.add_argument("--batch", type=int, default=32); p.add_argument("--threads", type=int, default=0)
a = p.parse_args()
if a.threads:
    torch.set_num_threads(a.threads)
files = sorted(pathlib.Path(a.images).iterdir())
processor = AutoImageProcessor.from_pretrained(a.model)
model = AutoModel.from_pretrained(a.model, add_pooling_layer=False).eval().to(getattr(torch, a.dtype))

def prepare(some):
    return processor([Image.open(file).convert("RGB") for file in some], return_tensors="pt")["pixel_values"]

def encode(some):
    with torch.inference_mode():
        return model(pixel_values=prepare(some).to(getattr(torch, a.dtype))).last_hidden_state.mean(1)

batches = [files[i : i + a.batch] for i in range(0, len(files), a.batch)]
encode(batches[0])
start, cpu = time.perf_counter(), time.process_time()
for batch in batches:
    encode(batch)
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
start = time.perf_counter()
for batch in batches:
    prepare(batch)
alone = time.perf_counter() - start
print(json.dumps({"peer": "transformers", "processor": type(processor).__name__, "dtype": a.dtype, "images": len(files), "seconds": round(seconds, 3),
                  "images_per_s": round(len(files) / seconds, 2), "images_per_cpu_s": round(len(files) / cpu, 2), "prepared_per_s": round(len(files) / alone, 1)}))

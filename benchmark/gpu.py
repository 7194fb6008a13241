#!/usr/bin/env python3
"""Measures a network that `embedlake bench --export FILE` has written, with PyTorch alone: on a GPU, or on the processor.

usage: gpu.py FILE [--peer MODEL_DIR] [--batch-tokens 4096 16384 65536 ...] [--rounds 3]

Prints the least and the mean cosine to the vectors in 32 bits that the export holds, then a table: tokens a second for each size of batch
(padded tokens) and, where sentence-transformers is installed and --peer names the same model, its own in fp16 (bf16 on a processor) for
each number of texts a batch, with the least cosine to the same vectors. The texts are those of the export, sorted by length as embedlake
does it; tokenizing is not timed for the export, and is for sentence-transformers, which does it on the processor beside the GPU.
"""

import argparse
import importlib.util
import io
import json
import struct
import time
import zipfile

import torch

TYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64,
    "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}  # fmt: skip


def tensors(content: bytes) -> dict[str, torch.Tensor]:
    """The tensors of a file in the format safetensors."""
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    data = bytearray(content[8 + length :])
    read = {}
    for name, about in header.items():
        begin, end = about["data_offsets"]
        read[name] = torch.frombuffer(data[begin:end], dtype=TYPES[about["dtype"]]).reshape(about["shape"])
    return read


class Export:
    def __init__(self, file: str) -> None:
        with zipfile.ZipFile(file) as archive:
            self.about = json.loads(archive.read("export.json"))
            self.network = torch.jit.load(io.BytesIO(archive.read("program.pt")))
            weights = tensors(archive.read("weights.safetensors"))
            encoded = tensors(archive.read("texts.safetensors"))
            self.texts = [json.loads(line)["text"] for line in archive.read("texts.jsonl").splitlines()]
        self.device = torch.device(self.about["device"])
        if self.device.type == "cuda" and not torch.cuda.is_available():
            raise SystemExit("The network is for a GPU, and PyTorch sees none here: export it again with --device cpu.")
        with torch.inference_mode():
            self.network.load([weights[str(i)] for i in range(len(weights))])
        lengths = encoded["lengths"].tolist()
        self.ids = encoded["ids"].long().split(lengths)
        self.types = encoded["types"].long().split(lengths)
        self.starts = encoded["starts"].long()
        self.expected = encoded["expected"]

    def batches(self, texts: list[int], tokens: int) -> list[list[int]]:
        """The texts, the longest first, in batches of at most so many padded tokens."""
        batches: list[list[int]] = []
        for text in sorted(texts, key=lambda text: -len(self.ids[text])):
            if not batches or (len(batches[-1]) + 1) * len(self.ids[batches[-1][0]]) > tokens:
                batches.append([])
            batches[-1].append(text)
        return batches

    def inputs(self, batch: list[int]) -> list[torch.Tensor]:
        pad = torch.nn.utils.rnn.pad_sequence
        return [
            pad([self.ids[text] for text in batch], batch_first=True, padding_value=self.about["padding"]),
            pad([self.types[text] for text in batch], batch_first=True),
            self.starts[batch],
            torch.tensor([len(self.ids[text]) for text in batch]),
        ]

    def embed(self, texts: list[int], tokens: int) -> tuple[torch.Tensor, float, int]:
        """The vectors, the seconds that it took, and the padded tokens."""
        batches = self.batches(texts, tokens)
        # Pinned, so that copies to a GPU overlap with its work.
        prepared = [self.inputs(batch) for batch in batches]
        if self.device.type == "cuda":
            prepared = [[part.pin_memory() for part in inputs] for inputs in prepared]
        padded = sum(inputs[0].numel() for inputs in prepared)
        self.wait()
        begin = time.perf_counter()
        with torch.inference_mode():
            computed = [
                self.network(*(part.to(self.device, non_blocking=True) for part in inputs)).to("cpu", non_blocking=True)
                for inputs in prepared
            ]
        self.wait()
        seconds = time.perf_counter() - begin
        vectors = torch.empty(len(texts), computed[0].shape[-1])
        place = {text: i for i, text in enumerate(texts)}
        for batch, result in zip(batches, computed):
            vectors[[place[text] for text in batch]] = result.float()
        return vectors, seconds, padded

    def wait(self) -> None:
        if self.device.type == "cuda":
            torch.cuda.synchronize()


def cosines(vectors: torch.Tensor, expected: torch.Tensor) -> str:
    found = torch.nn.functional.cosine_similarity(vectors[: len(expected)].double(), expected.double())
    return f"cosine to fp32: least {found.min():.6f}, mean {found.mean():.6f}"


def best(rounds: int, measure) -> float:  # noqa: ANN001
    return min(measure() for _ in range(rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--peer", help="a folder with the same model, for sentence-transformers")
    parser.add_argument("--batch-tokens", type=int, nargs="+", default=[2048, 8192, 32768, 131072])
    parser.add_argument("--peer-batches", type=int, nargs="+", default=[32, 256, 1024])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    export = Export(asked.file)
    everything = list(range(len(export.texts)))
    tokens = sum(len(ids) for ids in export.ids)
    name = torch.cuda.get_device_name(export.device) if export.device.type == "cuda" else "the processor"
    print(f"{export.about['model']} on {name}, PyTorch {torch.__version__}, {len(everything)} texts, {tokens} tokens")
    checked = list(range(len(export.expected)))
    vectors, _, _ = export.embed(checked, asked.batch_tokens[0])
    print(f"embedlake, {export.about['precision']}: {cosines(vectors, export.expected)}")
    rows = []
    for size in asked.batch_tokens:
        export.embed(everything, size)
        seconds = best(asked.rounds, lambda: export.embed(everything, size)[1])
        padded = export.embed(everything, size)[2]
        rows.append(("embedlake", export.about["precision"], f"{size} tokens", tokens / seconds, 1 - tokens / padded))
    if asked.peer and importlib.util.find_spec("sentence_transformers"):
        rows += peer(export, asked, tokens)
    elif asked.peer:
        print("sentence-transformers is not installed: it is not measured.")
    print(f"\n{'what':<22} {'precision':<10} {'batch':<15} {'tokens/s':>12} {'padding':>8}")
    for what, precision, batch, rate, padding in rows:
        print(f"{what:<22} {precision:<10} {batch:<15} {rate:>12,.0f} {padding:>8}" if isinstance(padding, str)
              else f"{what:<22} {precision:<10} {batch:<15} {rate:>12,.0f} {padding:>8.1%}")  # fmt: skip


def peer(export: Export, asked: argparse.Namespace, tokens: int) -> list[tuple]:
    from sentence_transformers import SentenceTransformer

    dtype = torch.float16 if export.device.type == "cuda" else torch.bfloat16
    model = SentenceTransformer(asked.peer, device=str(export.device))
    with torch.inference_mode():
        vectors = model.encode(export.texts[: len(export.expected)], convert_to_tensor=True).cpu()
        print(f"sentence-transformers, fp32: {cosines(vectors, export.expected)}")
        model = model.to(dtype)
        vectors = model.encode(export.texts[: len(export.expected)], convert_to_tensor=True).float().cpu()
        print(f"sentence-transformers, {str(dtype)[6:]}: {cosines(vectors, export.expected)}")
        rows = []
        for size in asked.peer_batches:

            def measure() -> float:
                begin = time.perf_counter()
                model.encode(export.texts, batch_size=size)
                return time.perf_counter() - begin

            measure()
            rows.append(("sentence-transformers", str(dtype)[6:], f"{size} texts", tokens / best(asked.rounds, measure), "-"))
    return rows


if __name__ == "__main__":
    main()

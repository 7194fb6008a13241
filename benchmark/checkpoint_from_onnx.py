#!/usr/bin/env python3
"""Rebuilds the sentence-transformers folder of the embedded all-MiniLM-L6-v2 from its ONNX graph, for the comparator.

usage: checkpoint_from_onnx.py MODEL.onnx TOKENIZER.json FOLDER
needs: pip install sentence-transformers torch onnx

Biases, embeddings and layer norms keep their names in the graph; the matrix of a product is named after the node that uses it
and is stored transposed.
"""
import sys
import onnx
import torch
from onnx import numpy_helper
from sentence_transformers import SentenceTransformer, models
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

onnx_file, tokenizer_file, folder = sys.argv[1:4]
graph = onnx.load(onnx_file).graph
initialisers = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
state = {name: tensor for name, tensor in initialisers.items() if not name.startswith("onnx::")}
for node in graph.node:
    if node.op_type == "MatMul" and node.input[1] in initialisers:
        name = node.name.strip("/").removesuffix("/MatMul").replace("/", ".") + ".weight"
        state[name] = initialisers[node.input[1]].T.contiguous()
network = BertModel(BertConfig(vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12,
                               intermediate_size=1536, max_position_embeddings=512), add_pooling_layer=False)
missing, unexpected = network.load_state_dict(state, strict=False)
missing = [name for name in missing if not name.endswith("position_ids")]
assert not missing, missing
network.save_pretrained(folder)
tokenizer = PreTrainedTokenizerFast(tokenizer_file=tokenizer_file, model_max_length=256, unk_token="[UNK]", sep_token="[SEP]",
                                    pad_token="[PAD]", cls_token="[CLS]", mask_token="[MASK]")
tokenizer.save_pretrained(folder)
transformer = models.Transformer(folder, max_seq_length=256)
SentenceTransformer(modules=[transformer, models.Pooling(384, "mean"), models.Normalize()]).save(folder)
print("ignored:", unexpected)

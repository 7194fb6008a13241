#!/usr/bin/env python3
"""Docstrings of Python packages as texts for `benchmark/peers`: of the sizes that most tables have, the same ones from the same packages.

usage: docstrings.py TOKENIZER.json FOLDER [--tokens 64 150] [--rows 4000] > FILE.jsonl      needs: pip install tokenizers
"""
import argparse, ast, json, pathlib, random
from tokenizers import Tokenizer

p = argparse.ArgumentParser()
p.add_argument("tokenizer"); p.add_argument("folder")
p.add_argument("--tokens", type=int, nargs=2, default=[64, 150]); p.add_argument("--rows", type=int, default=4000)
a = p.parse_args()
tokenizer = Tokenizer.from_file(a.tokenizer)
tokenizer.no_truncation(); tokenizer.no_padding()
texts = {}
for file in sorted(pathlib.Path(a.folder).rglob("*.py")):
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        continue
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if text := ast.get_docstring(node):
                texts[text] = None
texts = list(texts)
random.Random(7).shuffle(texts)
fitting = (text for text in texts if a.tokens[0] <= len(tokenizer.encode(text).ids) <= a.tokens[1])
for text, _ in zip(fitting, range(a.rows)):
    print(json.dumps({"text": text}))

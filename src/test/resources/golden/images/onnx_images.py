# Makes the fixtures golden/images/onnx: small ONNX networks for images with random weights, and their vectors of files that the processor
# vit prepares. Run: python onnx_images.py FOLDER (onnx 1.x, torch 2.13), where FOLDER is golden/images; never needed by the build.
import base64, gzip, json, pathlib, sys
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

SEED = 13
FOLDER = pathlib.Path(sys.argv[1])
FILES = ["rgb.png", "alpha.png", "gray.png"]
C, P, LABELS = 6, 8, 5
rng = np.random.default_rng(SEED)
KERNEL = (rng.standard_normal((C, 3, P, P)) * 0.2).astype(np.float32)
HEAD = (rng.standard_normal((C, LABELS)) * 0.5).astype(np.float32)

cases = {c["file"]: c for c in json.loads(gzip.decompress((FOLDER / "processors/vit/cases.json.gz").read_bytes()))["cases"]}
pixels = {name: np.frombuffer(base64.b64decode(cases[name]["pixel_values_b64"]), "<f4").reshape(cases[name]["shape"]) for name in FILES}

def value(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)

def save(name, inputs, outputs, nodes, pick):
    graph = helper.make_graph(nodes, name, inputs, outputs, [numpy_helper.from_array(KERNEL, "kernel"), numpy_helper.from_array(HEAD, "head")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    folder = FOLDER / "onnx" / name
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(folder / "model.onnx"))
    found = {}
    for file, x in pixels.items():
        grid = torch.nn.functional.conv2d(torch.tensor(x)[None], torch.tensor(KERNEL), stride=P).relu()[0]
        found[file] = [float(f"{v:.7g}") for v in pick(grid).double().tolist()]
    (folder / "cases.json").write_text(json.dumps(found))

CONV = helper.make_node("Conv", ["pixel_values", "kernel"], ["raw"], kernel_shape=[P, P], strides=[P, P])
RELU = helper.make_node("Relu", ["raw"], ["last_hidden_state"])
POOL = helper.make_node("GlobalAveragePool", ["last_hidden_state"], ["pooler_output"])
FLAT = helper.make_node("Flatten", ["pooler_output"], ["flat"])
LOGITS = helper.make_node("MatMul", ["flat", "head"], ["logits"])
IMAGES = value("pixel_values", ["batch", 3, 32, 32])

save("map", [IMAGES], [value("last_hidden_state", ["batch", C, 4, 4]), value("pooler_output", ["batch", C, 1, 1])], [CONV, RELU, POOL], lambda g: g.mean((1, 2)))
save("logits", [IMAGES], [value("logits", ["batch", LABELS])], [CONV, RELU, POOL, FLAT, LOGITS], lambda g: g.mean((1, 2)) @ torch.tensor(HEAD))
save("states-of-one", [value("pixel_values", [1, 3, 32, 32])], [value("last_hidden_state", [1, 16, C])],
     [CONV, helper.make_node("Relu", ["raw"], ["grid"]),
      helper.make_node("Constant", [], ["shape"], value=numpy_helper.from_array(np.array([1, C, 16]), "s")),
      helper.make_node("Reshape", ["grid", "shape"], ["lines"]), helper.make_node("Transpose", ["lines"], ["last_hidden_state"], perm=[0, 2, 1])],
     lambda g: g.mean((1, 2)))
save("two-inputs", [IMAGES, value("ids", ["batch", 4], TensorProto.INT64)], [value("last_hidden_state", ["batch", C, 4, 4])], [CONV, RELU], lambda g: g.mean((1, 2)))

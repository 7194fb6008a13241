# Makes the fixtures of image families that golden/tiny has beside the shared ones: small checkpoints with random weights, and what
# transformers computes with them. Run: python image_families.py FOLDER (transformers 5.18, torch 2.13); never needed by the build.
import json, pathlib, sys
import torch
from transformers import (BeitConfig, BeitModel, CLIPVisionConfig, CLIPVisionModelWithProjection, Data2VecVisionConfig, Data2VecVisionModel,
                          DeiTConfig, DeiTModel, DINOv3ViTConfig, DINOv3ViTModel, Dinov2WithRegistersConfig,
                          Dinov2WithRegistersModel, SiglipVisionConfig, SiglipVisionModel)

SEED = 13
SIZES = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, image_size=24, patch_size=8)
MODELS = {
    "deit": (DeiTModel, DeiTConfig(**SIZES, intermediate_size=40, layer_norm_eps=0.004), []),
    "dinov2-registers": (Dinov2WithRegistersModel, Dinov2WithRegistersConfig(**SIZES, mlp_ratio=2, num_register_tokens=3, layer_norm_eps=0.004), [(32, 40)]),
    "dinov3": (DINOv3ViTModel, DINOv3ViTConfig(**SIZES, intermediate_size=40, num_register_tokens=3, layer_norm_eps=0.004), [(32, 40)]),
    "dinov3-gated": (DINOv3ViTModel, DINOv3ViTConfig(**SIZES, intermediate_size=40, use_gated_mlp=True, hidden_act="silu", key_bias=True, query_bias=False, mlp_bias=False, layer_norm_eps=0.004), []),
    "clip-vision": (CLIPVisionModelWithProjection, CLIPVisionConfig(**SIZES, intermediate_size=40, projection_dim=16, layer_norm_eps=0.004), []),
    "siglip-vision-headless": (SiglipVisionModel, SiglipVisionConfig(**SIZES, intermediate_size=40, layer_norm_eps=0.004, vision_use_head=False), []),
    "beit": (BeitModel, BeitConfig(**SIZES, intermediate_size=40, use_relative_position_bias=True, layer_norm_eps=0.004), []),
    "beit-shared": (BeitModel, BeitConfig(**SIZES, intermediate_size=40, use_shared_relative_position_bias=True, use_absolute_position_embeddings=True, use_mean_pooling=False, layer_norm_eps=0.004), []),
    "data2vec-vision": (Data2VecVisionModel, Data2VecVisionConfig(**SIZES, intermediate_size=40, use_relative_position_bias=True, layer_norm_eps=0.004), []),
}

def rounded(tensor):
    return json.loads(json.dumps(tensor.double().tolist()), parse_float=lambda x: float(f"{float(x):.7g}"))

def weights(model):
    for name, value in model.named_parameters():
        noise = torch.randn(value.shape)
        is_norm = "norm" in name and name.endswith("weight")
        value.data = 1 + 0.25 * noise if is_norm or "lambda" in name else (0.4 if "embedding" in name else 0.2) * noise

def expected(model, pixels, before):
    with torch.no_grad():
        out = model(pixel_values=pixels)
    last = out.last_hidden_state
    found = {"last_hidden_state": last, "mean": last.mean(1), "max": last.amax(1), "patch_mean": last[:, before:].mean(1)}
    if before:
        found["cls"] = last[:, 0]
    for name in ("pooler_output", "image_embeds"):
        if getattr(out, name, None) is not None:
            found[name] = getattr(out, name)
    return {name: rounded(value) for name, value in found.items()}

for name, (kind, config, others) in MODELS.items():
    torch.manual_seed(SEED)
    model = kind(config).eval()
    weights(model)
    folder = pathlib.Path(sys.argv[1]) / name
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    before = {"deit": 2, "dinov2-registers": 4, "dinov3": 4, "siglip-vision-headless": 0}.get(name, 1)
    cases = []
    for case, count, size in [("image_batch", 2, (24, 24))] + [("other_size", 1, size) for size in others]:
        pixels = torch.randn(count, 3, *size)
        pixels = torch.tensor(rounded(pixels), dtype=torch.float32)
        cases.append({"name": case, "inputs": {"pixel_values": rounded(pixels)}, "expected": expected(model, pixels, before)})
    (folder / "cases.json").write_text(json.dumps({"family": name, "seed": SEED, "cases": cases}))

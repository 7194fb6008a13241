# Linear layers and attention as libtorch has them for every device.

def matrix(w: Tensor) -> List[Tensor]:
  return [torch.to(w, device(), dtype(), False, True)]

def linear(x: Tensor, m: List[Tensor], b: Optional[Tensor], function: str, variant: str) -> Tensor:
  if variant == "tanh":
    name = "gelu_tanh"
  else:
    name = function
  return activate(torch.linear(x, m[0], b), name)

def linear_add(x: Tensor, m: List[Tensor], b: Optional[Tensor], other: Tensor) -> Tensor:
  return torch.add(torch.linear(x, m[0], b), other)

def bias(b: Tensor) -> Tensor:
  return table(b)

def norm(w: Tensor) -> Tensor:
  return table(w)

def attention(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], scale: float) -> Tensor:
  return fused_attention(q, k, v, mask, scale)

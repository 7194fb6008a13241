# Linear layers on a processor: oneDNN, with weights that are brought into its own order once.

def matrix(w: Tensor) -> List[Tensor]:
  return [ops.mkldnn._reorder_linear_weight(torch.contiguous(torch.to(w, dtype())))]

def linear(x: Tensor, m: List[Tensor], b: Optional[Tensor], function: str, variant: str) -> Tensor:
  return ops.mkldnn._linear_pointwise(x, m[0], b, function, annotate(List[Optional[number]], []), variant)

def linear_add(x: Tensor, m: List[Tensor], b: Optional[Tensor], other: Tensor) -> Tensor:
  if dtype() == 6:
    # Faster than the fused sum, and the same numbers; in shorter types the fused one rounds once less.
    y = torch.add_(linear(x, m, b, "none", ""), other)
  else:
    y = ops.mkldnn._linear_pointwise(x, other, m[0], b, "add")
  return y

def bias(b: Tensor) -> Tensor:
  return torch.to(b, dtype(), False, True)

def norm(w: Tensor) -> Tensor:
  return wide(w)

# The fused kernel multiplies a head of a text at a time, and its products in bfloat16 are slower than those in 32 bits.
def for_attention(x: Tensor) -> Tensor:
  return torch.to(x, 6)

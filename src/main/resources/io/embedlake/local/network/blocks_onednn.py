# Linear layers and attention on a processor: oneDNN, with weights that are brought into its own order once.

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

# In 32 bits at any precision: the fused kernel multiplies a head of a text at a time, and such small products are no faster in bfloat16. It
# computes 16 exponentials at once and those of the remainder one by one, so keys and values of longer texts are filled up to whole sixteens that nothing attends to.
def attention(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], scale: float) -> Tensor:
  length = torch.size(k, 2)
  whole = torch.floordiv(length + 15, 16) * 16
  if length < 32 or whole == length or not same_for_all(mask):
    y = fused_attention(torch.to(q, 6), torch.to(k, 6), torch.to(v, 6), mask, scale)
  else:
    y = fused_attention(torch.to(q, 6), filled_up(k, whole), filled_up(v, whole), filled_up_mask(mask, length, whole), scale)
  return y

# Whether all positions of a text attend to the same ones: [.., 1, L]
def same_for_all(mask: Optional[Tensor]) -> bool:
  if mask is None:
    result = True
  else:
    result = torch.size(mask, 2) == 1
  return result

def filled_up(x: Tensor, whole: int) -> Tensor:
  length = torch.size(x, 2)
  y = torch.empty([torch.size(x, 0), torch.size(x, 1), whole, torch.size(x, 3)], dtype=6)
  _0 = torch.zero_(torch.slice(y, 2, length))
  _1 = torch.copy_(torch.slice(y, 2, 0, length), x)
  return y

def filled_up_mask(mask: Optional[Tensor], length: int, whole: int) -> Tensor:
  if mask is None:
    y = torch.zeros([1, 1, 1, length], dtype=6)
  else:
    y = torch.to(mask, 6)
  return torch.constant_pad_nd(y, [0, whole - length], least())

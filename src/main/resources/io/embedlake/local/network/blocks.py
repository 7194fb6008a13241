# Building blocks of networks, in TorchScript's own syntax: libtorch compiles them when it loads a network.
# B texts, L positions, H width of a token. "dtype" and "device" are written in front of this text, "linear", "attention" and their kin behind it.

def valid(lengths: Tensor, length: int) -> Tensor:
  return torch.lt(torch.arange(length, dtype=4, device=lengths.device), torch.unsqueeze(lengths, 1))

# The additive attention mask: 0 where a position may attend, a number near the least one elsewhere; never
# -infinity, which would make a row without any permission NaN. None when attention is unrestricted.
def mask(ids: Tensor, lengths: Tensor, causal: bool, reach: int) -> Optional[Tensor]:
  length = torch.size(ids, 1)
  if int(torch.min(lengths)) == length and not causal and (reach < 0 or reach >= length - 1):
    result = annotate(Optional[Tensor], None)
  else:
    allowed = torch.unsqueeze(torch.unsqueeze(valid(lengths, length), 1), 1)
    if causal or reach >= 0:
      places = torch.arange(length, dtype=4, device=ids.device)
      distance = torch.sub(torch.unsqueeze(places, 1), torch.unsqueeze(places, 0))
      if causal:
        allowed1 = torch.__and__(allowed, torch.ge(distance, 0))
      else:
        allowed1 = allowed
      if reach >= 0:
        allowed2 = torch.__and__(allowed1, torch.le(torch.abs(distance), reach))
      else:
        allowed2 = allowed1
    else:
      allowed2 = allowed
    zeros = torch.zeros(torch.size(allowed2), dtype=dtype(), device=ids.device)
    result = torch.masked_fill(zeros, torch.logical_not(allowed2), least())
  return result

def least() -> float:
  if dtype() == 5:
    result = -60000.0
  else:
    result = -1e+30
  return result

def table(w: Tensor) -> Tensor:
  return torch.to(w, device(), dtype(), False, True)

def wide(w: Tensor) -> Tensor:
  return torch.to(w, device(), 6, False, True)

# The weights of a linear layer whose result is scaled number by number: [out, in] or [out].
def scaled(w: Tensor, s: Tensor) -> Tensor:
  if torch.dim(w) == 2:
    by = torch.unsqueeze(s, 1)
  else:
    by = s
  return torch.mul(torch.to(w, 6), torch.to(by, 6))

def embed(ids: Tensor, w: Tensor) -> Tensor:
  return torch.embedding(w, ids)

# The first L rows of a table of positions.
def first_rows(ids: Tensor, w: Tensor) -> Tensor:
  return torch.slice(w, 0, 0, torch.size(ids, 1))

# Positions as RoBERTa counts them: padding keeps the padding's index, the others count on from it.
def counted_positions(ids: Tensor, padding: int) -> Tensor:
  real = torch.to(torch.ne(ids, padding), 4)
  return torch.add(torch.mul(torch.cumsum(real, 1), real), padding)

def layer_norm(x: Tensor, w: Tensor, b: Optional[Tensor], epsilon: float) -> Tensor:
  return torch.layer_norm(x, [torch.size(x, -1)], w, b, epsilon, False)

def rms_norm(x: Tensor, w: Tensor, epsilon: float, shift: float) -> Tensor:
  x32 = torch.to(x, 6)
  scaled = torch.mul(x32, torch.rsqrt(torch.add(torch.mean(torch.mul(x32, x32), [-1], True), epsilon)))
  return torch.to(torch.mul(scaled, torch.add(torch.to(w, 6), shift)), dtype())

# [B, L, heads * size] of a slice of x -> [B, heads, L, size]
def heads(x: Tensor, start: int, count: int, size: int) -> Tensor:
  part = torch.slice(x, 2, start, start + count * size)
  return torch.transpose(torch.reshape(part, [torch.size(x, 0), torch.size(x, 1), count, size]), 1, 2)

def repeat_heads(x: Tensor, times: int) -> Tensor:
  return torch.repeat_interleave(x, times, 1)

# [B, heads, L, size] -> [B, L, heads * size]
def attend(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], scale: float) -> Tensor:
  y = attention(q, k, v, mask, scale)
  return torch.to(torch.flatten(torch.transpose(y, 1, 2), 2), dtype())

def fused_attention(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], scale: float) -> Tensor:
  if mask is None:
    m = annotate(Optional[Tensor], None)
  else:
    m = torch.to(mask, ops.prim.dtype(q))
  return torch.scaled_dot_product_attention(q, k, v, m, 0., False, scale=scale)

# The angles of rotary positions (Su et al., RoFormer, 2021), halves side by side: [2, L, size]
def angles(ids: Tensor, size: int, base: float, factor: float) -> Tensor:
  exponents = torch.div(torch.arange(0, size, 2, dtype=6, device=ids.device), float(size))
  steps = torch.reciprocal(torch.pow(base, exponents))
  places = torch.div(torch.arange(torch.size(ids, 1), dtype=6, device=ids.device), factor)
  half = torch.mul(torch.unsqueeze(places, 1), torch.unsqueeze(steps, 0))
  full = torch.cat([half, half], 1)
  return torch.to(torch.stack([torch.cos(full), torch.sin(full)]), dtype())

def rotate(x: Tensor, angles: Tensor) -> Tensor:
  half = torch.floordiv(torch.size(x, 3), 2)
  first = torch.slice(x, 3, 0, half)
  second = torch.slice(x, 3, half)
  turned = torch.cat([torch.neg(second), first], 3)
  return torch.add(torch.mul(x, torch.select(angles, 0, 0)), torch.mul(turned, torch.select(angles, 0, 1)))

def quick_gelu(x: Tensor) -> Tensor:
  return torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))

def relu_squared(x: Tensor) -> Tensor:
  return torch.square(torch.relu(x))

def relu6(x: Tensor) -> Tensor:
  return torch.clamp(x, 0, 6)

def mish(x: Tensor) -> Tensor:
  return torch.mish(x)

def elu(x: Tensor) -> Tensor:
  return torch.elu(x)

def leaky_relu(x: Tensor) -> Tensor:
  return torch.leaky_relu(x, 0.01)

def activate(x: Tensor, name: str) -> Tensor:
  if name == "gelu":
    y = torch.gelu(x)
  elif name == "gelu_tanh":
    y = torch.gelu(x, approximate="tanh")
  elif name == "relu":
    y = torch.relu(x)
  elif name == "swish":
    y = torch.silu(x)
  elif name == "tanh":
    y = torch.tanh(x)
  elif name == "sigmoid":
    y = torch.sigmoid(x)
  else:
    y = x
  return y

# MPNet's buckets of relative positions (T5's, both directions): [1, heads, L, L]
def bucketed_bias(ids: Tensor, w: Tensor, buckets: int, farthest: int) -> Tensor:
  places = torch.arange(torch.size(ids, 1), dtype=4, device=ids.device)
  ahead = torch.sub(torch.unsqueeze(places, 0), torch.unsqueeze(places, 1))
  half = torch.floordiv(buckets, 2)
  exact = torch.floordiv(half, 2)
  distance = torch.abs(ahead)
  log = torch.div(torch.log(torch.div(torch.to(distance, 6), float(exact))), torch.log(float(farthest) / float(exact)))
  far = torch.add(torch.to(torch.mul(log, float(half - exact)), 4), exact)
  bucket = torch.where(torch.lt(distance, exact), distance, torch.clamp(far, None, half - 1))
  bucket1 = torch.add(bucket, torch.mul(torch.to(torch.gt(ahead, 0), 4), half))
  return torch.unsqueeze(torch.permute(torch.embedding(w, bucket1), [2, 0, 1]), 0)

def add_bias(mask: Optional[Tensor], bias: Tensor) -> Tensor:
  if mask is None:
    result = bias
  else:
    result = torch.add(bias, mask)
  return result

# DeBERTa's distances, in logarithmic buckets where there are any (He et al., DeBERTaV3, 2021): [L, L]
def distances(ids: Tensor, buckets: int, farthest: int) -> Tensor:
  places = torch.arange(torch.size(ids, 1), dtype=4, device=ids.device)
  exact = torch.sub(torch.unsqueeze(places, 1), torch.unsqueeze(places, 0))
  if buckets > 0:
    mid = torch.floordiv(buckets, 2)
    size = torch.abs(exact)
    clamped = torch.to(torch.clamp(size, mid), 6)
    log = torch.div(torch.log(torch.div(clamped, float(mid))), torch.log(float(farthest - 1) / float(mid)))
    far = torch.add(torch.ceil(torch.mul(log, float(mid - 1))), float(mid))
    result = torch.where(torch.le(size, mid), exact, torch.mul(torch.to(far, 4), torch.sign(exact)))
  else:
    result = exact
  return result

# What content says of positions: scores of q for the embedding of each distance, [B, heads, L, L].
def content_to_position(q: Tensor, positions: Tensor, distances: Tensor, span: int, scale: float) -> Tensor:
  scores = torch.matmul(q, torch.transpose(positions, -1, -2))
  index = torch.clamp(torch.add(distances, span), 0, span * 2 - 1)
  size = [torch.size(q, 0), torch.size(q, 1), torch.size(q, 2), torch.size(q, 2)]
  return torch.mul(torch.gather(scores, 3, torch.expand(index, size)), scale)

def position_to_content(k: Tensor, positions: Tensor, distances: Tensor, span: int, scale: float) -> Tensor:
  scores = torch.matmul(k, torch.transpose(positions, -1, -2))
  index = torch.clamp(torch.add(torch.neg(distances), span), 0, span * 2 - 1)
  size = [torch.size(k, 0), torch.size(k, 1), torch.size(k, 2), torch.size(k, 2)]
  return torch.mul(torch.transpose(torch.gather(scores, 3, torch.expand(index, size)), 2, 3), scale)

def without_padding(x: Tensor, lengths: Tensor) -> Tensor:
  return torch.mul(x, torch.to(torch.unsqueeze(valid(lengths, torch.size(x, 1)), 2), dtype()))

def convolve(x: Tensor, w: Tensor, b: Tensor, groups: int) -> Tensor:
  padding = torch.floordiv(torch.size(w, 2) - 1, 2)
  y = torch.conv1d(torch.transpose(x, 1, 2), torch.to(w, dtype()), torch.to(b, dtype()), [1], [padding], [1], groups)
  return torch.transpose(y, 1, 2)

# Pooling: x [B, L, H], from and to [B] say which positions count; [B, H] in 32 bits.

def weights(x: Tensor, begin: Tensor, end: Tensor) -> Tensor:
  places = torch.unsqueeze(torch.arange(torch.size(x, 1), dtype=4, device=x.device), 0)
  counted = torch.__and__(torch.ge(places, torch.unsqueeze(begin, 1)), torch.lt(places, torch.unsqueeze(end, 1)))
  return torch.to(counted, 6)

def weighted_sum(x: Tensor, w: Tensor) -> Tensor:
  return torch.squeeze(torch.matmul(torch.unsqueeze(w, 1), torch.to(x, 6)), 1)

def pool_mean(x: Tensor, begin: Tensor, end: Tensor) -> Tensor:
  w = weights(x, begin, end)
  return torch.div(weighted_sum(x, w), torch.clamp(torch.sum(w, [1], True), 1e-9))

def pool_mean_sqrt_len(x: Tensor, begin: Tensor, end: Tensor) -> Tensor:
  w = weights(x, begin, end)
  return torch.div(weighted_sum(x, w), torch.sqrt(torch.clamp(torch.sum(w, [1], True), 1e-9)))

def pool_weightedmean(x: Tensor, begin: Tensor, end: Tensor) -> Tensor:
  places = torch.add(torch.arange(torch.size(x, 1), dtype=6, device=x.device), 1)
  w = torch.mul(weights(x, begin, end), places)
  return torch.div(weighted_sum(x, w), torch.clamp(torch.sum(w, [1], True), 1e-9))

def pool_max(x: Tensor, begin: Tensor, end: Tensor) -> Tensor:
  counted = torch.gt(weights(x, begin, end), 0)
  return torch.amax(torch.masked_fill(torch.to(x, 6), torch.logical_not(torch.unsqueeze(counted, 2)), -1e+9), [1])

def pool_cls(x: Tensor, begin: Tensor, end: Tensor) -> Tensor:
  return at(x, torch.mul(begin, torch.to(torch.lt(begin, end), 4)))

def pool_lasttoken(x: Tensor, begin: Tensor, end: Tensor) -> Tensor:
  return at(x, torch.sub(end, 1))

# The vector of one position of each text: [B, H]
def at(x: Tensor, places: Tensor) -> Tensor:
  index = torch.expand(torch.unsqueeze(torch.unsqueeze(places, 1), 2), [-1, 1, torch.size(x, 2)])
  return torch.to(torch.squeeze(torch.gather(x, 1, index), 1), 6)

# Where a text ends for CLIP: at the first end token, or, as its first checkpoints have it, at the highest id.
def end_token(ids: Tensor, end: int) -> Tensor:
  if end == 2:
    result = torch.argmax(ids, 1)
  else:
    result = torch.argmax(torch.to(torch.eq(ids, end), 3), 1)
  return result

def unit_length(x: Tensor) -> Tensor:
  return torch.div(x, torch.clamp(torch.norm(x, 2, [1], True), 1e-12))

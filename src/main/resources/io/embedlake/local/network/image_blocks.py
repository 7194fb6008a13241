# Building blocks of image networks, beside those of blocks.py. B images, N patches, H width of a position.

def normalized(pixels: Tensor, factors: List[float], shifts: List[float]) -> Tensor:
  f = torch.tensor(factors, dtype=6, device=pixels.device)
  s = torch.tensor(shifts, dtype=6, device=pixels.device)
  return torch.to(torch.add(torch.mul(torch.to(pixels, 6), f), s), dtype())

# [B, height, width, 3] -> [B, N, rows * columns * 3], patches in the order of rows; what fills no patch is left out
def cut(x: Tensor, rows: int, columns: int) -> Tensor:
  h = torch.floordiv(torch.size(x, 1), rows)
  w = torch.floordiv(torch.size(x, 2), columns)
  inner = torch.slice(torch.slice(x, 1, 0, h * rows), 2, 0, w * columns)
  grid = torch.reshape(inner, [torch.size(x, 0), h, rows, w, columns, 3])
  return torch.reshape(torch.permute(grid, [0, 1, 3, 2, 4, 5]), [torch.size(x, 0), h * w, rows * columns * 3])

# The kernel of a convolution without overlap as the matrix over such patches: [H, rows * columns * 3]
def kernel(w: Tensor) -> Tensor:
  return torch.flatten(torch.permute(w, [0, 2, 3, 1]), 1)

# Tokens [n, H] before the patches of every image: [B, n + N, H]
def preceded(x: Tensor, tokens: Tensor) -> Tensor:
  return torch.cat([torch.expand(torch.unsqueeze(tokens, 0), [torch.size(x, 0), -1, -1]), x], 1)

# Tokens between the first n positions and the others.
def inserted(x: Tensor, tokens: Tensor, n: int) -> Tensor:
  many = torch.expand(torch.unsqueeze(tokens, 0), [torch.size(x, 0), -1, -1])
  return torch.cat([torch.slice(x, 1, 0, n), many, torch.slice(x, 1, n)], 1)

# A parameter of any shape as rows of H.
def rows(w: Tensor) -> Tensor:
  return table(torch.reshape(w, [-1, torch.size(w, -1)]))

# Positions of a square grid, [n + side * side, H], for a grid of another size: bicubic, in 32 bits.
def grid_positions(w: Tensor, n: int, rows: int, columns: int, smooth: bool) -> Tensor:
  w32 = torch.reshape(torch.to(w, 6), [-1, torch.size(w, -1)])
  side = int(torch.round(torch.sqrt(float(torch.size(w32, 0) - n))))
  if side == rows and side == columns:
    y = w32
  else:
    grid = torch.permute(torch.reshape(torch.slice(w32, 0, n), [1, side, side, torch.size(w32, 1)]), [0, 3, 1, 2])
    if smooth:
      resized = torch._upsample_bicubic2d_aa(grid, [rows, columns], False, None, None)
    else:
      resized = torch.upsample_bicubic2d(grid, [rows, columns], False, None, None)
    flat = torch.reshape(torch.permute(resized, [0, 2, 3, 1]), [rows * columns, torch.size(w32, 1)])
    y = torch.cat([torch.slice(w32, 0, 0, n), flat], 0)
  return table(y)

# The same for images whose size is known only now.
def positions_for(pixels: Tensor, w: Tensor, n: int, height: int, width: int, smooth: bool) -> Tensor:
  return grid_positions(w, n, torch.floordiv(torch.size(pixels, 1), height), torch.floordiv(torch.size(pixels, 2), width), smooth)

# The angles of positions in a grid (DINOv3): the centres of patches from -1 to 1, rows first; none for the first n: [2, n + N, size]
def grid_angles(pixels: Tensor, n: int, height: int, width: int, size: int, base: float) -> Tensor:
  h = torch.floordiv(torch.size(pixels, 1), height)
  w = torch.floordiv(torch.size(pixels, 2), width)
  quarter = torch.floordiv(size, 4)
  steps = torch.reciprocal(torch.pow(base, torch.div(torch.arange(quarter, dtype=6, device=pixels.device), float(quarter))))
  down = torch.sub(torch.mul(torch.div(torch.add(torch.arange(h, dtype=6, device=pixels.device), 0.5), float(h)), 2.), 1.)
  along = torch.sub(torch.mul(torch.div(torch.add(torch.arange(w, dtype=6, device=pixels.device), 0.5), float(w)), 2.), 1.)
  y = torch.flatten(torch.expand(torch.unsqueeze(down, 1), [h, w]))
  x = torch.flatten(torch.expand(torch.unsqueeze(along, 0), [h, w]))
  places = torch.mul(torch.stack([y, x], 1), 6.283185307179586)
  half = torch.flatten(torch.mul(torch.unsqueeze(places, 2), steps), 1)
  full = torch.cat([half, half], 1)
  still = torch.zeros([n, size], dtype=6, device=pixels.device)
  turned = torch.cat([still, full], 0)
  return torch.to(torch.stack([torch.cos(turned), torch.sin(turned)]), dtype())

# SwiGLU over a joint projection (Shazeer, 2020).
def swiglu(x: Tensor) -> Tensor:
  half = torch.floordiv(torch.size(x, -1), 2)
  return torch.mul(torch.silu(torch.slice(x, -1, 0, half)), torch.slice(x, -1, half))

# A part of the rows of a joint weight.
def part(w: Tensor, start: int, end: int) -> Tensor:
  return torch.slice(w, 0, start, end)

def part_of_bias(b: Tensor, start: int, end: int) -> Tensor:
  return bias(torch.slice(b, 0, start, end))

# The query that a learned probe asks: [1, heads, 1, size]
def probe(p: Tensor, w: Tensor, b: Tensor, heads: int) -> Tensor:
  width = torch.size(w, 1)
  q = torch.linear(torch.to(torch.reshape(p, [1, width]), 6), torch.to(torch.slice(w, 0, 0, width), 6), torch.to(torch.slice(b, 0, 0, width), 6))
  return table(torch.reshape(q, [1, heads, 1, torch.floordiv(width, heads)]))

def of_each(x: Tensor, q: Tensor) -> Tensor:
  return torch.expand(q, [torch.size(x, 0), -1, -1, -1])

# Where pooling begins and ends: int64 [B]
def every(x: Tensor, place: int) -> Tensor:
  return torch.full([torch.size(x, 0)], place, dtype=4, device=x.device)

def all_of(x: Tensor) -> Tensor:
  return every(x, torch.size(x, 1))

# What a table says of each distance of two patches in a grid, of a class token and of itself (BEiT): [1, heads, 1 + N, 1 + N]
def window_bias(w: Tensor, rows: int, columns: int) -> Tensor:
  n = rows * columns
  last = torch.size(w, 0) - 1
  y = torch.flatten(torch.expand(torch.unsqueeze(torch.arange(rows, dtype=4), 1), [rows, columns]))
  x = torch.flatten(torch.expand(torch.unsqueeze(torch.arange(columns, dtype=4), 0), [rows, columns]))
  down = torch.add(torch.sub(torch.unsqueeze(y, 1), torch.unsqueeze(y, 0)), rows - 1)
  along = torch.add(torch.sub(torch.unsqueeze(x, 1), torch.unsqueeze(x, 0)), columns - 1)
  between = torch.add(torch.mul(down, columns * 2 - 1), along)
  below = torch.cat([torch.full([n, 1], last - 1, dtype=4), between], 1)
  first = torch.cat([torch.full([1, 1], last, dtype=4), torch.full([1, n], last - 2, dtype=4)], 1)
  index = torch.cat([first, below], 0)
  return table(torch.unsqueeze(torch.permute(torch.embedding(torch.to(w, 6), index), [2, 0, 1]), 0))

"""Which product of two matrices is the fastest on this machine.

On a CPU, torch multiplies float32 through MKL or oneDNN, whichever it was built to
prefer, and on some processors the other one takes half the time. oneDNN is reached by
the operator that torch's own compiler emits for linear layers. That operator is no
public name, so it is tried before it is trusted: it must exist, agree with the plain
product to the last digit on numbers that need no rounding, and be faster. Otherwise the
plain product does the work. Tried once for each width, in some hundredths of a second.
"""

import math
import platform
from collections.abc import Callable
from functools import cache
from time import perf_counter

import torch
from torch import Tensor

__all__ = [
    "Buffers",
    "Product",
    "fastest_product",
    "half_is_faster",
    "has_wide_product",
    "plain_product",
    "single_is_exact",
    "wide_product",
]

Product = Callable[[Tensor, Tensor, Tensor], Tensor]

_ROWS, _COLUMNS, _FEATURES = 1024, 2048, 1024
# Below, a product costs less than the new memory that oneDNN's takes for its result.
_NARROW = 256
_X86 = ("x86_64", "amd64", "i686", "x86")
_TRIES = 3
_WORTH = 1.02


class Buffers:
    """Memory for tiles that is used again, since new memory is slow at first touch."""

    def __init__(self) -> None:
        self._held: dict[str, Tensor] = {}

    def get(
        self, role: str, shape: tuple[int, int], dtype: torch.dtype, like: Tensor
    ) -> Tensor:
        """Return the memory of a role, as large as the largest shape so far."""
        size = math.prod(shape)
        held = self._held.get(role)
        if held is None or held.numel() < size or held.dtype != dtype:
            held = self._held[role] = like.new_empty(size, dtype=dtype)
        return held[:size].view(shape)


def plain_product(left: Tensor, right: Tensor, out: Tensor) -> Tensor:
    """Multiply by torch's own choice: `(m, f)` by `(n, f)` to `(m, n)`."""
    return torch.mm(left, right.T, out=out)


def wide_product(left: Tensor, right: Tensor, out: Tensor) -> Tensor:
    """Multiply half-precision factors, shapes `(m, f)`, `(n, f)`, into float32.

    A CPU has no such product: there the factors are made float32 first.
    """
    if left.device.type == "cpu":
        return torch.mm(left.float(), right.float().T, out=out)
    return torch.mm(left, right.T, out_dtype=torch.float32, out=out)


@cache
def has_wide_product(device: str) -> bool:
    """Whether a GPU multiplies float16 into float32.

    False where torch is older than 2.8 or the backend has no such product.
    """
    ones = torch.ones(16, 16, dtype=torch.float16, device=device)
    try:
        return bool((wide_product(ones, ones, ones.float()) == 16).all())
    except (NotImplementedError, RuntimeError, TypeError):
        return False


def fastest_product(features: int, dtype: torch.dtype) -> Product:
    """Choose a product for contiguous CPU factors with this number of features."""
    if dtype != torch.float32 or features < _NARROW:
        return plain_product
    return _fastest(_bucket(features), torch.get_num_threads())


@cache
def single_is_exact() -> bool:
    """Whether this CPU's plain product keeps all digits of float32.

    False where the environment lets oneDNN round factors to bfloat16.
    """
    return _agrees(plain_product)


def half_is_faster(features: int) -> float:
    """Measure how many times faster bfloat16 products are than float32's, on a CPU.

    0 where the processor has no instructions for them: torch computes them all the
    same, so slowly that even a trial takes seconds.
    """
    if not _multiplies_half():
        return 0.0
    return _half_ratio(_bucket(features), torch.get_num_threads())


@cache
def _multiplies_half() -> bool:
    """Whether this CPU may multiply bfloat16; where nobody can say, a trial does."""
    if platform.machine().lower() not in _X86:
        return True
    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    known = [ask for name in asked if (ask := getattr(torch.cpu, name, None))]
    return any(ask() for ask in known) or not known


def _bucket(features: int) -> int:
    return 1 << max(4, (min(features, _FEATURES) - 1).bit_length())


@cache
def _fastest(features: int, threads: int) -> Product:
    others = [product for product in (_onednn_product,) if _agrees(product)]
    factors = _factors(features)
    times = {product: _time(product, *factors) for product in (plain_product, *others)}
    best = min(times, key=times.__getitem__)
    return best if times[best] * _WORTH < times[plain_product] else plain_product


@cache
def _half_ratio(features: int, threads: int) -> float:
    left, right = _factors(features)
    single = _time(_fastest(features, threads), left, right)
    return single / _time(plain_product, left.bfloat16(), right.bfloat16())


def _onednn_product(left: Tensor, right: Tensor, out: Tensor) -> Tensor:
    product: Tensor = torch.ops.mkldnn._linear_pointwise(
        left, right, None, "none", [], ""
    )
    return product


def _agrees(product: Product) -> bool:
    """Whether a product is right where every right one gives the same digits."""
    count = torch.arange(64 * 128, dtype=torch.float32, device="cpu")
    left = (count % 512).view(64, 128) + 2.0**-13
    right = torch.eye(128, dtype=torch.float32, device="cpu")
    try:
        return torch.equal(product(left, right, torch.empty_like(left)), left)
    except (AttributeError, NotImplementedError, RuntimeError, TypeError):
        return False


def _factors(features: int) -> tuple[Tensor, Tensor]:
    pattern = torch.arange(features * _COLUMNS, dtype=torch.float32, device="cpu")
    right = (pattern * 0.618).frac_().view(_COLUMNS, features)
    return right[:_ROWS].clone(), right


def _time(product: Product, left: Tensor, right: Tensor) -> float:
    out = left.new_empty(len(left), len(right))
    product(left, right, out)
    times = []
    for _ in range(_TRIES):
        start = perf_counter()
        product(left, right, out)
        times.append(perf_counter() - start)
    return min(times)

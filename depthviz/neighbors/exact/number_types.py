"""The number types in which a search multiplies, and what each does to a product.

A search takes them in this order: half precision where the hardware multiplies it
faster, then float32, then float64. Half precision rounds the features, by an amount
that is measured; all of them round sums, by an amount that is bounded.
"""

from dataclasses import dataclass

import torch

__all__ = ["DOUBLE", "HALF_ON_CPU", "HALF_ON_GPU", "SINGLE", "ProductType"]


@dataclass(frozen=True)
class ProductType:
    """A number type of products.

    Attributes:
        operand: What features are rounded to.
        result: What sums are kept in.
        unit: Largest relative error of one addition.
        output: Largest relative error of a product as it is returned, beyond its sums.
        width: Features that are summed by one call; such sums are added in `result`.
        exponent: Features are scaled below this power of two, where they must be.
        always: Whether to scale although nothing overflows.
    """

    operand: torch.dtype
    result: torch.dtype
    unit: float
    output: float = 0.0
    width: int = 2048
    exponent: int = 40
    always: bool = False

    @property
    def rounds(self) -> bool:
        """Whether features lose digits on the way into a product."""
        return self.operand != self.result


SINGLE = ProductType(torch.float32, torch.float32, 2.0**-24)
DOUBLE = ProductType(torch.float64, torch.float64, 2.0**-53, exponent=300)

# Products of bfloat16 come back in bfloat16 from a CPU, so one call sums them all.
HALF_ON_CPU = ProductType(
    torch.bfloat16, torch.float32, 2.0**-24, output=2.0**-8, width=1 << 62
)
# Tensor cores cut sums off instead of rounding them, a digit or two early.
HALF_ON_GPU = ProductType(
    torch.float16, torch.float32, 2.0**-21, width=4096, exponent=5, always=True
)

"""Which processor a table was measured on: its name, cores and wide instructions.

A time says little without them: half-precision products are fast on one processor and
emulated on the next.
"""

import os
import platform
from pathlib import Path

import torch

__all__ = ["describe_processor", "instruction_sets"]

# The kernel's flags on x86 and on Arm, and how people call them.
NAMES = {
    "avx2": "AVX2",
    "avx512f": "AVX-512",
    "avx512_bf16": "AVX-512 with bfloat16",
    "amx_bf16": "AMX with bfloat16",
    "asimd": "NEON",
    "sve": "SVE",
    "bf16": "bfloat16",
}


def describe_processor() -> str:
    """Return a line about the processor that this runs on."""
    text = _cpuinfo()
    name = _value(text, "model name") or platform.processor() or platform.machine()
    sets = ", ".join(instruction_sets(text)) or "no wide instructions known"
    used = torch.backends.cpu.get_cpu_capability()
    return f"Processor: {name}, {os.cpu_count()} cores; {sets}; torch uses {used}."


def instruction_sets(cpuinfo: str) -> list[str]:
    """Return the names of the wide instruction sets in the kernel's description.

    Example:
        >>> instruction_sets("flags : sse2 avx2 avx512f avx512_bf16")
        ['AVX2', 'AVX-512', 'AVX-512 with bfloat16']
    """
    words = _value(cpuinfo, "flags") or _value(cpuinfo, "Features")
    return [name for flag, name in NAMES.items() if flag in words.split()]


def _cpuinfo() -> str:
    file = Path("/proc/cpuinfo")
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _value(cpuinfo: str, key: str) -> str:
    """Return what the first line of a key says, or nothing."""
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return ""

"""The extras of the package, whose versions are pinned in tests/requirements.txt and only there."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Extras(MetadataHookInterface):
    """`dev` is all that checks and tests need, `onnx` what exports nets for other runtimes."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the extras to the metadata."""
        lines = (Path(self.root) / "tests" / "requirements.txt").read_text("utf-8").splitlines()
        pins = [line for line in lines if "==" in line]
        onnx = [pin for pin in pins if pin.startswith("onnx==")]
        metadata["optional-dependencies"] = {"dev": pins, "onnx": onnx}

"""The names of all runtimes, as people type them."""

RUNTIMES = (
    "onnxruntime",
    "openvino",
    "openvino:GPU",
    "openvino:NPU",
    "onnxruntime-cuda",
    "tensorrt",
)
"""All runtimes, the one that is always there first."""
PROCESSOR = ("onnxruntime", "openvino")
"""Those that run on the processor, which "auto" chooses from."""

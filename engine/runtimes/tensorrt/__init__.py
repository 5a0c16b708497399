"""TensorRT on an NVIDIA GPU: engines that were built from model.onnx, kept in a cache, run.

``open_model`` runs an engine that was built before and never builds: that takes up to minutes and
is engine.tensorrt_build's. Importing this loads neither TensorRT nor pycuda.
"""

from engine.runtimes.tensorrt.cache import Engine, delete_engines, list_engines
from engine.runtimes.tensorrt.place import Place, find_place, gpu_state
from engine.runtimes.tensorrt.runtime import TensorRTRuntime, find_engine, open_model

__all__ = [
    "Engine",
    "Place",
    "TensorRTRuntime",
    "delete_engines",
    "find_engine",
    "find_place",
    "gpu_state",
    "list_engines",
    "open_model",
]

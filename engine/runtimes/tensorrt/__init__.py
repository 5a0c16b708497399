"""TensorRT on an NVIDIA GPU: engines built from model.onnx, cached, checked, run.

``open_model`` runs an engine that was built before and never builds: that takes up to minutes and
is EngineBuild's. Importing this loads neither TensorRT nor pycuda.
"""

from engine.runtimes.tensorrt.building import BuildCancelledError, EngineBuild, Progress
from engine.runtimes.tensorrt.cache import Engine, delete_engines, list_engines
from engine.runtimes.tensorrt.place import Place, find_place, gpu_state
from engine.runtimes.tensorrt.runtime import TensorRTRuntime, find_engine, open_model

__all__ = [
    "BuildCancelledError",
    "Engine",
    "EngineBuild",
    "Place",
    "Progress",
    "TensorRTRuntime",
    "delete_engines",
    "find_engine",
    "find_place",
    "gpu_state",
    "list_engines",
    "open_model",
]

"""Who is where in a frame: the person finder, from a frame to boxes and coarse keypoints."""

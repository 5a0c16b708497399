"""Results to other programs while they happen: OSC and a local WebSocket. Knows no pipeline."""

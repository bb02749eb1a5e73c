"""The site: wires the app to its servers and its environment; never decides."""

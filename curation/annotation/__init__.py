"""ROOM: a curator writes down what a report says."""

"""What happens to findings after they were published: proposals, flags, and the re-evaluation a notice asks for."""

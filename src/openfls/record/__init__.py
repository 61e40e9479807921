"""What everyone talks about: people, fractures, findings, measurements, clocks. Values only; no I/O, no clock."""

"""Looking over the shoulder of the system: the trail, the data, the proofs, the machine."""

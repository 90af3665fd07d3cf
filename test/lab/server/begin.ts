/** Begins the server's first boot before any test asks for it: it takes longest. */
import { sharedLab } from "../shared-lab.ts";

// Whoever waits for the lab hears of its failure.
sharedLab().catch(() => {});

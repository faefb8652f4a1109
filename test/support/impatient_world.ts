/** A world in which nobody waits before a further attempt. */
import { realWorld, type World } from "../../src/model/world.ts";

/** What is waited between two attempts, at the most; pauses and deadlines of tests are longer. */
const BACKOFF_MS_MAX = 15_000;

/** The real world, but that a wait of up to 15 s is over at once: twelve attempts take 45 s else. */
export const impatientWorld: World = {
  ...realWorld,
  sleep: (ms, signal) => realWorld.sleep(ms <= BACKOFF_MS_MAX ? 0 : ms, signal),
};

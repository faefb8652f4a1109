/** What an attack may take of the loader's time. */
import { assert } from "@std/assert";
import { cpuUsage } from "node:process";

/** Of the processor, in milliseconds: whatever else the machine does, this is the attack's own. */
const CPU_MS_MAX = 3_000;
/** By the clock, disks and other programs included. */
const CLOCK_MS_MAX = 20_000;

/** What comes of it, within the budget. */
export async function withinBudget<T>(attack: () => Promise<T>): Promise<T> {
  const cpu = cpuUsage();
  const began = performance.now();
  const outcome = await attack();
  const { user, system } = cpuUsage(cpu);
  const took = { cpuMs: (user + system) / 1_000, clockMs: performance.now() - began };
  assert(took.cpuMs < CPU_MS_MAX && took.clockMs < CLOCK_MS_MAX, JSON.stringify(took));
  return outcome;
}

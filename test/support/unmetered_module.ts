/**
 * A module as it came, as far as the host can be shown one: nothing but a counter is added, which the
 * sandbox fills and reads, and of which no instruction takes anything.
 *
 * The meter does it itself, given a module in which it sees no function, no table and no memory:
 * sections that it has nothing to say about stay as they were. So the product needs no switch for it.
 */
import { assertEquals } from "@std/assert";
import { decodeModule, SECTION } from "../../host/plugins/sandbox/decode.ts";
import { meterModule } from "../../host/plugins/sandbox/meter.ts";

/** Sections in which a module says what it does, and how large it may become. */
const UNTOUCHED = [SECTION.code, SECTION.memory, SECTION.table, SECTION.data, SECTION.element];

/**
 * A module as it came, as far as the host can be shown one: nothing but a counter is added, which
 * the sandbox fills and reads, and of which no instruction takes anything.
 */
export function unmeteredModule(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const original = decodeModule(bytes);
  const unmetered = meterModule({ ...original, bodies: [], tables: [], memory: undefined });
  const { sections } = decodeModule(unmetered);
  for (const id of UNTOUCHED) assertEquals(sections.get(id), original.sections.get(id));
  return unmetered;
}

/**
 * The control of the tests of hostile plans: each is run as it stands on a real database, with every
 * layer switched off, and does the harm that its table names. What does none would be no attack, whoever
 * refuses it.
 */
import { assert } from "@std/assert";
import { FAMILIES } from "../families/families.ts";
import { PLAN_FAMILIES } from "../families/plan_families.ts";
import { Controls } from "./harm.ts";
import { casesOn } from "./plan_case.ts";

for (const { name: family } of FAMILIES) {
  const known = PLAN_FAMILIES.get(family);
  if (!known) continue;
  Deno.test(`hostile plans: ${family}: each does harm once nothing refuses it`, async (t) => {
    await using bench = await known.openBench();
    const controls = new Controls(family, bench);
    for (const attack of await casesOn(family)) {
      await t.step(attack.name, async () => {
        const { harm, error } = await controls.run(attack);
        const missing = attack.harm.filter((aspect) => !harm.includes(aspect));
        assert(
          missing.length === 0,
          `No harm to ${missing.join(", ")}: ${harm.join(", ")}; ${error}`,
        );
      });
    }
  });
}

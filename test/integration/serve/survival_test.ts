/** `snakepipe serve` gets over what changes and what fails around it, and every row is there once. */
import { TARGET_KINDS } from "../../support/target.ts";
import { killServe, replaceUnderLoad } from "./trials.ts";

const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;

for (const [place, kind] of TARGET_KINDS.entries()) {
  // Nothing of it is one family's own: of the others, a tenth.
  const some = (count: number) => place === 0 ? count : Math.ceil(count / 10);
  const [replacements, reloads, kills] = [some(100), some(20), some(10) + (place === 0 ? 0 : 2)];

  Deno.test(`serve replaces a plugin ${replacements} times and the configuration ${reloads} times under a running load: ${kind.name}`, () =>
    kind.use(async (target) => {
      await replaceUnderLoad(target, { replacements, reloads, rowsMin: 2_000, gapMsMax: 10_000 });
    }));

  Deno.test(`serve that is killed ${kills} times goes on by itself, and every row is there once: ${kind.name}`, () =>
    kind.use((target) => killServe(target, { kills, seed, rows: 12_000 })));
}

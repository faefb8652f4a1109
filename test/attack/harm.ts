/** Runs a plan as it stands, whatever it says, and tells what it has done that an honest one does not. */
import type { WriteMode } from "../../src/model/batch.ts";
import type { AttackPlan } from "../families/plan_family.ts";
import { plansOf } from "../families/plan_families.ts";
import type { PlanCase } from "./plan_case.ts";
import type { Found, HarmBench, Look, World } from "../families/harm_bench.ts";

/** A row of the table: a number and two texts. */
type Row = readonly [id: number, a: string | null, b: string | null];

/** Batches, of which the last is undone. */
const BATCHES: Readonly<Record<WriteMode, readonly (readonly Row[])[]>> = {
  append: [[[1, "new", "row"], [9, "nine", null]], [[10, "tän", "zehn"]], [[11, "no", "never"]]],
  upsert: [
    [[1, "first", "erst"], [1, "new", "row"], [9, "nine", null]],
    [[10, "tän", "zehn"]],
    [[11, "no", "never"]],
  ],
  // Two rows that are alike.
  replace: [
    [[1, "new", "row"], [9, "nine", null]],
    [[9, "nine", null], [10, "tän", "zehn"]],
    [[11, "no", "never"]],
  ],
};
const COLUMNS = ["id", "a", "b"];
/** A hurried statement that runs for so long was ended. */
const HURRY_MS = 300;
/** The aspect that the session itself sees. */
const SESSION = "the session";

/** A plan in its mode. */
export interface Played {
  readonly family: string;
  readonly mode: WriteMode;
  readonly plan: AttackPlan;
  readonly found?: Found | undefined;
  /** Whether it is a matter of time. */
  readonly hurried?: boolean;
  /** Aspects that are looked at; all by default. */
  readonly aspects?: readonly string[];
}

/** What came of it. */
export interface Outcome {
  readonly look: Look;
  /** What the database said where it took a statement not. */
  readonly error?: string;
}

/** The target as the plan is to find it. */
export function foundBy({ mode, plan, found }: Pick<Played, "mode" | "plan" | "found">): Found {
  return found ?? (plan.create ? "absent" : mode === "upsert" ? "keyed" : "keyless");
}

/** Plays it in a fresh world. */
export async function play(
  bench: HarmBench,
  { family, mode, plan, found, hurried = false, aspects }: Played,
): Promise<Outcome> {
  const place = foundBy({ mode, plan, found });
  const world = await bench.open(place, { mode, hurried });
  const seen: Record<string, string> = {};
  let error: string | undefined;
  try {
    try {
      await steps(bench, world, {
        mode,
        plan: { health: ["SELECT 1"], ...plansOf(family).honest[mode], ...plan },
        place,
        seen,
        aspects: aspects ?? [SESSION],
        creates: plan.create !== undefined,
      });
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
      if (bench.endless.test(error)) seen["time"] = error;
      if (bench.denied?.test(error)) seen["rights"] = error;
      await world.run("ROLLBACK").catch(() => {});
    }
    return {
      look: { ...seen, ...await world.look(aspects) },
      ...(error === undefined ? {} : { error }),
    };
  } finally {
    await world.close();
  }
}

async function steps(
  bench: HarmBench,
  world: World,
  { mode, plan, place, seen, creates, aspects }: {
    mode: WriteMode;
    plan: AttackPlan;
    place: Found;
    seen: Record<string, string>;
    creates: boolean;
    aspects: readonly string[];
  },
): Promise<void> {
  const runAll = async (list: readonly string[] = []) => {
    for (const sql of list) await world.run(filled(sql, bench));
  };
  await runAll(plan.session);
  await world.run(bench.begin);
  if (place === "absent" || creates) await runAll(plan.create);
  await runAll(plan.prepare);
  await world.run("COMMIT");
  await runAll(plan.stage);
  const { insert, row = "({values})" } = plan.write!;
  let number = 0;
  for (const [i, batch] of BATCHES[mode].entries()) {
    await world.run(bench.begin);
    const rows = batch.map((cells) => filledRow(row, { cells, ordinal: number++, bench }));
    const text = filled(insert, bench).replaceAll("{rows}", () => rows.join(", "));
    // Of which a statement of thousands of rows has as many.
    if (text.length > 16_384) seen["size"] = `${text.length} characters for ${rows.length} rows`;
    await world.run(text);
    await runAll(plan.merge);
    await world.run(i < BATCHES[mode].length - 1 ? "COMMIT" : "ROLLBACK");
  }
  await world.run(bench.begin);
  await runAll(plan.finish);
  await world.run("COMMIT");
  for (const sql of plan.health ?? []) {
    const began = performance.now();
    seen["answer"] = await world.run(filled(sql, bench)) ?? "";
    // Some are ended without an error.
    const took = performance.now() - began;
    if (aspects.includes("time") && took > HURRY_MS) seen["time"] = `${took} ms`;
  }
  if (aspects.includes(SESSION)) Object.assign(seen, await world.lookWithin());
  await runAll(plan.teardown);
}

/** Slots as a driver fills them, but for every check: what is no slot stays as it is. */
function filled(sql: string, { quote, tables }: HarmBench): string {
  const words: Readonly<Record<string, string>> = {
    ...tables,
    table_name: quote("t"),
    columns: COLUMNS.map(quote).join(", "),
    keys: quote("id"),
    ordinal: quote("_snakepipe_ordinal"),
  };
  return sql.replace(
    /\{([a-z_]+)(?::([0-9]+))?\}/g,
    (slot, word, index) =>
      word === "col" ? quote(COLUMNS[Number(index)] ?? "none") : words[word] ?? slot,
  );
}

function filledRow(
  row: string,
  { cells, ordinal, bench }: { cells: Row; ordinal: number; bench: HarmBench },
): string {
  const texts = cells.map((cell) =>
    cell === null ? "NULL" : typeof cell === "number" ? String(cell) : `'${cell}'`
  );
  return filled(
    row.replaceAll("{values}", texts.join(", ")).replaceAll("{ordinal}", String(ordinal))
      .replace(/\{value:([0-9]+)\}/g, (_, i) => texts[Number(i)] ?? "NULL"),
    bench,
  );
}

/** Aspects in which a plan's outcome differs from what an honest one leaves, and from what was there. */
export function harmOf(hostile: Outcome, honest: Outcome, before: Look): string[] {
  return Object.entries(hostile.look).filter(([aspect, text]) => {
    if (text === honest.look[aspect]) return false;
    // Where the load failed, what was not reached is no harm.
    return hostile.error === undefined || text !== before[aspect];
  }).map(([aspect]) => aspect);
}

/** Runs attacks on one database, each beside an honest plan for the same table. */
export class Controls {
  readonly #family: string;
  readonly #bench: HarmBench;
  /** What stands there at first, and what an honest plan leaves, by the target and the mode. */
  readonly #known = new Map<string, { readonly before: Look; readonly honest: Outcome }>();

  /** Of a family, on its bench. */
  constructor(family: string, bench: HarmBench) {
    this.#family = family;
    this.#bench = bench;
  }

  /** What a plan does to the database that an honest one does not, and what the database said. */
  async run(
    { mode = "append", plan, found, harm }: PlanCase,
  ): Promise<{ readonly harm: readonly string[]; readonly error?: string }> {
    const place = foundBy({ mode, plan, found });
    const played = { family: this.#family, mode, found: place };
    const key = `${place} ${mode}`;
    let known = this.#known.get(key);
    if (!known) {
      const world = await this.#bench.open(place, { mode, hurried: false });
      const before = { ...await world.lookWithin(), ...await world.look() };
      await world.close();
      known = { before, honest: await play(this.#bench, { ...played, plan: {} }) };
      this.#known.set(key, known);
    }
    const hurried = harm.includes("time");
    const outcome = await play(this.#bench, { ...played, plan, hurried, aspects: harm });
    const { error } = outcome;
    return {
      harm: harmOf(outcome, known.honest, known.before),
      ...(error === undefined ? {} : { error }),
    };
  }
}

/** What a hostile plan is, and the plugin that makes it. */
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { ManifestWords } from "../../src/plugin_api/words.ts";
import type { WriteMode } from "../../src/model/batch.ts";
import type { AttackPlan } from "../families/plan_family.ts";
import { PLAN_FAMILIES } from "../families/plan_families.ts";
import { MANIFEST, samplePlugin } from "../support/wasm_text.ts";

/** A plan that a hostile plugin might make. What it leaves out is as an honest plugin has it. */
export interface StatementAttack {
  readonly family: string;
  /** `append` by default. */
  readonly mode?: WriteMode;
  readonly plan: AttackPlan;
}

/** Plans that are in order, by family and mode. */
export const HONEST: Readonly<Record<string, Readonly<Record<WriteMode, AttackPlan>>>> = Object
  .fromEntries([...PLAN_FAMILIES].map(([name, { honest }]) => [name, honest]));

/** The plan as it comes out of the sandbox. */
export function planOf({ family, mode = "append", plan }: StatementAttack): Plan {
  const { create = [], prepare = [], stage = [], merge = [], finish = [], write } = {
    ...HONEST[family]![mode],
    ...plan,
  };
  return {
    create,
    prepare,
    stage,
    merge,
    finish,
    batch: { rowsMax: 1_000, bytesMax: 1_000_000 },
    write: { sql: write!.insert, row: write!.row ?? "({values})", rowsMax: 10 },
  };
}

/** The file of a plugin that makes this plan, whatever the shape. */
export function planningPlugin(
  { family, mode = "append", plan, words }: StatementAttack & {
    /** What its manifest asks for; nothing by default. */
    readonly words?: ManifestWords;
  },
): Uint8Array {
  const texts: string[] = [];
  const say = (text: string) => `(call $text (i32.const ${texts.push(text)}))`;
  const statements = (name: string, list: readonly string[] = []) =>
    list.map((sql) => `(call $${name} ${say(sql)})`).join("\n");
  const whole: AttackPlan = { health: ["SELECT 1"], ...HONEST[family]![mode], ...plan };
  const write = whole.write!;
  const row = say(write.row ?? "({values})");
  const sent = `(call $sql_insert ${say(write.insert)} ${row} (i32.const 10))`;
  const phases = ["create", "prepare", "stage", "merge", "finish"] as const;
  return samplePlugin({
    manifest: {
      ...MANIFEST,
      driver: family,
      ...(words ? { words } : {}),
      capabilities: { ...MANIFEST.capabilities, modes: ["append", "upsert", "replace"] },
    },
    capabilities: [
      ...phases.map((phase) => `sql_${phase}` as const),
      ...["sql_session", "sql_teardown", "sql_health", "sql_insert"] as const,
    ],
    exports: {
      connect: `${statements("sql_session", whole.session)} (i32.const 0)`,
      close: `${statements("sql_teardown", whole.teardown)} (i32.const 0)`,
      health_check: `${statements("sql_health", whole.health)} (i32.const 0)`,
      write_batch: `${
        phases.map((phase) => statements(`sql_${phase}`, whole[phase])).join("\n")
      } ${sent} (i32.const 0)`,
    },
    texts,
  });
}

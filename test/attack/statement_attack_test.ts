/**
 * Hostile plans, by plugins that come beside an honest one: each is refused before a statement of it
 * runs, for the reason that its first layer gives, in time, and nothing in the database has changed. One
 * host is attacked by all that are about a family, in one database; an honest plugin of it loads in
 * between.
 *
 * That a host asks every layer about every phase and every mode is shown by one plan for each of these;
 * what the layers say of all of them stands in `plan_layer_test.ts`, and what comes of it where they
 * say nothing in `plan_harm_test.ts`.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type DatabaseBackend, type Host, LoadError, rows, WRITE_MODES } from "../../mod.ts";
import { PLAN_FAMILIES } from "../families/plan_families.ts";
import { openHost, type Target, TARGET_KINDS, type TargetKind } from "../support/target.ts";
import { withinBudget } from "./attack_budget.ts";
import { casesOn, firstLayer, type PlanCase } from "./plan_case.ts";
import { planningPlugin, type StatementAttack } from "./statement_attack.ts";

const ROWS = [{ id: 1, a: "new", b: "row" }, { id: 9, a: "nine", b: null }];

const KINDS = TARGET_KINDS.filter(({ family }) => PLAN_FAMILIES.has(family.name));

/** Hostile plans of each family that are different in layer, phase or mode, at the least. */
const LEAST = 12;

/** After so many hostile plans an honest one has its turn. */
const HONEST_EVERY = 25;

for (const kind of KINDS) {
  const { family: { name: family } } = kind;
  const attacks = ofEachKind(await casesOn(family)).map((attack) => ({
    name: `hostile plan: ${family}: ${attack.name.replaceAll("_", " ")}`,
    attack,
    reason: attack.refused[firstLayer(attack)]!,
  }));

  Deno.test(`hostile plans: ${family}: each is refused, and an honest plugin works on`, async (t) => {
    await withTables(kind, async (target) => {
      await using host = await openHost();
      const honest = await host.createBackend(kind.name, target.config);
      let before = await contents(target);
      for (const [i, { name, attack, reason }] of attacks.entries()) {
        await t.step(name, async () => {
          const error: LoadError = await withinBudget(() =>
            assertRejects(() => loadBy(host, { ...attack, family }, target), LoadError)
          );
          assertEquals(error.code, "plan_refused", error.message);
          assertEquals(error.blame, "plugin");
          assertStringIncludes(error.message, ` is refused at ${reason}`);
          assertEquals(await contents(target), before);
        });
        if (i % HONEST_EVERY > 0 && i < attacks.length - 1) continue;
        await t.step(`an honest plan after ${name}`, () => othersWork({ host, honest, target }));
        before = await contents(target);
      }
    });
  });

  Deno.test(`hostile plans: ${family}: there is one of each kind`, () => {
    assert(attacks.length >= LEAST, `${attacks.length}`);
  });

  for (const mode of WRITE_MODES) {
    Deno.test(`hostile plans: ${family}: an honest plan for ${mode} beside them is let through`, () =>
      withTables(kind, async (target) => {
        // Rows 1 and 2 were there.
        if (mode === "append") await target.execute("DELETE FROM t");
        await using host = await openHost();
        await loadBy(host, { family, mode, plan: {} }, target);
        const ids = await target.query(`SELECT ${target.textOf("id")} AS id FROM t ORDER BY id`);
        const kept = mode === "upsert" ? ["1", "2", "9"] : ["1", "9"];
        assertEquals(ids.map(({ id }) => id), kept);
      }));
  }
}

/** One of those that one layer refuses in one place, in each mode. */
function ofEachKind(attacks: readonly PlanCase[]): readonly PlanCase[] {
  const kinds = new Map(
    attacks.map((attack) => {
      const layer = firstLayer(attack);
      const [place] = attack.refused[layer]!.split(/[[:]/);
      return [`${layer} ${place} ${attack.mode}`, attack];
    }),
  );
  return [...kinds.values()];
}

/** Hands over a database with the table that is loaded into, and one that is not. */
async function withTables(
  kind: TargetKind,
  act: (target: Target) => Promise<void>,
): Promise<void> {
  await kind.use(async (target) => {
    await target.execute("CREATE TABLE t (id bigint PRIMARY KEY, a text, b text)");
    await target.execute("INSERT INTO t VALUES (1, 'one', 'eins'), (2, 'two', 'zwei')");
    await target.execute("CREATE TABLE other (secret text)");
    await target.execute("INSERT INTO other VALUES ('kept')");
    await act(target);
  });
}

/** Loads by a plugin that makes this plan, which is there for that long. */
async function loadBy(host: Host, attack: StatementAttack, target: Target): Promise<void> {
  const { status } = await host.registerPlugin(planningPlugin(attack));
  try {
    assertEquals(status, "available");
    const backend = await host.createBackend("sample", target.config);
    try {
      const mode = attack.mode ?? "append";
      await host.load(rows(ROWS), backend, { table: "t", mode, key: ["id"], connections: 1 });
    } finally {
      await backend.close();
    }
  } finally {
    host.deregisterBackend("sample");
  }
}

/** An honest plugin of the same host loads into the same table, and what it loads can be read back. */
async function othersWork(
  { host, honest, target }: {
    readonly host: Host;
    readonly honest: DatabaseBackend;
    readonly target: Target;
  },
): Promise<void> {
  await target.execute("DELETE FROM t WHERE id = 7");
  const report = await host.load(rows([{ id: 7, a: "seven", b: "sieben" }]), honest, {
    table: "t",
    mode: "append",
    key: ["id"],
    connections: 1,
    fresh: true,
  });
  assertEquals(report.committed, 1);
  assertEquals((await target.query("SELECT a, b FROM t WHERE id = 7")).map((row) => ({ ...row })), [
    { a: "seven", b: "sieben" },
  ]);
}

/** All that there is, in one query. */
function contents(target: Target): Promise<unknown> {
  return target.query(
    `SELECT ${target.textOf("id")} AS id, a, b FROM t UNION ALL ` +
      "SELECT 'other', secret, NULL FROM other ORDER BY 1, 2",
  );
}

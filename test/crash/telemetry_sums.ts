/**
 * What telemetry counts is what the ledger has: never more, whenever the program is killed, and all of it
 * where it was not. COMMITs whose answers were lost count once.
 */
import { OtlpReceiver } from "../support/otlp_receiver.ts";
import { startCommitProxy } from "./commit_proxy.ts";
import type { LoadCase } from "./load_case.ts";
import type { Place } from "./place.ts";
import { describe, start } from "./program.ts";
import { incomplete, sourceOf, type Trial, withPlace } from "./trial.ts";

/** The loads whose programs are killed; each has many batches. */
export const TELEMETRY_CASES: readonly LoadCase[] = [
  { name: "append, 120 batches", mode: "append", connections: 1, rows: 24_000, batchRows: 200 },
  { name: "append, 120 batches, 2", mode: "append", connections: 2, rows: 24_000, batchRows: 200 },
  { name: "upsert, 80 batches", mode: "upsert", connections: 1, rows: 16_000, batchRows: 200 },
];

const OUTCOMES = ["committed", "superseded", "rejected"] as const;
type Sums = Readonly<Record<typeof OUTCOMES[number], number>>;

/** Kills each load so often, each time once it was heard of rows, and lets it come to its end then. */
export async function countKilled(
  trial: Trial,
  { cases, kills }: { readonly cases: readonly LoadCase[]; readonly kills: number },
): Promise<void> {
  for (const load of cases) {
    const source = await sourceOf(trial, load);
    await withPlace(trial, load, async (place) => {
      const where = `${trial.family}, ${load.name}, telemetry`;
      let before = await ledgerSums(place);
      for (let i = 0; i <= kills; i++) {
        await using receiver = new OtlpReceiver();
        const running = start({ place, source, load, env: receiver.env });
        const batches = 1 + trial.random.below(20);
        if (i < kills) {
          void receiver.until(() => receiver.sum("snakepipe.batches") >= batches)
            .then(() => running.kill());
        }
        const outcome = await running.run;
        if (outcome.killed) trial.counters.kills++;
        else trial.counters.fail(where, incomplete(outcome));
        const after = await ledgerSums(place);
        const what = outcome.killed ? "killed" : "at its end";
        const own = OUTCOMES.map((name) => [name, after[name] - before[name]] as const);
        trial.counters.fail(`${where}, ${what}`, [
          ...own.flatMap(([name, written]) =>
            differs(name, countedBy(receiver, name), written, outcome.killed)
          ),
          ...outcome.killed ? [] : OUTCOMES.flatMap((name) => {
            const told = receiver.sum("snakepipe.ledger.rows", withOutcome(name));
            return differs(`the ledger's ${name}`, told, after[name], false);
          }),
        ]);
        before = after;
      }
    });
  }
}

/** Loses the answers of some COMMITs of one load, which goes on by itself. */
export async function countLostCommits(trial: Trial, load: LoadCase): Promise<void> {
  const source = await sourceOf(trial, load);
  await withPlace(trial, load, async (place) => {
    const server = new URL(place.url);
    const { hostname, port } = server;
    let commits = 0;
    await using proxy = startCommitProxy({
      server: { hostname, port: Number(port) },
      protocol: trial.crash.commits!,
      // The first ones are of what prepares the load.
      fateOf: () => ++commits > 5 && commits % 5 === 0 ? "lose the reply" : "pass",
    });
    const url = new URL(server);
    url.port = String(proxy.port);
    await using receiver = new OtlpReceiver();
    const outcome = await start({ place, source, load, url: url.href, env: receiver.env }).run;
    trial.counters.repliesLost += proxy.repliesLost;
    const sums = await ledgerSums(place);
    trial.counters.fail(`${trial.family}, ${load.name}, telemetry, COMMITs lost`, [
      ...incomplete(outcome),
      ...OUTCOMES.flatMap((name) => differs(name, countedBy(receiver, name), sums[name], false)),
      ...receiver.sum("snakepipe.retries") > 0
        ? []
        : [`no retry was counted: ${describe(outcome)}`],
    ]);
  });
}

function withOutcome(name: string): Readonly<Record<string, string>> {
  return { "snakepipe.outcome": name };
}

function countedBy(receiver: OtlpReceiver, name: string): number {
  return receiver.sum("snakepipe.rows", withOutcome(name));
}

/** What is wrong with a count; a program that was killed may not have told all. */
function differs(name: string, counted: number, written: number, killed: boolean): string[] {
  if (killed ? counted <= written : counted === written) return [];
  return [`${name}: ${counted} were counted, the ledger has ${written}`];
}

/** The ledger's sums; nothing where there is none. */
async function ledgerSums(place: Place): Promise<Sums> {
  if (!(await place.tables()).includes("_snakepipe_batch")) {
    return { committed: 0, superseded: 0, rejected: 0 };
  }
  const sums = OUTCOMES.map((name) => `coalesce(sum(${name}), 0)`).join(", ");
  const [row] = await place.rows(`SELECT ${sums} FROM ${place.sqlName("_snakepipe_batch")}`);
  const [committed, superseded, rejected] = row!.map(Number);
  return { committed: committed!, superseded: superseded!, rejected: rejected! };
}

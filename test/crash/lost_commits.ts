/**
 * Connections to a server break around COMMIT. What a blind second try would double, and a blind
 * success would lose, has to be in exactly once.
 */
import { problemsAtEnd } from "./check.ts";
import { type CommitFate, startCommitProxy } from "./commit_proxy.ts";
import type { LoadCase } from "./load_case.ts";
import { describe, run } from "./program.ts";
import { Random } from "./random.ts";
import { incomplete, inPairs, sourceOf, type Trial, untyped, withPlace } from "./trial.ts";

/** The loads whose COMMITs are lost. */
export const LOST_COMMIT_CASES: readonly LoadCase[] = [
  { name: "append, 30 batches", mode: "append", connections: 1, rows: 600, batchRows: 20 },
  {
    name: "append, 30 ranges",
    mode: "append",
    connections: 2,
    rows: 600,
    batchRows: 20,
    batchBytes: 1_000,
  },
  { name: "append, 30 batches, 2", mode: "append", connections: 2, rows: 600, batchRows: 20 },
  { name: "upsert, 30 batches", mode: "upsert", connections: 1, rows: 600, batchRows: 20 },
  {
    name: "upsert, mixed, 30 batches",
    mode: "upsert",
    connections: 1,
    rows: 600,
    batchRows: 20,
    mixed: true,
    tableThere: true,
  },
  {
    name: "replace, 30 batches",
    mode: "replace",
    connections: 1,
    rows: 600,
    batchRows: 20,
    tableThere: true,
  },
  {
    name: "append with rejects, 20 batches",
    mode: "append",
    connections: 2,
    rows: 400,
    batchRows: 20,
    rejects: true,
    tableThere: true,
  },
];

/** A COMMIT is lost, or its reply is; twice as often the reply. */
const LOST_SHARE = 0.15;
const REPLY_LOST_SHARE = 0.35;

/** Runs of one load until it has to be complete. */
const RUNS_MAX = 20;

/** Loads the cases over and over, until so many replies are lost. */
export async function loseCommits(
  trial: Trial,
  { cases, replies }: { readonly cases: readonly LoadCase[]; readonly replies: number },
): Promise<void> {
  const wanted = trial.counters.repliesLost + replies;
  while (trial.counters.repliesLost < wanted) await inPairs(cases, (load) => loseSome(trial, load));
}

async function loseSome(trial: Trial, load: LoadCase): Promise<void> {
  // Drawn at once: what the other load draws meanwhile is nobody's choice.
  const random = new Random(trial.random.below(2 ** 32));
  const source = await sourceOf(trial, load);
  await withPlace(trial, load, async (place) => {
    const server = new URL(place.url);
    let lastPassed = true;
    const fateOf = (): CommitFate => {
      const draw = random.next();
      // Not two in a row: this is about one COMMIT, and not about how often a batch is tried.
      lastPassed = !lastPassed || draw >= LOST_SHARE + REPLY_LOST_SHARE;
      return lastPassed ? "pass" : draw < LOST_SHARE ? "lose" : "lose the reply";
    };
    const { hostname, port } = server;
    await using proxy = startCommitProxy({
      server: { hostname, port: Number(port) },
      protocol: trial.crash.commits!,
      fateOf,
    });
    const url = new URL(server);
    url.port = String(proxy.port);
    const where = `${trial.family}, ${load.name}, COMMITs lost`;
    for (let runs = 1;; runs++) {
      const outcome = await run({ place, source, load, url: url.href });
      if (outcome.status === 0 || runs === RUNS_MAX) {
        const problems = incomplete(outcome);
        const options = { place, source, load };
        trial.counters.fail(where, problems.length > 0 ? problems : await problemsAtEnd(options));
        break;
      }
      trial.counters.fail(where, untyped(outcome));
      // A load that is only being set up may stop; once batches are in, it has to go on by itself.
      if ((outcome.report?.batches ?? 0) > 0) {
        trial.counters.fail(where, [`did not get over a lost COMMIT: ${describe(outcome)}`]);
      }
    }
    trial.counters.repliesLost += proxy.repliesLost;
    trial.counters.commitsLost += proxy.commitsLost;
  });
}

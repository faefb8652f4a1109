/** What holds after every load, whatever it was: report, table, ledger, and nothing left over. */
import type { LoadReport } from "../../src/load/report.ts";
import type { Trial } from "./trial.ts";

/** Tables of the host that stay. */
export const HOST_TABLES: readonly string[] = [
  ...["_snakepipe_reject", "_snakepipe_batch", "_snakepipe_load"],
];

/** A load as it has ended, and how many rows its table had before; undefined where it was not there. */
interface Ended {
  /** Undefined where it never began. */
  readonly report: LoadReport | undefined;
  readonly table: string;
  readonly before: number | undefined;
  /** Whether its table was changed meanwhile, so that it was planned for again. */
  readonly replanned: boolean;
}

/** Sentences without a capital about what is not as it should be. */
export async function faultsOf(trial: Trial, ended: Ended): Promise<string[]> {
  const left = (await trial.leftOver()).filter((name) => /_snakepipe_/.test(name));
  return [
    ...left.map((name) => `${name} was left over`),
    ...tableFaults(ended, await trial.count(ended.table)),
    ...await ledgerFaults(trial, ended),
  ];
}

function tableFaults({ report, before = 0 }: Ended, now: number | undefined): string[] {
  if (!report) return (now ?? 0) === before ? [] : [`the table has ${now} rows, and had ${before}`];
  const { read, committed, superseded, rejected, skipped, mode, state } = report;
  const sums = read === committed + superseded + rejected + skipped ||
      state !== "complete"
    ? []
    : [`${read} read are not the sum of the other counts`];
  const rows = now ?? 0;
  const fits = mode === "append"
    ? rows - before === committed
    : mode === "replace"
    ? rows === (state === "complete" ? committed : before)
    : rows >= Math.min(before, 1) && rows <= before + committed;
  return fits ? sums : [...sums, `the table has ${rows} rows, and had ${before}`];
}

async function ledgerFaults(trial: Trial, { report, replanned }: Ended): Promise<string[]> {
  if (!report?.load) return [];
  const { textOf, quote } = trial.words;
  const id = report.load.id;
  const sum = (column: string) => `${textOf(`coalesce(sum(${column}), 0)`)} AS ${column}_sum`;
  const [ledger] = await trial.read(
    `SELECT ${["rows_read", "committed", "superseded", "rejected"].map(sum).join(", ")}, ` +
      `${textOf("count(*)")} AS n FROM ${quote("_snakepipe_batch")} WHERE ${
        textOf("load_id")
      } = '${id}'`,
  );
  const [load] = await trial.read(
    `SELECT state, ${textOf("rows_committed")} AS n, plan_hash FROM ${quote("_snakepipe_load")} ` +
      `WHERE ${textOf("id")} = '${id}'`,
  );
  const [read, committed, superseded, rejected, batches] = ledger!.map(Number);
  const { skipped } = report;
  const faults = replanned || load?.[2] === report.load.planHash
    ? []
    : ["its row has another plan"];
  if (report.state === "complete") {
    if (read !== report.read) faults.push(`the ledger has ${read} rows read`);
    if (load?.[0] !== "complete") faults.push(`its row says ${load?.[0]}`);
    if (Number(load?.[1]) !== committed) faults.push(`its row has ${load?.[1]} rows committed`);
  } else if (load?.[0] === "complete") faults.push("its row says that it is complete");
  if (skipped > 0) return faults;
  for (
    const [what, kept, told] of [
      ["committed", committed, report.committed],
      ["superseded", superseded, report.superseded],
      ["rejected", rejected, report.rejected],
      ["of batches", batches, report.batches],
    ] as const
  ) {
    if (kept !== told) faults.push(`the ledger has ${kept} rows ${what}`);
  }
  return faults;
}

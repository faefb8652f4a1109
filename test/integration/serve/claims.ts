/** What programs say of rows, wherever they say it, in one form: to be held against the ledger. */
import type { ProgramStatus } from "../../../host/api/status_schema.ts";
import type { ToldProgram } from "../../../host/observe/running/told_program.ts";
import type { OtlpReceiver } from "../../support/otlp_receiver.ts";

/** Where it is said. */
export const PLACES = ["metrics", "otlp", "status", "file", "command"] as const;

/** Where it is said. */
export type Place = typeof PLACES[number];

/** So many rows are committed to a table. */
export interface Claim {
  readonly place: Place;
  /** Which number it is. */
  readonly what: string;
  readonly table: string;
  readonly rows: number;
  /** Of the life of the program, or of the load since it began first. */
  readonly of: "life" | "load";
}

/** What a text for Prometheus says. */
export function claimsOfMetrics(text: string): Claim[] {
  const line = /^(snakepipe_rows_total|snakepipe_ledger_rows)\{(.*)\} (\d+)$/gm;
  return [...text.matchAll(line)].flatMap(([, what = "", labels = "", value]) => {
    const { table = "", outcome } = Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    if (outcome !== "committed") return [];
    const of = what === "snakepipe_rows_total" ? "life" : "load";
    return [{ place: "metrics" as const, what, table, rows: Number(value), of }];
  });
}

/** What was sent by OTLP so far. */
export function claimsOfOtlp(receiver: OtlpReceiver): Claim[] {
  return (["snakepipe.rows", "snakepipe.ledger.rows"] as const).flatMap((what) =>
    receiver.points(what).flatMap(({ attributes, value }) => {
      if (attributes["snakepipe.outcome"] !== "committed") return [];
      const table = attributes["snakepipe.table"] ?? "";
      const of = what === "snakepipe.rows" ? "life" : "load";
      return [{ place: "otlp" as const, what, table, rows: value, of }];
    })
  );
}

/** What `/status` says of loads that have the names of their tables. */
export function claimsOfStatus({ loads }: ProgramStatus): Claim[] {
  return loads.flatMap(({ name: table, progress, last, runs }) => {
    const about = { place: "status", table, of: "life" } as const;
    return [
      ...(progress ? [{ ...about, what: "progress", rows: progress.rowsCommitted }] : []),
      ...(last
        ? [{ ...about, what: runs === 1 ? "only run" : "last run", rows: last.committed }]
        : []),
    ];
  });
}

/** What a status file says, or the command that reads it. */
export function claimsOfProgram({ loads }: ToldProgram, place: "file" | "command"): Claim[] {
  return loads.flatMap(({ table = "", run }) => {
    if (!run) return [];
    const { committed, committedBefore } = run;
    return [
      { place, what: "committed", table, rows: committed, of: "life" },
      { place, what: "of all runs", table, rows: committed + committedBefore, of: "load" },
    ] as const;
  });
}

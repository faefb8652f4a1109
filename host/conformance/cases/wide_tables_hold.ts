import { WRITE_MODES, type WriteMode } from "../../../src/model/batch.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Experiment } from "../experiment.ts";
import type { LoadSpec, Trial } from "../trial.ts";

/** Two rows of so many columns, the first of which is the key. */
function wide(count: number, mode: WriteMode): LoadSpec {
  const names = Array.from({ length: count }, (_, i) => `c${i}`);
  const row = (id: number) =>
    Object.fromEntries(names.map((name, i) => [name, i === 0 ? id : i % 100]));
  const schema = names.map((name, i) => ({
    ...{ name, type: "int16", nullable: i > 0, key: i === 0 } as const,
  }));
  return { mode, ...(mode === "upsert" ? { key: ["c0"] } : {}), schema, lines: [row(1), row(2)] };
}

const most = ({ words }: Trial) =>
  Math.min(words.columnsMax ?? LIMITS.columnsMax, LIMITS.columnsMax);

/** As many columns as a table can have, and one more. */
export const WIDE_TABLES_HOLD: readonly Experiment[] = [
  ...WRITE_MODES.map((mode): Experiment => ({
    group: "wide tables",
    way: mode,
    modes: [mode],
    expected: { "1,600 columns, or as many as a table can have": "2 committed; the last adds up" },
    async run(trial) {
      const count = most(trial);
      const said = await trial.load(wide(count, mode));
      const last = trial.words.quote(`c${count - 1}`);
      const sum = trial.words.textOf(`sum(${last})`);
      const [row] = await trial.read(`SELECT ${sum} AS c0 FROM ${trial.quoted()}`);
      const adds = Number(row![0]) === 2 * ((count - 1) % 100)
        ? "the last adds up"
        : `it is ${row![0]}`;
      return { "1,600 columns, or as many as a table can have": `${said}; ${adds}` };
    },
  })),
  {
    group: "wide tables",
    expected: { "a column more than a load takes is refused": "usage: …no more than 1600…" },
    async run(trial) {
      const said = await trial.load(wide(LIMITS.columnsMax + 1, "append"));
      return { "a column more than a load takes is refused": said };
    },
  },
];

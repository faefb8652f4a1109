/** Modules that are small, and cost a lot to read, to compile or to make an instance of. */
import type { ModuleCase } from "./module_case.ts";
import {
  bodyOf,
  exported,
  functionOf,
  joined,
  leb,
  moduleOf,
  repeated,
  vectorOf,
} from "./module_attack.ts";

/** How the engine begins to say that it does not compile something. */
const ENGINE = "WebAssembly.Module()";
/** Five thousand locals of 32 bits, and nine hundred. */
const LOCALS = [1, 0x88, 0x27, 0x7f];
const FEWER_LOCALS = [1, 0x84, 0x07, 0x7f];

function tooMany(
  name: string,
  { says, harm, ...rest }: Pick<ModuleCase, "what" | "bytes"> & {
    readonly says: string;
    readonly harm: ModuleCase["harm"];
  },
): ModuleCase {
  const isInvalid = "none" in harm && harm.none === "engine";
  return {
    name,
    ...rest,
    stopped: "folder",
    code: "plugin_refused",
    refused: { decoder: says, ...(isInvalid ? { engine: ENGINE } : {}) },
    harm,
  };
}

/** Names of three bytes, each as it stands in its section, of exports of function 0. */
function manyExports(count: number): Uint8Array {
  const items = new Uint8Array(count * 6);
  for (let i = 0; i < count; i++) {
    items.set(
      [3, 33 + i % 90, 33 + Math.floor(i / 90) % 90, 33 + Math.floor(i / 8_100), 0, 0],
      6 * i,
    );
  }
  return joined(leb(count), items);
}

/** Functions of branches to nine hundred blocks each, and one that calls them. */
function branchTables(): Uint8Array<ArrayBuffer> {
  const targets = joined(leb(900), ...Array.from({ length: 900 }, (_, i) => leb(i)), 0);
  const branch = joined(0x02, 0x40, 0x41, 0, 0x0e, targets, 0x0b);
  const body = joined(
    0,
    repeated(900, [0x02, 0x40]),
    repeated(280, branch),
    repeated(901, [0x0b]),
  );
  const calls = joined(0, ...Array.from({ length: 7 }, (_, i) => [0x10, i + 1]), 0x0b);
  return functionOf([], [3, vectorOf(8, [0])], [
    10,
    joined(8, bodyOf(calls), repeated(7, bodyOf(body))),
  ]);
}

export const cases: readonly ModuleCase[] = [
  {
    name: "file of eight megabytes",
    what: "A file that is larger than a plugin may be: loops, side by side.",
    stopped: "folder",
    code: "plugin_refused",
    bytes: () =>
      functionOf([], [3, vectorOf(20, [0])], [
        10,
        joined(20, repeated(20, bodyOf(joined(0, repeated(140_000, [0x03, 0x40, 0x0b]), 0x0b)))),
      ]),
    refused: { size: "at most 4194304", decoder: "to keep track of" },
    harm: ["time"],
  },
  tooMany("functions without number", {
    what: "Half a million functions.",
    says: "500000 functions, at most",
    bytes: () => functionOf([], [3, vectorOf(500_000, [0])], [10, vectorOf(500_000, [2, 0, 0x0b])]),
    harm: ["time"],
  }),
  tooMany("function of a megabyte", {
    what: "One function of three megabytes.",
    says: "a function body of",
    bytes: () =>
      functionOf(joined(0, repeated(750_000, [0x23, 0, 0x24, 0]), 0x0b), [6, [
        ...[1, 0x7e, 1, 0x42, 0, 0x0b],
      ]]),
    harm: ["time"],
  }),
  tooMany("types without number", {
    what: "A million types.",
    says: "1000000 types, at most",
    bytes: () => moduleOf([1, vectorOf(1_000_000, [0x60, 0, 0])]),
    harm: ["time"],
  }),
  tooMany("imports without number", {
    what: "Two hundred thousand imports.",
    says: "200000 imports, at most",
    bytes: () => moduleOf([1, [1, 0x60, 0, 0]], [2, vectorOf(200_000, [0, 0, 0, 0])]),
    harm: ["time"],
  }),
  tooMany("exports without number", {
    what: "Two hundred thousand exports, each by its own name.",
    says: "200000 exports, at most",
    bytes: () => functionOf([0, 0x0b], [7, manyExports(200_000)]),
    harm: ["time"],
  }),
  tooMany("globals without number", {
    what: "Eight hundred thousand globals.",
    says: "800000 globals, at most",
    bytes: () => moduleOf([6, vectorOf(800_000, [0x7f, 0, 0x41, 0, 0x0b])]),
    harm: { none: "as many as a file has room for, which cost the engine less than reading them" },
  }),
  tooMany("tables without number", {
    what: "A hundred thousand tables.",
    says: "100000 tables",
    bytes: () => moduleOf([4, vectorOf(100_000, [0x70, 0, 1])]),
    harm: ["time"],
  }),
  tooMany("parameters without number", {
    what: "A function of five thousand parameters.",
    says: "5000 parameters, at most",
    bytes: () => moduleOf([1, joined([1, 0x60], vectorOf(5_000, [0x7f]), 0)]),
    harm: { none: "engine" },
  }),
  tooMany("data segments without number", {
    what: "A hundred thousand pieces of data.",
    says: "100000 data segments, at most",
    bytes: () => moduleOf([5, [1, 0, 1]], [11, vectorOf(100_000, [0, 0x41, 0, 0x0b, 0])]),
    harm: { none: "the engine takes no more of them, and these cost it a few milliseconds" },
  }),
  tooMany("element segments without number", {
    what: "A hundred thousand pieces of tables.",
    says: "100000 element segments, at most",
    bytes: () => moduleOf([4, [1, 0x70, 0, 1]], [9, vectorOf(100_000, [0, 0x41, 0, 0x0b, 0])]),
    harm: { none: "the engine takes no more of them, and these cost it a few milliseconds" },
  }),
  tooMany("elements without number", {
    what: "Four hundred times the ten thousand elements of its table, set again in each instance.",
    says: "elements in its segments",
    bytes: () =>
      functionOf([0, 0x0b], [4, [1, 0x70, 0, 0x90, 0x4e]], [
        9,
        vectorOf(400, joined([0, 0x41, 0, 0x0b], vectorOf(10_000, [0]))),
      ]),
    harm: ["time"],
  }),
  tooMany("locals in many groups", {
    what: "Four billion locals, in six bytes.",
    says: "locals in a function",
    bytes: () => functionOf([1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b]),
    harm: { none: "engine" },
  }),
  tooMany("locals without number", {
    what: "Twenty thousand locals, one by one, under ten thousand loops.",
    says: "locals in a function",
    bytes: () =>
      functionOf(
        joined(vectorOf(20_000, [1, 0x7e]), repeated(10_000, [0x03, 0x40, 0x0b]), 0x0b),
      ),
    harm: ["time"],
  }),
  tooMany("blocks nested without end", {
    what: "Fifty thousand blocks, one in the other.",
    says: "nested deeper",
    bytes: () =>
      functionOf(
        joined(FEWER_LOCALS, repeated(50_000, [0x02, 0x40]), repeated(50_001, [0x0b])),
      ),
    harm: ["time"],
  }),
  tooMany("loops nested without end", {
    what: "Fifty thousand loops, one in the other.",
    says: "nested deeper",
    bytes: () =>
      functionOf(
        joined(FEWER_LOCALS, repeated(50_000, [0x03, 0x40]), repeated(50_001, [0x0b])),
      ),
    harm: ["time"],
  }),
  tooMany("blocks of many values", {
    what: "Blocks that take a thousand values each, and give them back: 150 KB, 2 GB to validate.",
    says: "to keep track of",
    bytes: () => {
      const values = vectorOf(1_000, [0x7e]);
      const body = joined([0, 0x00], repeated(50_000, [0x02, 1, 0x0b]), [0x00, 0x0b]);
      return functionOf(body, [1, joined([2, 0x60, 0, 0, 0x60], values, values)]);
    },
    harm: ["time"],
  }),
  tooMany("results without number", {
    what: "Calls that leave a thousand values each, which nobody takes: 100 KB, 2 GB to validate.",
    says: "to keep track of",
    bytes: () =>
      functionOf(
        [],
        [1, joined([2, 0x60, 0, 0, 0x60, 0], vectorOf(1_000, [0x7e]))],
        [3, [2, 1, 0]],
        exported(1),
        [
          10,
          joined(
            2,
            bodyOf([0, 0x00, 0x0b]),
            bodyOf(joined(0, repeated(50_000, [0x10, 0]), [0x00, 0x0b])),
          ),
        ],
      ),
    harm: ["time"],
  }),
  tooMany("branch table of a million", {
    what: "One branch with a million targets.",
    says: "a function body of",
    bytes: () =>
      functionOf(joined([0, 0x41, 0, 0x0e], leb(1_000_000), repeated(1_000_001, [0]), 0x0b)),
    harm: { none: "engine" },
  }),
  tooMany("branch tables without number", {
    what: "Many branches with nine hundred targets each, in seven functions.",
    says: "targets of br_table",
    bytes: branchTables,
    harm: ["time"],
  }),
  tooMany("branch tables under many locals", {
    what: "Ten thousand ways out, from under five thousand locals.",
    says: "to keep track of",
    bytes: () =>
      functionOf(
        joined(
          LOCALS,
          repeated(500, [0x02, 0x40]),
          repeated(20_000, joined([0x20, 0, 0x0e], vectorOf(10, [0]), 0)),
          repeated(500, [0x0b]),
          0x0b,
        ),
      ),
    harm: ["time"],
  }),
  tooMany("branches under many locals", {
    what: "Five thousand locals, and twenty thousand branches that each might change them.",
    says: "to keep track of",
    bytes: () => functionOf(joined(LOCALS, repeated(20_000, [0x20, 0, 0x04, 0x40, 0x0b]), 0x0b)),
    harm: ["time"],
  }),
  tooMany("loops under many operands", {
    what: "Ten thousand operands, and as many loops above them: 60 KB, 4 GB to compile.",
    says: "to keep track of",
    bytes: () =>
      functionOf(
        joined(
          0,
          repeated(10_000, [0x41, 1]),
          repeated(10_000, [0x03, 0x40, 0x0b]),
          repeated(10_000, [0x1a]),
          0x0b,
        ),
      ),
    harm: ["time"],
  }),
  tooMany("loops without number", {
    what: "More than a million loops of nothing, side by side.",
    says: "to keep track of",
    bytes: () =>
      functionOf([], [3, vectorOf(8, [0])], [
        10,
        joined(8, repeated(8, bodyOf(joined(0, repeated(150_000, [0x03, 0x40, 0x0b]), 0x0b)))),
      ]),
    harm: ["time"],
  }),
];

/** Sources whose first records cannot be read, or that have none. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import type { Host, LoadOptions, LoadReport } from "../../mod.ts";
import { openSource } from "../../host/sources/open_source.ts";
import type { Source } from "../../host/sources/source.ts";
import { LoadStoppedError } from "../../src/load/report.ts";
import { inTurn } from "../support/in_turn.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

interface Place {
  readonly target: Target;
  readonly host: Host;
  readonly folder: string;
}

interface Options extends LoadOptions {
  /** Whether the files can be read only once, as what comes by a pipe; false by default. */
  readonly piped?: boolean;
}

async function load(
  { target, host, folder }: Place,
  files: Readonly<Record<string, string | Uint8Array>>,
  { piped = false, ...options }: Options = {},
): Promise<LoadReport> {
  const paths = Object.keys(files).map((name) => `${folder}/${name}`);
  for (const [i, content] of Object.values(files).entries()) {
    if (typeof content === "string") await Deno.writeTextFile(paths[i]!, content);
    else await Deno.writeFile(paths[i]!, content);
  }
  const backend = await host.createBackend(target.type, target.config);
  try {
    const source = openSource(paths);
    return await host.load(piped ? pipeOf(source) : source, backend, { table: "t", ...options });
  } finally {
    await backend.close();
  }
}

/** The same source; nothing is known of the size of its parts, and they are not opened again. */
function pipeOf(source: Source): Source {
  const { name, kinds } = source;
  return {
    name,
    ...(kinds ? { kinds } : {}),
    async *parts() {
      for await (const part of source.parts()) {
        yield { name: part.name, open: part.open.bind(part) };
      }
    },
  };
}

async function stopped(...args: Parameters<typeof load>): Promise<LoadStoppedError> {
  return await assertRejects(() => load(...args), LoadStoppedError);
}

async function count({ target }: Place, where = "true"): Promise<string | null> {
  const [row] = await target.query(
    `SELECT ${target.textOf("count(*)")} AS n FROM t WHERE ${where}`,
  );
  return row!.n ?? null;
}

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const text = await Deno.readTextFile(path);
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

const ALL = { maxRejects: { kind: "share", share: 1 } } as const;
const PAGE = "<html>\n<body>moved</body>\n</html>\n";
/** More than a batch of them, and no record that can be read. */
const FLOOD = "no record\n".repeat(1_500);

const TESTS: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  "records that cannot be read stop the load, whether there is a table or not": async (place) => {
    for (const table of [undefined, "CREATE TABLE t (a int)"]) {
      if (table) await place.target.execute(table);
      for (
        const [name, content, line, what] of [
          ["a.ndjson", PAGE, 1, "HTML or XML"],
          ["b.ndjson", "[1]\n", 1, "but an array"],
          ["c.ndjson", Uint8Array.of(123, 34, 233, 34, 58, 49, 125, 10), 1, "Latin-1"],
          ["d.ndjson.gz", gzipSync(`\n\n${FLOOD}{"a":1}\n`), 3, "not a JSON object"],
          ["e.ndjson", "{}\n7\n", 2, "not a JSON object"],
          ["f.csv", "a,b\n1\n2\n", 2, "fewer than 2 fields"],
        ] as const
      ) {
        const error = await stopped(place, { [name]: content }, { batchRowsMax: 1_000 });
        if (name === "f.csv" && table) {
          assertEquals(error.code, "column_missing");
          continue;
        }
        assertEquals([error.code, error.report.committed], ["rows_rejected", 0], name);
        assert(error.issues[0]!.path.includes(`${name}:${line}:`), error.message);
        assert(error.issues[0]!.message.includes(what), error.message);
      }
    }
    assertEquals(await count(place), "0");
  },

  "records that cannot be read are rejects before the first that can": async (place) => {
    const rejects = `${place.folder}/rejects.ndjson`;
    const files = {
      "a.ndjson": FLOOD,
      "b.ndjson": `{}\n{}\n`,
      "c.ndjson": `7\n{"a":1,"b":"x"}\n{"a":2}\n`,
    };
    const options = { ...ALL, rejects, batchRowsMax: 1_000 };
    const report = await load(place, files, options);
    assertEquals([report.state, report.read, report.committed, report.rejected], [
      "complete",
      1_505,
      4,
      1_501,
    ]);
    assertEquals([await count(place), await count(place, "a IS NULL")], ["4", "2"]);
    const kept = await linesOf(rejects);
    assertEquals(kept.length, 1_501);
    assertEquals(kept.find(({ source }) => String(source).endsWith("c.ndjson"))?.text, "7");
    const again = await load(place, files, options);
    assertEquals([again.read, again.committed, again.skipped], [1_505, 0, 1_505]);
    assertEquals((await linesOf(rejects)).length, 1_501);
  },

  "columns are told behind any number of records that cannot be read, in every format": async (
    place,
  ) => {
    const lines = `{"a":1,"b":"x"}\n{"a":2}\n`;
    const files: Readonly<Record<string, string | Uint8Array>> = {
      "a.ndjson": FLOOD + lines,
      "b.ndjson.gz": gzipSync(FLOOD + lines),
      "c.csv": `a,b\n${FLOOD}1,x\n2,\n`,
      "d.json": `[{"a":},\n${"7,\n".repeat(1_499)}{"a":1,"b":"x"},{"a":2}]`,
    };
    for (const [name, content] of Object.entries(files)) {
      for (const piped of [false, true]) {
        const rejects = `${place.folder}/${name}.${piped}.rejects`;
        const options = { ...ALL, rejects, batchRowsMax: 1_000, piped };
        const report = await load(place, { [name]: content }, options);
        assertEquals(
          [report.state, report.read, report.committed, report.rejected],
          ["complete", 1_502, 2, 1_500],
          name,
        );
        const good = await count(place, "a = 1 AND b = 'x'");
        assertEquals([await count(place), good], ["2", "1"], name);
        assertEquals((await linesOf(rejects)).length, 1_500, name);
        await place.target.execute("DROP TABLE t");
      }
    }
  },

  "more records that cannot be read than may be stop the load": async (place) => {
    const options = { maxRejects: { kind: "count", rowsMax: 1_200 }, rejectTable: true } as const;
    const error = await stopped(place, { "a.ndjson": `${FLOOD}{"a":1}\n` }, {
      ...options,
      batchRowsMax: 1_000,
    });
    assertEquals(error.code, "rows_rejected");
    const none = await stopped(place, { "b.ndjson": FLOOD }, { ...options, batchRowsMax: 1_000 });
    assertEquals([none.code, none.issues[0]?.path.includes("b.ndjson:1001")], [
      "rows_rejected",
      true,
    ]);
  },

  "rejects are kept where no record tells the columns, and the table is not made": async (
    place,
  ) => {
    const rejects = `${place.folder}/rejects.ndjson`;
    for (let run = 0; run < 2; run++) {
      const error = await stopped(place, { "a.ndjson": PAGE, "b.ndjson": "{}\n" }, {
        ...ALL,
        rejects,
      });
      assertEquals([error.code, error.report.state], ["rows_rejected", "failed"]);
      assert(error.message.includes("table t, which was not created: 3 cannot be read"));
      assert(error.message.includes("They are in the file of rejects; the other 1 have no field"));
      const kept = await linesOf(rejects);
      assertEquals(kept.map(({ text }) => text).join("\n") + "\n", PAGE, "once, in every run");
    }
    await assertRejects(() => count(place));
    const report = await load(place, { "a.ndjson": PAGE, "b.ndjson": "{}\n" }, {
      ...ALL,
      rejects,
      schema: [{ name: "a", type: "text", nullable: true, key: false }],
    });
    assertEquals([report.committed, report.rejected, await count(place)], [1, 3, "1"]);
  },

  "records without a field do not make a source empty": async (place) => {
    const error = await stopped(place, { "a.ndjson": "{}\n{}\n" });
    assertEquals(error.code, "rows_rejected");
    assert(error.message.includes("2 have no field"), error.message);
    await place.target.execute("CREATE TABLE t (a int)");
    assertEquals((await load(place, { "a.ndjson": "{}\n{}\n" })).committed, 2);
  },

  "a table whose columns need a value meets records that cannot be read": async (place) => {
    await place.target.execute("CREATE TABLE t (a int NOT NULL, b int NOT NULL DEFAULT 7)");
    const error = await stopped(place, { "a.ndjson": PAGE });
    assertEquals(error.code, "rows_rejected");
    const rejects = `${place.folder}/rejects.ndjson`;
    const report = await load(place, { "a.ndjson": PAGE }, { ...ALL, rejects });
    assertEquals([report.state, report.committed, report.rejected], ["complete", 0, 3]);
    assertEquals((await linesOf(rejects)).length, 3);
    const good = await load(place, { "b.ndjson": `${FLOOD}{"a":1}\n` }, {
      ...ALL,
      rejects,
      batchRowsMax: 1_000,
    });
    assertEquals([good.committed, await count(place, "b = 7")], [1, "1"]);
  },

  "a replace by no row is refused, unless it is said to be meant": async (place) => {
    const sources: Readonly<Record<string, string | Uint8Array>> = {
      "a.ndjson": "",
      "b.ndjson": "\n \n",
      "c.csv": "",
      "d.csv": "\r\n\n",
      "e.csv": "a\n",
      "f.tsv": "a",
      "g.ndjson.gz": gzipSync(""),
      "h.csv.gz": gzipSync("a\r\n"),
      "i.json": "[]",
      "j.ndjson": PAGE,
    };
    for (const [name, content] of Object.entries(sources)) {
      const options = { ...ALL, rejectTable: true, mode: "replace" } as const;
      const files = { [name]: content };
      await place.target.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)");
      const error = await stopped(place, files, options);
      assertEquals([error.code, await count(place)], ["source_empty", "2"], name);
      assertStringIncludes(error.message, "nothing was changed. Say --allow-empty");
      const report = await load(place, files, { ...options, allowEmpty: true });
      assertEquals(
        [report.state, report.committed, await count(place)],
        ["complete", 0, "0"],
        name,
      );
      // Without a table there is nothing to lose, and the rule is the same.
      await place.target.execute("DROP TABLE t");
      if (name === "j.ndjson") continue;
      assertEquals((await stopped(place, files, options)).code, "source_empty", name);
      await load(place, files, { ...options, allowEmpty: true });
      await place.target.execute("DROP TABLE IF EXISTS t");
    }
  },

  "an append and an upsert of no row leave the table as it is": async (place) => {
    await place.target.execute("CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1)");
    for (const mode of ["append", "upsert"] as const) {
      for (const [name, text] of [["a.ndjson", ""], ["b.csv", ""], ["c.csv", "a\n"]] as const) {
        const report = await load(place, { [name]: text }, { mode, key: ["a"] });
        assertEquals([report.state, report.notes], ["complete", ["The source has no rows"]]);
      }
    }
    assertEquals(await count(place), "1");
  },
};

for (const [number, [name, test]] of Object.entries(TESTS).entries()) {
  for (const kind of inTurn(TARGET_KINDS, { number, family: ({ family }) => family })) {
    Deno.test(`unread source: ${kind.name}: ${name}`, () =>
      kind.use(async (target) => {
        await using host = await openHost();
        await withFolder((folder) => test({ target, host, folder }));
      }));
  }
}

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { statusOf } from "../../../host/cli/output/exit_status.ts";
import {
  bytesText,
  durationText,
  progressPieces,
} from "../../../host/cli/output/progress_display.ts";
import { redact } from "../../../host/cli/output/redact.ts";
import { tableLines, wrappedLines } from "../../../host/cli/output/text_table.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { fitPieces } from "../../../src/audit/progress.ts";
import { ProgramFolder, rowsText } from "./program.ts";

/** Runs words under a terminal of 50 columns; undefined where there is no `script` of util-linux. */
async function underTerminal(
  place: ProgramFolder,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<{ status: number; screen: string } | undefined> {
  const command = `stty cols 50 rows 10; exec ${words.map((word) => `'${word}'`).join(" ")}`;
  try {
    const { code, stdout } = await new Deno.Command("script", {
      args: ["-qec", command, "/dev/null"],
      cwd: place.folder,
      env: { NO_COLOR: "", ...env },
      stdin: "null",
      stderr: "null",
    }).output();
    return { status: code, screen: new TextDecoder().decode(stdout) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("load on a terminal redraws one line that fits, and clears it", async () => {
  await using place = await ProgramFolder.create({ "nodes.ndjson": rowsText(300_000) });
  const args = [
    "load",
    "nodes.ndjson",
    "--to",
    "libsql:t.db",
    "--table",
    "t",
    "--batch-rows",
    "5000",
  ];
  const ran = await underTerminal(place, place.words(args));
  if (ran === undefined) {
    // Without `script`, what it would draw is looked at alone.
    const progress = {
      rowsCommitted: 5,
      batches: 1,
      bytesRead: 5,
      bytesTotal: 10,
      milliseconds: 2000,
    };
    assertEquals(
      fitPieces(progressPieces(progress, 2000), 49),
      "5 rows  50 %  2s left  3 rows/s  5 B of 10 B",
    );
    return;
  }
  assertEquals(ran.status, 0);
  const drawn = ran.screen.split("\r\x1b[J");
  assert(drawn.length > 3, ran.screen);
  for (const line of drawn.slice(1, -1)) {
    assertMatch(line, /^([0-9,]+ rows.*)?$/);
    assert(line.length < 50, line);
  }
  assertStringIncludes(drawn.at(-1)!, "300,000 rows committed to t");
});

Deno.test("run on a terminal redraws a line for each load, and clears them", async () => {
  await using place = await ProgramFolder.create({
    "nodes.ndjson": rowsText(300_000),
    "snakepipe.jsonc": JSON.stringify({
      backends: {
        one: { type: "libsql", url: "libsql:one.db" },
        two: { type: "libsql", url: "libsql:two.db" },
      },
      loads: { fan: { source: "nodes.ndjson", table: "t", to: ["one", "two"], batchRows: 5000 } },
    }),
  });
  const ran = await underTerminal(place, place.words(["run"]));
  if (ran === undefined) return;
  assertEquals(ran.status, 0, ran.screen);
  const drawn = ran.screen.split("\r\x1b[J");
  const both = drawn.map((text) =>
    // What moves up to erase, and what the terminal makes of line ends.
    text.split("\x1b[")[0]!.replaceAll("\r", "").split("\n")
  ).filter((lines) => lines.length > 1 && lines[0]!.startsWith("fan to "));
  assert(both.length > 1, ran.screen);
  for (const line of both.slice(0, -1).flat()) {
    assertMatch(line, /^(fan to (one|two): [0-9,]+ rows.*)?$/);
    assert(line.length < 50, line);
  }
  assertStringIncludes(drawn.at(-1)!, "2 of 2 loads complete");
});

Deno.test("load on a terminal shows faults in red, unless NO_COLOR is set", async () => {
  await using place = await ProgramFolder.create();
  const words = place.words(["load", "gone.ndjson", "--to", "libsql:t.db", "--table", "t"]);
  const red = await underTerminal(place, words);
  const plain = await underTerminal(place, words, { NO_COLOR: "1" });
  if (red === undefined || plain === undefined) return;
  assertEquals([red.status, plain.status], [2, 2]);
  assertStringIncludes(red.screen, "\x1b[1;31msnakepipe:\x1b[0m No such file");
  assertStringIncludes(plain.screen, "snakepipe: No such file");
  assert(!plain.screen.includes("\x1b[1;31m"), plain.screen);
});

Deno.test("progress says rows, share, time left, rate and bytes, in this order", () => {
  const progress = {
    rowsCommitted: 412_000,
    batches: 9,
    bytesRead: 96_300_000,
    bytesTotal: 233_000_000,
    milliseconds: 2000,
  };
  assertEquals(progressPieces(progress, 2000), [
    "412,000 rows",
    "41 %",
    "3s left",
    "206,000 rows/s",
    "96.3 MB of 233 MB",
  ]);
  const { bytesTotal: _, ...stream } = progress;
  assertEquals(progressPieces(stream, 2000), ["412,000 rows", "206,000 rows/s", "96.3 MB"]);
});

Deno.test("times and sizes read as people say them", () => {
  assertEquals([0, 999, 1000, 2345, 9_960, 65_400, 3_600_000].map(durationText), [
    "0ms",
    "999ms",
    "1s",
    "2.3s",
    "10s",
    "1m 5s",
    "1h",
  ]);
  assertEquals([0, 512, 1500, 96_300_000].map(bytesText), ["0 B", "512 B", "1.5 kB", "96.3 MB"]);
});

Deno.test("tables stand in columns, with control characters made visible", () => {
  assertEquals(tableLines([["A", "LONG"], ["x\x1b", "y"], ["zz", ""]]), [
    "A        LONG",
    "x\\u{1b}  y",
    "zz",
  ]);
  assertEquals(wrappedLines(["one", "two", "three"], { indent: "  ", width: 12 }), [
    "  one, two,",
    "  three",
  ]);
});

Deno.test("redaction hides passwords of URLs everywhere, and secrets in quotes", () => {
  const quoted = { secrets: ["abc", "abcdef"], everywhere: false };
  assertEquals(
    redact("at postgres://me:p@ss@host/db", quoted),
    "at postgres://me:[secret]@host/db",
  );
  for (
    const [shown, hidden] of [
      ["libsql:/f/a.db,postgres:/me:p@ss@h", "libsql:/f/a.db,postgres:/me:[secret]@h"],
      ["file:/f/a,b://me:p:p@h/d", "file:/f/a,b://me:[secret]@h/d"],
      ["at libsql:/f/a:b.db", "at libsql:/f/a:b.db"],
    ] as const
  ) assertEquals(redact(shown, quoted), hidden);
  assertEquals(redact('received "abc", on abc', quoted), "received [secret], on abc");
  assertEquals(redact("abc abcdef", { ...quoted, everywhere: true }), "abc [secret]");
});

Deno.test("exit status tells usage, failure and rejected rows apart", () => {
  const status = (code: LoadError["code"]) => statusOf(new LoadError("", { code, blame: "host" }));
  assertEquals((["usage", "env_missing", "key_missing", "source_missing"] as const).map(status), [
    2,
    2,
    2,
    2,
  ]);
  assertEquals((["rows_rejected", "source_malformed"] as const).map(status), [3, 3]);
  assertEquals((["connection_lost", "plan_refused", "bug"] as const).map(status), [1, 1, 1]);
  assertEquals(statusOf(new TypeError()), 1);
});

Deno.test("a defect is shown with its stack, without the secrets", async () => {
  await using place = await ProgramFolder.create();
  const output = new URL("../../../host/cli/output/output.ts", import.meta.url);
  const terminal = new URL("../../../host/cli/output/terminal.ts", import.meta.url);
  await Deno.writeTextFile(
    place.path("defect.ts"),
    `import { showFailure } from "${output}";
     import { Terminal } from "${terminal}";
     function broken() { throw new TypeError("of hunter2 at postgres://me:pass@host/db"); }
     try { broken(); } catch (error) {
       showFailure(error, { terminal: new Terminal(), json: true, about: {}, secrets: ["hunter2"], notes: [] });
     }`,
  );
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, place.path("defect.ts")],
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, err);
  assertMatch(
    err!,
    /^snakepipe: TypeError: of \[secret\] at postgres:\/\/me:\[secret\]@host\/db\n +at broken/,
  );
  assertStringIncludes(err!, "This is a defect of snakepipe");
  assertEquals(JSON.parse(out!).error.code, "bug");
});

/** What is cut or written again while it is read is told, also where it is no file that was named. */
import { assertEquals, assertRejects } from "@std/assert";
import { LoadError } from "../../../mod.ts";
import { ast } from "../../../host/sources/ast.ts";
import { openInput } from "../../../host/sources/input.ts";
import { readRecords, withFiles } from "./read_source.ts";

/** Reads standard input, and changes the file that it is once the first batch has come. */
const PROGRAM = `
import { openSource } from "./host/sources/open_source.ts";
import { Batcher } from "./src/batching/batcher.ts";
const [file, change] = Deno.args;
const limits = { rowsMax: 2, bytesMax: 1000, recordBytesMax: 1000 };
const batcher = new Batcher(openSource(["-"], { format: "ndjson" }).parts(), limits);
let rows = 0;
try {
  for (let batch; (batch = await batcher.next());) {
    if (rows === 0) {
      if (change === "cut") await Deno.truncate(file, 300_000);
      if (change === "written") await Deno.writeTextFile(file, '"b"\\n'.padStart(100).repeat(4_000));
      if (change === "grown") await Deno.writeTextFile(file, '"c"\\n', { append: true });
    }
    rows += batch.offsets.length - 1;
  }
  console.log(rows);
} catch (error) {
  console.log(error.code + ": " + error.message);
}
`;

Deno.test("standard input that is a file is held against what it was as it was opened", () =>
  withFiles({}, async (dir) => {
    const file = `${dir}/in.ndjson`;
    const outcome = async (change: string) => {
      await Deno.writeTextFile(file, '"a"\n'.padStart(100).repeat(4_000));
      const program = [Deno.execPath(), "eval", "--ext=ts", PROGRAM, file, change];
      const { stdout } = await new Deno.Command("sh", {
        args: ["-c", 'file=$1; shift; exec "$@" < "$file"', "sh", file, ...program],
        cwd: new URL("../../..", import.meta.url),
      }).output();
      return new TextDecoder().decode(stdout).trim();
    };
    assertEquals(await outcome("nothing"), "4000");
    assertEquals(await outcome("grown"), "4001");
    for (const change of ["cut", "written"]) {
      const said = await outcome(change);
      const start = "source_changed: standard input was cut or written again while it was read";
      assertEquals(said.slice(0, start.length), start);
    }
  }));

Deno.test("source code that is written again while it is read is refused, and not parsed in halves", () =>
  withFiles({ "a.js": "one();\n" }, async (dir) => {
    const file = `${dir}/a.js`;
    const { readFile } = Deno;
    for (const text of ["two();", "one();\n"]) {
      // A writer that comes between the bytes and the second look at the file.
      Deno.readFile = async (path, options) => {
        const bytes = await readFile(path, options);
        await Deno.writeTextFile(file, text);
        await Deno.utime(file, 1, text.length);
        return bytes;
      };
      try {
        const error = await assertRejects(() => readRecords(ast([file])), LoadError);
        assertEquals([error.code, error.message.includes(`${file} was cut or written again`)], [
          "source_changed",
          true,
        ]);
      } finally {
        Deno.readFile = readFile;
      }
    }
    assertEquals((await readRecords(ast([file]))).length > 0, true);
  }));

Deno.test("a file that holds more than its size says is not read by its size", async () => {
  const read = async (path: string) => {
    const input = await openInput(path);
    await input.read(new Uint8Array(100));
    return input;
  };
  const without = await read("/proc/self/status");
  assertEquals(without.file!(), undefined);
  await without.close();
  await withFiles({ "a.ndjson": "{}\n".repeat(20_000) }, async (dir) => {
    // As of a file system that tells another size than it has.
    const { stat } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.stat = async function () {
      return { ...await stat.call(this), size: 30_000 };
    };
    try {
      const input = await read(`${dir}/a.ndjson`);
      const ended = () => input.file!()!.end(30_000);
      const error = await assertRejects(ended, LoadError, "was cut or written again");
      assertEquals(error.code, "source_changed");
      await input.close();
    } finally {
      Deno.FsFile.prototype.stat = stat;
    }
  });
});

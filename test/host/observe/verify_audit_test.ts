import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import fc from "fast-check";
import { AuditLog } from "../../../host/observe/audit_log.ts";
import { type AuditVerdict, verifyAudit } from "../../../host/observe/verify_audit.ts";
import { auditLine } from "../../../src/audit/audit.ts";
import { LoadError, realWorld } from "../../../mod.ts";
import { withFolder } from "../../support/target.ts";

const RECORD = { event: "plugin_refused", file: "a.wasm", reason: "it is none" } as const;
const CHANGED = "it, or its hash in the record behind it, is not what was written";

async function write(path: string, count: number): Promise<void> {
  const log = await AuditLog.open(path, realWorld);
  for (let i = 0; i < count; i++) log.write({ ...RECORD, file: `${i}.wasm` });
  await log.close();
}

async function linesOf(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).trimEnd().split("\n");
}

/** What is found of a log of nine records, written by two programs, after its lines were worked on. */
async function tampered(
  work: (lines: string[]) => string[],
  options: { readonly head?: (lines: readonly string[]) => Promise<string> } = {},
): Promise<AuditVerdict> {
  return await withFolder(async (folder) => {
    const path = join(folder, "audit");
    await write(path, 5);
    await write(path, 4);
    const lines = await linesOf(path);
    const head = options.head ? { head: await options.head(lines) } : {};
    await Deno.writeTextFile(path, work(lines).map((line) => `${line}\n`).join(""));
    return await verifyAudit(path, head);
  });
}

const kinds = ({ problems }: AuditVerdict) => problems.map(({ line, kind }) => `${line} ${kind}`);

Deno.test("audit chain goes on from program to program, and its head is the last record", async () => {
  const verdict = await tampered((lines) => lines);
  assertEquals(verdict.state, "intact");
  const { records, lines, unchained, cutOff } = verdict;
  assertEquals({ records, lines, unchained, cutOff }, {
    records: 9,
    lines: 9,
    unchained: 0,
    cutOff: [],
  });
  assertEquals(verdict.head?.number, 9);
});

Deno.test("audit chain: a value that was changed is found, wherever it stands but in the last record", async () => {
  for (let at = 0; at < 8; at++) {
    const verdict = await tampered((lines) => lines.with(at, lines[at]!.replace(".wasm", ".wasn")));
    assertEquals(verdict.problems, [{ line: at + 1, kind: "changed", message: CHANGED }]);
  }
});

Deno.test("audit chain: a hash or a number that was changed is found", async () => {
  const hash = (line: string) => line.replace(/"previous":"./, '"previous":"_'.replace("_", "f"));
  const first = await tampered((lines) => {
    const other = hash(lines[3]!);
    return lines.with(
      3,
      other === lines[3] ? lines[3]!.replace('"previous":"f', '"previous":"0') : other,
    );
  });
  assertEquals(kinds(first), ["3 changed", "4 changed"]);
  const number = await tampered((lines) =>
    lines.with(3, lines[3]!.replace('"number":4', '"number":44'))
  );
  assertEquals(number.state, "broken");
});

Deno.test("audit chain: records that were removed are counted, with their numbers", async () => {
  assertEquals((await tampered((lines) => lines.toSpliced(3, 1))).problems, [{
    line: 4,
    kind: "missing",
    message: "before it, 1 record is missing: number 4",
  }]);
  assertEquals((await tampered((lines) => lines.slice(2))).problems, [{
    line: 1,
    kind: "missing",
    message: "before it, 2 records are missing: numbers 1 to 2",
  }]);
});

Deno.test("audit chain: records that stand elsewhere are told from such that are missing", async () => {
  const swapped = await tampered((lines) => lines.with(2, lines[3]!).with(3, lines[2]!));
  assertEquals(swapped.problems, [{
    line: 4,
    kind: "reordered",
    message: "number 3 does not stand in its place",
  }]);
  const moved = await tampered((lines) => [...lines.slice(1), lines[0]!]);
  assertEquals(kinds(moved), ["9 reordered"]);
  const turned = await tampered((lines) => lines.toReversed());
  assertEquals(kinds(turned), [2, 3, 4, 5, 6, 7, 8, 9].map((line) => `${line} reordered`));
  const both = await tampered((
    lines,
  ) => [lines[0]!, ...lines.slice(3, 6), lines[1]!, ...lines.slice(6)]);
  assertEquals(kinds(both), ["2 missing", "5 reordered"]);
  const movedAndChanged = await tampered((lines) => [
    ...lines.slice(1),
    lines[0]!.replace(".wasm", ".wasn"),
  ]);
  assertEquals(kinds(movedAndChanged), ["9 reordered", "9 changed"]);
});

Deno.test("audit chain: records that were added are found, with a link or without", async () => {
  assertEquals(kinds(await tampered((lines) => lines.toSpliced(5, 0, lines[1]!))), ["6 added"]);
  const unlinked = auditLine(RECORD, 0).trimEnd();
  assertEquals(kinds(await tampered((lines) => lines.toSpliced(5, 0, unlinked))), ["6 added"]);
  assertEquals(kinds(await tampered((lines) => lines.toSpliced(5, 0, "x"))), ["6 added"]);
  assertEquals(kinds(await tampered((lines) => [...lines, "x"])), ["10 changed"]);
});

Deno.test("audit chain: a record in whose place something else stands was changed", async () => {
  const unlinked = auditLine(RECORD, 0).trimEnd();
  for (const other of ["", "{}", "x", unlinked]) {
    assertEquals(kinds(await tampered((lines) => lines.with(4, other))), ["5 changed"], other);
    assertEquals(kinds(await tampered((lines) => lines.with(0, other))), ["1 changed"], other);
  }
});

Deno.test("audit chain: any change of any bytes but of the last record is found", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    await write(path, 6);
    const whole = await Deno.readFile(path);
    const last = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    await fc.assert(
      fc.asyncProperty(fc.nat(last - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = whole.slice();
        bytes[at]! ^= flip;
        await Deno.writeFile(path, bytes);
        assertEquals((await verifyAudit(path)).state, "broken");
      }),
      { numRuns: 300 },
    );
  }));

Deno.test("audit chain: lines in any order, left out or twice are never taken for intact", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    await write(path, 6);
    const lines = await linesOf(path);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 9 }), async (order) => {
        // Those that end sooner are a log that has not gone on yet.
        fc.pre(order.length > 0 && order.some((number, at) => number !== at));
        await Deno.writeTextFile(path, order.map((at) => `${lines[at]}\n`).join(""));
        const { state, problems } = await verifyAudit(path);
        assertEquals(state, "broken");
        assert(problems.every(({ line }) => line >= 1 && line <= order.length));
      }),
      { numRuns: 300 },
    );
  }));

Deno.test("audit chain: the head tells records that were removed at the end, and a log that was written anew", async () => {
  const head = async (lines: readonly string[]) => {
    const bytes = new TextEncoder().encode(lines[6]);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  };
  assertEquals((await tampered((lines) => lines, { head })).state, "intact");
  assertEquals((await tampered((lines) => lines.slice(0, 7), { head })).state, "intact");
  const cut = await tampered((lines) => lines.slice(0, 6), { head });
  assertEquals(kinds(cut), ["6 missing"]);
  assertEquals((await tampered((lines) => lines.slice(0, 6))).state, "intact");
});

Deno.test("audit log of before the chain is unchained, and its bytes are held once there is one", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    for (const end of ["", '{"time":"2026-']) {
      const old = auditLine(RECORD, 0).repeat(3) + end;
      await Deno.writeTextFile(path, old);
      const before = await verifyAudit(path);
      assertEquals([before.state, before.unchained, before.head], ["unchained", 3, undefined]);
      await write(path, 2);
      const text = await Deno.readTextFile(path);
      const after = await verifyAudit(path);
      assertEquals([after.state, after.unchained, after.records], ["intact", end ? 4 : 3, 2]);
      await Deno.writeTextFile(path, text.replace("it is none", "it is fine"));
      assertEquals(kinds(await verifyAudit(path)), [`${end ? 5 : 4} changed`]);
    }
  }));

Deno.test("audit log: what a program did not come to the end of is cut off, and not changed", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    await write(path, 3);
    const whole = await Deno.readFile(path);
    const start = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let end = start + 1; end < whole.length; end++) {
      await Deno.writeFile(path, whole.subarray(0, end));
      const torn = end < whole.length - 1;
      const before = await verifyAudit(path);
      assertEquals([before.state, before.cutOff], ["intact", torn ? [3] : []]);
      await write(path, 1);
      const after = await verifyAudit(path);
      assertEquals([after.state, after.cutOff, after.records], [
        "intact",
        torn ? [3] : [],
        torn ? 3 : 4,
      ]);
    }
    // What was left is held as well.
    await Deno.writeFile(path, whole.subarray(0, start + 40));
    await write(path, 2);
    const lines = await linesOf(path);
    await Deno.writeTextFile(path, lines.with(2, `${lines[2]}0`).join("\n") + "\n");
    assertEquals(kinds(await verifyAudit(path)), ["3 changed"]);
    await Deno.writeTextFile(path, lines.toSpliced(2, 1).join("\n") + "\n");
    assertEquals(kinds(await verifyAudit(path)), ["3 missing"]);
    await Deno.writeTextFile(path, lines.toSpliced(1, 1).join("\n") + "\n");
    assertEquals(kinds(await verifyAudit(path)), ["3 missing"]);
  }));

Deno.test("audit log: a program that is ended as it goes on behind a cut line leaves two of them", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    await write(path, 2);
    await Deno.writeTextFile(path, '{"time":"20\n{"time":"2', { append: true });
    const before = await verifyAudit(path);
    assertEquals([before.state, before.cutOff], ["intact", [3, 4]]);
    await write(path, 2);
    const after = await verifyAudit(path);
    assertEquals([after.state, after.cutOff, after.records], ["intact", [3], 4]);
  }));

Deno.test("audit log: a record within what is said to be cut off is none that was cut off", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    await write(path, 2);
    await Deno.writeTextFile(path, `${auditLine(RECORD, 0)}{"ti`, { append: true });
    await write(path, 1);
    assertEquals(kinds(await verifyAudit(path)), ["3 changed", "4 changed"]);
  }));

const WRITER = `
import { AuditLog } from ${
  JSON.stringify(new URL("../../../host/observe/audit_log.ts", import.meta.url).href)
};
import { realWorld } from ${JSON.stringify(new URL("../../../mod.ts", import.meta.url).href)};
const log = await AuditLog.open(Deno.args[0], realWorld);
console.log("open");
for (let i = 0; i < Number(Deno.args[1]); i++) {
  log.write({ event: "plugin_refused", file: Deno.args[2], reason: "x".repeat(i % 700) });
  if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
}
await log.close();
`;

function startWriter(folder: string, words: readonly string[]): Deno.ChildProcess {
  const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, join(folder, "writer.ts"), ...words],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

Deno.test("audit log: three programs that write at once leave one chain, with every record of each", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "writer.ts"), WRITER);
    const path = join(folder, "audit");
    const names = ["a", "b", "c"];
    const children = names.map((name) => startWriter(folder, [path, "400", name]));
    for (const { success } of await Promise.all(children.map((child) => child.output()))) {
      assert(success);
    }
    const { state, records, problems } = await verifyAudit(path);
    assertEquals([state, records, problems], ["intact", 1200, []]);
    const files = (await linesOf(path)).map((line) => JSON.parse(line).file);
    for (const name of names) assertEquals(files.filter((file) => file === name).length, 400);
    // Else they did not write at once.
    assert(files.some((file, i) => i > 0 && file !== files[i - 1] && files.indexOf(file) < i));
  }));

Deno.test("audit log: programs that are killed as they write leave a chain that the next one goes on with", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "writer.ts"), WRITER);
    const path = join(folder, "audit");
    for (let i = 0; i < 6; i++) {
      const child = startWriter(folder, [path, "1000000", `${i}`]);
      const reader = child.stdout.getReader();
      await reader.read();
      const { size } = await Deno.stat(path);
      // Until it is in the middle of its work.
      while ((await Deno.stat(path)).size < size + 20_000) {
        await new Promise((done) => setTimeout(done, 1));
      }
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      const { state, problems, cutOff } = await verifyAudit(path);
      assertEquals([state, problems], ["intact", []], `cut off: ${cutOff}`);
    }
    await write(path, 1);
    const { state, records } = await verifyAudit(path);
    assertEquals(state, "intact");
    assert(records > 6 * 20);
  }));

Deno.test("audit log that is not there, or is none to read, is told with the reason", () =>
  withFolder(async (folder) => {
    await assertRejects(() => verifyAudit(join(folder, "no")), LoadError, "no: it is not there");
    await assertRejects(() => verifyAudit(folder), LoadError, "it is a folder");
  }));

Deno.test("audit log that somebody else has locked for good is given up on, with the reason", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    await write(path, 1);
    using other = await Deno.open(path, { read: true, write: true });
    await other.lock(true);
    const log = await AuditLog.open(path, realWorld);
    log.write(RECORD);
    await assertRejects(() => log.close(), LoadError, "another program has locked it");
    await other.unlock();
    assertEquals((await verifyAudit(path)).records, 1);
  }));

import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { AuditLog } from "../../../host/observe/audit_log.ts";
import { LoadError, realWorld } from "../../../mod.ts";
import { makePipe } from "../../support/named_pipe.ts";
import { withFolder } from "../../support/target.ts";

const RECORD = { event: "plugin_refused", file: "a.wasm", reason: "it is none" } as const;

async function write(path: string): Promise<void> {
  const log = await AuditLog.open(path, realWorld);
  log.write(RECORD);
  await log.close();
}

async function eventsIn(path: string): Promise<string[]> {
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  return lines.map((line) => {
    try {
      return JSON.parse(line).event;
    } catch {
      return line;
    }
  });
}

Deno.test("audit log goes on in a file of its own, on a line of its own", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    await write(path);
    await write(path);
    await Deno.writeTextFile(path, '{"time":"20', { append: true });
    await write(path);
    const { event } = RECORD;
    assertEquals(await eventsIn(path), [event, event, '{"time":"20', event]);
  }));

Deno.test("audit log is refused in a file that holds anything else, and its bytes stay", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    const foreign = [
      '{"time":"2026-01-01T00:00:00Z","temperature":3}\n',
      "notes",
      "\u0000",
      "{}\n",
    ];
    for (const text of foreign) {
      await Deno.writeTextFile(path, text);
      await assertRejects(() => write(path), LoadError, "it holds something else");
      assertEquals(await Deno.readTextFile(path), text);
    }
  }));

Deno.test("audit log is no pipe, device or folder, and none of the files in hand", () =>
  withFolder(async (folder) => {
    const path = join(folder, "audit");
    await makePipe(path);
    await assertRejects(() => write(path), LoadError, "it is a pipe");
    await assertRejects(() => write("/dev/full"), LoadError, "it is a device");
    await assertRejects(() => write(folder), LoadError, "it is a folder");
    await Deno.writeTextFile(join(folder, "source"), "");
    const taken = [{ path: join(folder, "source"), what: "the source" }];
    await assertRejects(
      () => AuditLog.open(join(folder, "source"), realWorld, taken),
      LoadError,
      "it is the source",
    );
  }));

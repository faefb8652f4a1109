/** Whether loads would work is looked at, by checks of which none changes anything. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { checked } from "../../host/cli/doctor.ts";
import { clockFinding, poolFinding, tlsFinding } from "../../host/drivers/server/findings.ts";
import type { Finding } from "../../src/model/finding.ts";
import { LoadError } from "../../src/model/errors.ts";
import { TARGET_KINDS } from "../support/target.ts";
import { testWhere } from "../support/test_where.ts";
import { copyPlugins, filesOf, stateOf } from "../support/untouched.ts";
import { ProgramFolder, rowsText } from "./cli/program.ts";

interface Report {
  readonly healthy: boolean;
  readonly failed: number;
  readonly findings: readonly Finding[];
}

async function doctor(place: ProgramFolder, ...args: string[]) {
  const { status, out, err } = await place.run(["doctor", "--json", ...args]);
  const report = JSON.parse(out) as Report;
  const of = (about: string): Finding => {
    const found = report.findings.find((finding) => finding.about === about);
    if (!found) throw new Error(`${about} is missing in ${out}${err}`);
    return found;
  };
  return { status, report, of };
}

/** What each family says beside that it can be reached. */
const SAID_OF_FILES = ["version", "file", "space"];
const SAID_OF_SERVERS = ["version", "tls", "privileges", "pool", "clock"];

for (const kind of TARGET_KINDS) {
  const isFile = kind.family.startServer === undefined;

  Deno.test(`doctor: ${kind.name}: what works passes, and nothing is touched`, () =>
    kind.use(async (target) => {
      const { type, config: { url, ...settings } } = target;
      await using place = await ProgramFolder.create({
        "rows.ndjson": rowsText(10),
        "snakepipe.jsonc": JSON.stringify({
          backends: { main: { type, url, ...settings } },
          default: "main",
          loads: {
            rows: { source: "rows.ndjson", table: "t", maxRejects: 1, rejects: "r.ndjson" },
          },
        }),
      });
      const before = await stateOf(target, ["t"]);
      const files = await filesOf(place.folder);
      await copyPlugins(place.path("plugins"));
      const plugins = await filesOf(place.path("plugins"));
      const first = await doctor(place, "--plugins", "plugins");
      assertEquals([first.status, first.report.healthy], [0, true], JSON.stringify(first.report));
      for (const word of isFile ? SAID_OF_FILES : SAID_OF_SERVERS) {
        assertEquals(first.of(`backends.main.${word}`).status, "pass", word);
      }
      assertStringIncludes(
        first.of("loads.rows").message,
        "2 columns to table t, which would be made",
      );
      assertEquals(first.of("loads.rows.rejects").status, "pass");
      assertEquals(await stateOf(target, ["t"]), before);
      assertEquals(await filesOf(place.folder), files);
      assertEquals(await filesOf(place.path("plugins")), plugins);
      assertEquals((await place.run(["run"])).status, 0);
      const filled = await stateOf(target, ["t"]);
      const second = await doctor(place);
      assertStringIncludes(
        second.of("loads.rows").message,
        "table t, which is there, 10 rows are in",
      );
      assertEquals(await stateOf(target, ["t"]), filled);
    }));

  if (isFile) continue;
  Deno.test(`doctor: ${kind.name}: a wrong password, and a server that is not there, fail alone`, () =>
    kind.use(async ({ type, config: { url, ...settings } }) => {
      const wrong = new URL(url);
      wrong.password = "wrong-password-x";
      const nowhere = new URL(url);
      nowhere.port = "1";
      const unmade = new URL(url);
      unmade.pathname = "/no_such_database";
      await using place = await ProgramFolder.create({
        "snakepipe.jsonc": JSON.stringify({
          backends: {
            wrong: { type, ...settings, url: wrong.href },
            unmade: { type, ...settings, url: unmade.href },
            nowhere: { type, ...settings, url: nowhere.href },
            main: { type, ...settings, url },
          },
        }),
      });
      const { status, report, of } = await doctor(place);
      assertEquals([status, report.healthy, report.failed], [1, false, 3]);
      assertEquals(of("backends.wrong").status, "fail");
      assertStringIncludes(of("backends.wrong").way!, "Correct user and password");
      assertStringIncludes(of("backends.nowhere").way!, "Start the database");
      const { message, way = "" } = of("backends.unmade");
      assertStringIncludes(message, "here is no such database: make it with CREATE DATABASE");
      assert(!way.includes("Start the database"), way);
      assertEquals(of("backends.main").status, "pass");
      assertEquals(of("backends.main.version").status, "pass");
      assert(!JSON.stringify(report).includes("wrong-password-x"));
    }));
}

Deno.test("doctor: sources, rejects, plugins and configuration fail with the way out", async () => {
  await using place = await ProgramFolder.create({
    "bad.ndjson": "this is no JSON\n",
    "snakepipe.jsonc":
      `{ "default": "a", "backends": { "a": { "type": "libsql", "url": "libsql:a.db" } },
      "loads": {
        "gone": { "source": "gone.ndjson" },
        "bad": { "source": "bad.ndjson", "rejects": "no/such/folder/r.ndjson" } } }`,
    "broken.jsonc": `{ "defualt": "a" }`,
  });
  const { status, of, report } = await doctor(place);
  assertEquals([status, report.failed], [1, 3]);
  assertStringIncludes(of("loads.gone").message, "No such file: gone.ndjson");
  assertStringIncludes(of("loads.gone").way!, "Put the file where it is named");
  assertStringIncludes(of("loads.bad").message, "bad.ndjson:1");
  assertStringIncludes(of("loads.bad.rejects").way!, "Make no/such/folder");
  assertEquals(of("backends.a.file").status, "pass");
  const broken = await doctor(place, "--config", "broken.jsonc");
  assertEquals(broken.status, 1);
  assertStringIncludes(
    broken.of("configuration.defualt").message,
    "broken.jsonc:1:3: Unknown name",
  );
  const human = await place.run(["doctor"]);
  assertEquals(human.status, 1);
  assertStringIncludes(
    human.out,
    "fail  loads.gone: No such file: gone.ndjson\n      Put the file",
  );
  assertEquals(human.out.trimEnd().split("\n").at(-1)!.includes("3 failed"), true);
});

testWhere(
  Deno.build.os === "windows" ? "Windows has no mode bits" : undefined,
  "doctor: of files and folders whose mode forbids writing, it says what a load would meet",
  async () => {
    await using place = await ProgramFolder.create({
      "a.ndjson": rowsText(3),
      "r.ndjson": "",
      "au.ndjson": "",
      "snakepipe.jsonc": `{ "audit": "au.ndjson", "default": "a",
        "backends": { "a": { "type": "libsql", "url": "libsql:a.db" } },
        "loads": {
          "a": { "source": "a.ndjson", "table": "t", "rejects": "r.ndjson" },
          "b": { "source": "a.ndjson", "table": "t", "rejects": "sub/r.ndjson" } } }`,
    });
    const loaded = ["load", "a.ndjson", "--to", "a", "--table", "t", "--fresh"];
    assertEquals((await place.run(loaded)).status, 0);
    await Deno.mkdir(place.path("sub"));
    for (const name of ["a.db", "r.ndjson", "au.ndjson"]) await Deno.chmod(place.path(name), 0o444);
    await Deno.chmod(place.path("sub"), 0o555);
    const mayWrite = await Deno.open(place.path("a.db"), { append: true })
      .then((file) => (file.close(), true), () => false);
    const { of } = await doctor(place);
    const expected = mayWrite ? "pass" : "fail";
    for (const about of ["backends.a.file", "loads.a.rejects", "loads.b.rejects", "audit"]) {
      assertEquals(of(about).status, expected, `${about}: ${of(about).message}`);
    }
    assertEquals((await place.run(loaded)).status === 0, mayWrite);
    await Deno.chmod(place.path("sub"), 0o755);
  },
);

Deno.test("doctor: one target by its URL is looked at alone", async () => {
  await using place = await ProgramFolder.create();
  const { status, of, report } = await doctor(place, "libsql:no/such/folder/a.db");
  assertEquals([status, report.healthy], [1, false]);
  assertStringIncludes(of("backends.libsql.file").message, "cannot be written");
  const unknown = await place.run(["doctor", "nowhere"]);
  assertEquals(unknown.status, 2);
});

Deno.test("doctor: a SQLite file that somebody writes to is a warning, and stays as it is", async () => {
  await using place = await ProgramFolder.create({ "rows.ndjson": rowsText(3) });
  const load = ["load", "rows.ndjson", "--to", "libsql:t.db", "--table", "t"];
  assertEquals((await place.run(load)).status, 0);
  const before = await filesOf(place.folder);
  assertEquals((await doctor(place, "libsql:t.db")).of("backends.libsql.lock").status, "pass");
  assertEquals(await filesOf(place.folder), before);
  using other = new DatabaseSync(place.path("t.db"));
  other.exec("BEGIN IMMEDIATE");
  const { status, of } = await doctor(place, "libsql:t.db");
  assertEquals([status, of("backends.libsql.lock").status], [0, "warn"]);
});

Deno.test("doctor: a check that crashes is a failure, and says that it is the check's", async () => {
  const crash = () => {
    throw new TypeError("x is undefined");
  };
  const [crashed] = await checked("a", crash, []);
  assertEquals([crashed!.status, crashed!.about], ["fail", "a"]);
  assertStringIncludes(crashed!.message, "x is undefined");
  const [known] = await checked("b", () => {
    throw new LoadError("It is so", { code: "bug", blame: "host" });
  }, []);
  assertStringIncludes(known!.message, "The check itself has failed: It is so");
  const [secret] = await checked("c", () => {
    throw new Error("hunter2x is wrong");
  }, ["hunter2x"]);
  assert(!secret!.message.includes("hunter2x"));
});

Deno.test("doctor: pools, clocks and encryption are judged by figures", () => {
  const statuses = [
    poolFinding({ poolSize: 8 }, { connectionsMax: 97, used: 5 }),
    poolFinding({ poolSize: 64 }, { connectionsMax: 60, used: 40 }),
    clockFinding(1_000, { before: 999_900, after: 1_000_100 }),
    clockFinding(1_010, { before: 999_900, after: 1_000_100 }),
    tlsFinding("TLSv1.3", false),
    tlsFinding("", true),
    tlsFinding("", false),
  ].map(({ status }) => status);
  assertEquals(statuses, ["pass", "warn", "pass", "warn", "pass", "pass", "warn"]);
  assertStringIncludes(
    poolFinding({ poolSize: 64 }, { connectionsMax: 60, used: 40 }).way!,
    "Set poolSize to 20",
  );
});

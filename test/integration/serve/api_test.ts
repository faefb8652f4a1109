/** The API of `snakepipe serve`: every route answers what it is documented to, and tells what is so. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as v from "valibot";
import { EventSchema, MetricsSchema, PastLoadsSchema } from "../../../host/api/answer_schema.ts";
import { LoadDetailsSchema } from "../../../host/api/load_schema.ts";
import { openApiDocument } from "../../../host/api/openapi.ts";
import type { Route } from "../../../host/api/route.ts";
import { ROUTES } from "../../../host/api/routes.ts";
import { eventually } from "../../support/eventually.ts";
import { rowsFrom, type RunningServe, ServeFolder, THERE_AND_GONE } from "./serve_program.ts";

const BAD = '{"id":"x","label":"no number"}\n';

const CONFIG = {
  backends: THERE_AND_GONE,
  default: "file",
  loads: {
    rows: {
      ...{ source: "a.ndjson", table: "t", batchRows: 100, schema: "schema.json" },
      ...{ maxRejects: "5", rejects: "left out.ndjson", mode: "upsert", key: "id" },
    },
    fails: { source: "a.ndjson", table: "u", schema: "schema.json" },
    other: { source: "a.ndjson", table: "o", to: "gone" },
  },
};

const SCHEMA = {
  columns: [{ name: "id", type: "int64", nullable: false }, { name: "label", type: "text" }],
};

async function withServe(act: (serve: RunningServe, folder: ServeFolder) => Promise<void>) {
  await using folder = await ServeFolder.create(CONFIG);
  await Deno.writeTextFile(folder.path("schema.json"), JSON.stringify(SCHEMA));
  await Deno.writeTextFile(
    folder.path("a.ndjson"),
    rowsFrom(0, 400) + BAD + BAD + rowsFrom(400, 100),
  );
  await using serve = folder.serve();
  assertEquals(await serve.run("rows"), 202);
  await serve.until("rows", "complete");
  assertEquals(await serve.run("fails"), 202);
  await serve.until("fails", "failed");
  await act(serve, folder);
  await serve.stop();
}

const NAMES: Readonly<Record<string, string>> = {
  "/loads/{name}": "rows",
  "/backends/{name}": "file",
  "/plugins/{type}": "libsql",
  "/plugins/{file}": "x.wasm",
  "/page/{file}": "page.css",
};

function pathOf({ path }: Route): string {
  const [place, name] = Object.entries(NAMES).find(([place]) => path.startsWith(place)) ?? ["", ""];
  return path.replace(place, place.replace(/\{\w+\}/, name));
}

Deno.test("api: every route answers what the document says of it, of each media type", () =>
  withServe(async (serve) => {
    const { paths } = openApiDocument(ROUTES) as { paths: Record<string, Record<string, unknown>> };
    const authorization = `Bearer ${await serve.token()}`;
    for (const route of ROUTES) {
      const { method, path, answer, others = {} } = route;
      const operation = paths[path]![method.toLowerCase()] as {
        responses: Record<string, { content: Record<string, unknown> }>;
      };
      const types = Object.keys(operation.responses[answer.status]!.content);
      assert(types.length > 0, path);
      for (const type of types) {
        const what = `${method} ${path} as ${type}`;
        const response = await serve.ask(pathOf(route), {
          method,
          headers: {
            authorization,
            accept: type,
            ...route.body && { "content-type": route.body.type },
          },
        });
        const said = operation.responses[response.status];
        if (!said) throw new Error(`${what}: ${response.status} is not documented`);
        const came = response.headers.get("content-type")!.split(";")[0]!;
        if (came === "text/event-stream") {
          await response.body!.cancel();
          continue;
        }
        const text = await response.text();
        if (path.startsWith("/page/") || path === "/") continue;
        assert(came in said.content, `${what}: ${came} is not documented`);
        // What is off is refused, and what is not quarantined cannot be released.
        if (response.status === answer.status) assertEquals(came, type, what);
        if (came !== "application/json") continue;
        const schema = response.status === answer.status ? answer.schema : others[response.status];
        if (schema) v.parse(schema, JSON.parse(text));
      }
    }
  }));

Deno.test("api tells how a load got on, what it left out and how to load that, and what the ledger has", () =>
  withServe(async (serve, folder) => {
    const details = async (name: string) =>
      v.parse(LoadDetailsSchema, await (await serve.ask(`/loads/${name}`)).json());
    const { backends, plugins, operate } = await serve.status();
    const [there, gone] = ["file", "gone"].map((name) =>
      backends.find((one) => one.name === name)!
    );
    assertEquals(there!.pools.map(({ role, endpoint }) => [role, endpoint]), [
      ["control", `libsql:${folder.path("out.db")}`],
    ]);
    assert(there!.pools[0]!.open > 0);
    assertEquals([there!.breaker, gone!.state, gone!.pools], [{ state: "closed" }, "down", []]);
    assertEquals(plugins.flatMap(({ grants }) => grants), []);
    assertEquals(operate, "token");

    const { samples, history, rejects, runs, last } = await details("rows");
    const [first, end] = [samples[0]!, samples.at(-1)!];
    assertEquals([first.rows, end.rows, end.batches], [0, 500, last!.batches]);
    const times = samples.flatMap(({ latency }) => latency ? [latency] : []);
    assert(times.length > 0 && times.every(({ p50, p95, max }) => p50 <= p95 && p95 <= max));
    assertEquals([history.length, history[0], runs], [1, last, 1]);
    assertEquals(rejects!.byCode, [{
      ...{ code: "type", count: 2 },
      example: "a.ndjson:401: column id: The value is not of type int64",
    }]);
    assertEquals(rejects!.file, "left out.ndjson");
    // Those that a load has stopped over are told too, though nothing keeps them.
    assertEquals((await details("fails")).rejects, { byCode: rejects!.byCode });

    // The command is what a shell takes, and does what it says.
    const [program, ...words] = shellWords(rejects!.replay!);
    assertEquals(program, "snakepipe");
    const left = folder.path("left out.ndjson");
    const text = await Deno.readTextFile(left);
    let id = 900;
    await Deno.writeTextFile(left, text.replaceAll('"id":"x"', () => `"id":${id++}`));
    const replayed = await folder.run(...words);
    assertEquals(replayed.status, 0, replayed.err);
    assertEquals(folder.query("out.db", "SELECT count(*), max(id) FROM t"), [[502, 901]]);

    const loads = async (query: string) =>
      v.parse(PastLoadsSchema, await (await serve.ask(`/backends/file/loads${query}`)).json());
    const all = await loads("");
    const key = (
      { table, state, committed }: typeof all.loads[number],
    ) => [table, state, committed];
    // The replay is a load of its own.
    assertEquals(all.loads.map(key), [["t", "complete", 2], ["u", "failed", 0], [
      "t",
      "complete",
      500,
    ]]);
    assertEquals([all.more, all.next], [false, undefined]);
    const one = await loads("?limit=1");
    assertEquals([one.loads, one.more], [[all.loads[0]!], true]);
    assertEquals((await loads(`?limit=1&before=${encodeURIComponent(one.next!)}`)).loads, [
      all.loads[1]!,
    ]);
    assertEquals((await loads("?table=u")).loads, [all.loads[1]!]);
    const bad = await serve.ask("/backends/file/loads?limit=0&before=yesterday");
    assertEquals(bad.status, 400);
    assertMatch(
      await bad.text(),
      /limit: Expected a whole number.*before: Expected a time in UTC/s,
    );
    const down = await serve.ask("/backends/gone/loads");
    assertEquals(down.status, 503);
    assertStringIncludes(await down.text(), "Backend gone cannot be asked now: it is down");
  }));

Deno.test("api has JSON behind every number of /metrics, and what it tells of loads is the same", () =>
  withServe(async (serve) => {
    // Questions for health come and go.
    await eventually("nothing has changed between two answers", async () => {
      const text = await (await serve.ask("/metrics")).text();
      const headers = { accept: "application/json" };
      const json = await (await serve.ask("/metrics", { headers })).json();
      const { metrics } = v.parse(MetricsSchema, json);
      const values = metrics.flatMap(({ series }) =>
        series.flatMap(({ value, buckets }) =>
          buckets ? [...buckets, value, buckets.at(-1)!] : [value]
        )
      );
      const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      const shown = lines.map((line) => Number(line.slice(line.lastIndexOf(" ") + 1)));
      return shown.length === values.length && shown.every((value, i) => value === values[i]);
    });
    const headers = { accept: "application/json" };
    const { metrics } = v.parse(
      MetricsSchema,
      await (await serve.ask("/metrics", { headers })).json(),
    );
    const sum = (name: string, outcome: string) =>
      metrics.find((metric) => metric.name === name)!.series
        .filter(({ labels }) => labels.outcome === outcome)
        .reduce((all, { value }) => all + value, 0);
    const { loads } = await serve.status();
    const told = (key: "committed" | "rejected") =>
      loads.reduce((all, { last }) => all + (last?.[key] ?? 0), 0);
    assertEquals([told("committed"), told("rejected")], [500, 2]);
    assertEquals(sum("snakepipe.rows", "committed"), told("committed"));
    assertEquals(sum("snakepipe.rows", "rejected"), told("rejected"));
  }));

Deno.test("api tells events as they happen, and goes on where a reader was", () =>
  withServe(async (serve) => {
    const listen = async (headers: Record<string, string>) => {
      const accept = "text/event-stream";
      const response = await serve.ask("/events", { headers: { accept, ...headers } });
      assertEquals(response.headers.get("content-type"), accept);
      return response.body!.pipeThrough(new TextDecoderStream()).getReader();
    };
    const reader = await listen({});
    let text = "";
    const until = async (what: RegExp) => {
      while (!what.test(text)) {
        const { value, done } = await reader.read();
        assert(!done, text);
        text += value;
      }
    };
    await until(/Load rows is complete: 500 rows committed to t/);
    assertEquals((await serve.post("/loads/rows/pause"))[0], 202);
    await until(/Load rows is paused/);
    const events = [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data]) => {
      const event = v.parse(EventSchema, JSON.parse(data!));
      assertEquals(String(event.number), id);
      return event;
    });
    assertEquals(events.map(({ number }) => number), events.map((_, i) => i + 1));
    const paused = events.at(-1)!;
    assertEquals([paused.kind, paused.load], ["load", "rows"]);
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of ["backend", "program", "load"] as const) assert(kinds.has(kind), kind);

    const { number } = paused;
    const again = await listen({ "last-event-id": String(number - 1) });
    let rest = "";
    while (!rest.includes("data:")) rest += (await again.read()).value;
    assertEquals([.../^id: (\d+)$/m.exec(rest)!][1], String(number));
    const json = await (await serve.ask(`/events?after=${number}`)).json();
    assertEquals(json, { events: [], last: number });
    // A stream that is read ends with the program, and does not hold it up.
    await again.cancel();
    assertEquals((await serve.stop()).code, 0);
    while (!(await reader.read()).done);
  }));

/** The words of a command, of which some are in single quotes. */
function shellWords(command: string): string[] {
  return [...command.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map(([, quoted, plain]) =>
    quoted?.replaceAll("'\\''", "'") ?? plain!
  );
}

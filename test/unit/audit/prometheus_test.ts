import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { DURATION_BOUNDS, METRICS, MetricSet } from "../../../src/audit/metrics.ts";
import { escapedHelp, escapedLabel, prometheusText } from "../../../src/audit/prometheus.ts";
import { LIMITS } from "../../../src/model/limits.ts";

/** What Prometheus reads of a line with one label, as its lexer does. */
function readLabel(line: string): { readonly text: string; readonly rest: string } | undefined {
  const start = line.indexOf('="') + 2;
  let text = "";
  for (let at = start; at < line.length; at++) {
    const c = line[at]!;
    if (c === "\n") return undefined;
    if (c === '"') return { text, rest: line.slice(at + 1) };
    if (c !== "\\") {
      text += c;
      continue;
    }
    const escaped = { "\\": "\\", n: "\n", '"': '"' }[line[++at] ?? ""];
    if (escaped === undefined) return undefined;
    text += escaped;
  }
  return undefined;
}

const anyText = fc.string({ unit: "binary", maxLength: 30 });
const nastyText = fc.string({
  unit: fc.constantFrom("\\", '"', "\n", "n", "a", "{", "}", "=", ",", "\r", "\u2028"),
});

Deno.test("prometheus: any name comes back from its label, in one line", () => {
  fc.assert(fc.property(fc.oneof(anyText, nastyText), (table) => {
    const metrics = new MetricSet();
    metrics.add("snakepipe.bytes", { table }, 3);
    const lines = prometheusText(metrics).split("\n").filter((line) =>
      line.startsWith("snakepipe_bytes_total{")
    );
    assertEquals(lines.length, 1);
    assertEquals(readLabel(lines[0]!), { text: table.toWellFormed(), rest: "} 3" });
  }));
});

Deno.test("prometheus: a text of HELP is one line, and comes back", () => {
  fc.assert(fc.property(fc.oneof(anyText, nastyText), (help) => {
    const shown = escapedHelp(help);
    assert(!shown.includes("\n"));
    const back = shown.replaceAll(/\\(.)/g, (_, c: string) => c === "n" ? "\n" : c);
    assertEquals(back, help.toWellFormed());
    assertEquals(escapedLabel(help).replaceAll('\\"', '"'), shown);
  }));
});

Deno.test("prometheus: every metric has its HELP and TYPE, also before there are any numbers", () => {
  const lines = prometheusText(new MetricSet()).trimEnd().split("\n");
  assertEquals(lines.length, 2 * Object.keys(METRICS).length);
  assertStringIncludes(lines.join("\n"), "# TYPE snakepipe_rows_total counter");
  assertStringIncludes(lines.join("\n"), "# TYPE snakepipe_batch_duration_seconds histogram");
  assertStringIncludes(lines.join("\n"), "# TYPE snakepipe_breaker_state gauge");
});

Deno.test("prometheus: buckets of a histogram are cumulative, and the last one is the count", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }),
      (values) => {
        const metrics = new MetricSet();
        for (const value of values) {
          metrics.record(
            "snakepipe.batch.duration",
            { table: "t" },
            value,
          );
        }
        const counts = prometheusText(metrics).split("\n")
          .filter((line) => line.startsWith("snakepipe_batch_duration_seconds_bucket"))
          .map((line) => Number(line.split(" ").at(-1)));
        const expected = [...DURATION_BOUNDS, Infinity].map((bound) =>
          values.filter((value) => value <= bound).length
        );
        assertEquals(counts, expected);
        assertEquals(counts.at(-1), values.length);
      },
    ),
  );
});

Deno.test("metrics: with too many labels, counters keep their sum and gauges forget the oldest", () => {
  const metrics = new MetricSet();
  const more = LIMITS.metricSeriesMax + 50;
  for (let i = 0; i < more; i++) {
    metrics.add("snakepipe.bytes", { table: `t${i}` }, 2);
    metrics.set("snakepipe.ledger.rows", { table: `t${i}` }, i);
  }
  const bytes = metrics.of("snakepipe.bytes");
  assertEquals(bytes.length, LIMITS.metricSeriesMax + 1);
  assertEquals(bytes.reduce((sum, { value }) => sum + value, 0), 2 * more);
  const rows = metrics.of("snakepipe.ledger.rows");
  assertEquals([rows.length, rows.at(-1)?.value], [LIMITS.metricSeriesMax, more - 1]);
});

Deno.test("metrics: what is mirrored is what is kept, under the same labels", () => {
  const told: unknown[] = [];
  const tell = (kind: string) => (...words: unknown[]) => void told.push([kind, ...words]);
  const metrics = new MetricSet({ add: tell("add"), set: tell("set"), record: tell("record") });
  metrics.add("snakepipe.bytes", { table: "t" }, 2);
  metrics.add("snakepipe.bytes", { table: "t" }, 0);
  metrics.set("snakepipe.loads.running", {}, 1);
  metrics.record("snakepipe.batch.duration", { table: "t" }, 0.5);
  assertEquals(told, [
    ["add", "snakepipe.bytes", { table: "t" }, 2],
    ["set", "snakepipe.loads.running", {}, 1],
    ["record", "snakepipe.batch.duration", { table: "t" }, 0.5],
  ]);
});

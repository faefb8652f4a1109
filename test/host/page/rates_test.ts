/** What a load does over time, from the samples of it. */
import { assertEquals } from "@std/assert";
import { areDrawn, latencyText, ratesOf, throughputText } from "../../../host/page/rates.ts";

const AT = 1_000_000;

Deno.test("page: rates are those of five seconds, and there is none where no time has passed", () => {
  const rows = [0, 0, 0, 0, 50_000, 50_000, 50_000, 50_000, 100_000];
  const samples = rows.map((rows, i) => ({ at: AT + i * 1000, rows, bytes: rows * 2, batches: i }));
  const { times, rowsPerSecond, bytesPerSecond } = ratesOf(samples);
  assertEquals(times, rows.slice(1).map((_, i) => (AT + (i + 1) * 1000) / 1000));
  assertEquals(rowsPerSecond, [0, 0, 0, 12_500, 10_000, 10_000, 10_000, 20_000]);
  assertEquals(bytesPerSecond[3], 25_000);
  assertEquals(ratesOf([samples[0]!, samples[0]!]).rowsPerSecond, [null]);
});

Deno.test("page: charts are said in words too", () => {
  const latency = { p50: 80, p95: 140, max: 200 };
  const samples = [
    { at: AT, rows: 0, bytes: 0, batches: 0 },
    { at: AT + 1000, rows: 1500, bytes: 3000, batches: 1, latency },
    { at: AT + 2000, rows: 2000, bytes: 4000, batches: 1 },
  ];
  const rates = ratesOf(samples);
  assertEquals(rates.p95, [140, null]);
  assertEquals(
    throughputText(rates),
    "1,000 rows/s and 2.0 kB/s at the end of 1 s; at most 1,500 rows/s.",
  );
  assertEquals(
    latencyText(rates),
    "Lately the median is 80 ms, the 95th percentile 140 ms; the slowest in 1 s took 200 ms.",
  );
  assertEquals([areDrawn(rates), areDrawn(ratesOf(samples.slice(1)))], [true, false]);
  assertEquals(throughputText(ratesOf([])), "Nothing was measured yet.");
  assertEquals(latencyText(ratesOf(samples.slice(2))), "No batch was measured yet.");
});

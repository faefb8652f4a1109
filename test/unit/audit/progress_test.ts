import { assertEquals } from "@std/assert";
import { counted, grouped } from "../../../src/model/counted.ts";
import { fitPieces, progressFigures } from "../../../src/audit/progress.ts";

const HALF = {
  rowsCommitted: 500,
  batches: 5,
  bytesRead: 250,
  bytesTotal: 1000,
  milliseconds: 2000,
};

Deno.test("progress figures say rate, share and time left", () => {
  assertEquals(progressFigures(HALF), {
    rows: 500,
    rowsPerSecond: 250,
    bytes: 250,
    share: 0.25,
    secondsLeft: 6,
  });
});

Deno.test("progress figures go on between two batches", () => {
  const figures = progressFigures(HALF, 4000);
  assertEquals([figures.rowsPerSecond, figures.secondsLeft], [125, 12]);
});

Deno.test("progress figures leave out what is not known", () => {
  const { bytesTotal: _, ...stream } = HALF;
  assertEquals(progressFigures(stream), { rows: 500, rowsPerSecond: 250, bytes: 250 });
  assertEquals(progressFigures({ ...HALF, bytesTotal: 0 }).share, undefined);
  assertEquals(progressFigures({ ...HALF, milliseconds: 0 }).rowsPerSecond, 0);
  assertEquals(progressFigures({ ...HALF, milliseconds: 500 }).secondsLeft, undefined);
  assertEquals(progressFigures({ ...HALF, rowsCommitted: 0 }).secondsLeft, undefined);
});

Deno.test("progress figures never say that all is done", () => {
  assertEquals(progressFigures({ ...HALF, bytesRead: 1000 }).share, 0.99);
  assertEquals(progressFigures({ ...HALF, bytesRead: 1200 }).share, 0.99);
});

Deno.test("numbers are grouped by three digits", () => {
  assertEquals([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
  assertEquals([counted(1, "row"), counted(2000, "row")], ["1 row", "2,000 rows"]);
  assertEquals(counted(2, "batch", "batches"), "2 batches");
});

Deno.test("pieces are left out from the end until the line fits", () => {
  const pieces = ["500 rows", "25 %", "6s left"];
  assertEquals(fitPieces(pieces, 80), "500 rows  25 %  6s left");
  assertEquals(fitPieces(pieces, 23), "500 rows  25 %  6s left");
  assertEquals(fitPieces(pieces, 22), "500 rows  25 %");
  assertEquals(fitPieces(pieces, 8), "500 rows");
  assertEquals(fitPieces(pieces, 3), "500");
  assertEquals(fitPieces(pieces, 0), "");
  assertEquals(fitPieces([], 10), "");
});

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isoTime } from "../../../host/sources/iso_time.ts";

Deno.test("moments are written as toISOString writes them, whatever came before", () => {
  const anywhere = fc.date({ noInvalidDate: true });
  const fourDigits = fc.date({
    min: new Date("0000-01-01T00:00:00.000Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  const property = fc.property(fc.array(fc.oneof(anywhere, fourDigits)), (dates) => {
    for (const date of dates) assertEquals(isoTime(date), date.toISOString());
  });
  fc.assert(property, { numRuns: 1_000 });
});

Deno.test("moments at the ends of days, months, leap years and of what can be written", () => {
  const times = [-62_198_755_200_000, -62_167_219_200_000, 253_402_300_800_000];
  for (const year of [0, 4, 100, 400, 1582, 1900, 1970, 2000, 2023, 2024, 2100, 9999]) {
    for (const day of ["01-01", "02-28", "02-29", "03-01", "12-31"]) {
      const text = `${String(year).padStart(4, "0")}-${day}`;
      times.push(Date.parse(`${text}T00:00:00Z`), Date.parse(`${text}T23:59:59.999Z`));
    }
  }
  let count = 0;
  for (const time of times) {
    for (const moment of [time - 1, time, time + 1]) {
      if (Number.isNaN(moment)) continue;
      count++;
      assertEquals(isoTime(new Date(moment)), new Date(moment).toISOString());
    }
  }
  assertEquals(count > 300, true);
});

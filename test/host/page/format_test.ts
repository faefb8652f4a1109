/** Figures, times and texts of strangers, as the page shows them. */
import { assertEquals } from "@std/assert";
import {
  bytes,
  duration,
  localTime,
  shown,
  shownLines,
  utcTime,
} from "../../../host/page/format.ts";

Deno.test("page: bytes and times have the unit that suits them", () => {
  const sizes = [0, 999, 999.6, 1000, 99_940, 99_960, 1_200_000, 999_600_000, 3e18];
  assertEquals(sizes.map(bytes), [
    ...["0 B", "999 B", "1.0 kB", "1.0 kB", "99.9 kB", "100 kB", "1.2 MB", "1.0 GB", "3000 PB"],
  ]);
  const times = [
    0.42,
    9.94,
    120,
    999.6,
    59_940,
    59_960,
    200_000,
    7_500_000,
    273_600_000,
    7_200_000,
  ];
  assertEquals(times.map(duration), [
    ...["0.4 ms", "9.9 ms", "120 ms", "1 s", "59.9 s", "1 min", "3 min 20 s", "2 h 5 min"],
    ...["3 d 4 h", "2 h"],
  ]);
});

Deno.test("page: a moment has its date where that is not today's, and its UTC", () => {
  const at = new Date(2026, 10, 30, 6, 5, 4);
  assertEquals(localTime(at, new Date(2026, 10, 30, 23, 0, 0)), "06:05:04");
  assertEquals(localTime(at, new Date(2026, 11, 1)), "2026-11-30 06:05:04");
  assertEquals(utcTime(new Date("2026-11-30T06:13:39.123Z")), "2026-11-30 06:13:39 UTC");
});

Deno.test("page: what turns a text around or moves a cursor is seen, and a long one is cut", () => {
  assertEquals(shown("a\u001b[31mb\u202ec\nd"), "a\\u{1b}[31mb\\u{202e}c\\u{a}d");
  assertEquals(shown("<script>alert(1)</script>"), "<script>alert(1)</script>");
  assertEquals(shown("x".repeat(10_240)), "x".repeat(300) + "…");
  assertEquals(shownLines("a\nb\u202e"), "a\nb\\u{202e}");
});

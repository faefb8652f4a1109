import { assertEquals } from "@std/assert";
import * as v from "valibot";
import {
  DestinationSchema,
  loadsNamed,
  targetsIn,
  unitsOf,
} from "../../../src/config/destination.ts";
import { shareTest } from "../../../src/config/row_share.ts";
import { splitTargets } from "../../../src/config/split_targets.ts";

const source = ["a.csv"];

Deno.test("destination: a load into several is one load for each, with its own file of rejects", () => {
  const units = unitsOf("people", {
    source,
    rejects: "r.ndjson",
    to: ["a", "other://me:pw@h/d"],
  });
  assertEquals(
    units.map(({ name, to, settings, shares }) => [name, to, settings.rejects, shares]),
    [
      ["people to a", ["a"], "r.a.ndjson", true],
      ["people to other-2", ["other://me:pw@h/d"], "r.other-2.ndjson", true],
    ],
  );
});

Deno.test("destination: one target, or none, is one load under its own name", () => {
  for (const to of ["a", undefined, { first: ["a", "b"] }] as const) {
    const [unit, ...more] = unitsOf("people", {
      source,
      rejects: "r",
      ...to === undefined ? {} : { to },
    });
    assertEquals([unit!.name, unit!.settings.rejects, unit!.shares, more], [
      "people",
      "r",
      false,
      [],
    ]);
    assertEquals(unit!.to, targetsIn(to));
  }
});

Deno.test("destination: by a value, each value is of one share, and all others are of the last", () => {
  const to = { by: "tenant", values: { x: "a", y: "b", z: "a", w: "c" }, else: "b" };
  const units = unitsOf("people", { source, to });
  assertEquals(units.map(({ label }) => label), ["a", "b", "c"]);
  for (const value of ["x", "y", "z", "w", "other", "", undefined]) {
    const row = value === undefined ? undefined : { text: value, number: false };
    const found = units.filter(({ share }) => shareTest(share!)(row)).map(({ label }) => label);
    const expected = value !== undefined && Object.hasOwn(to.values, value)
      ? to.values[value as "x"]
      : to.else;
    assertEquals(found, [expected], String(value));
  }
});

Deno.test("destination: a name stands for its load, or for all of those that a load is", () => {
  const names = ["people", "orders to a", "orders to b", "orders2 to a"];
  assertEquals(loadsNamed("people", names), ["people"]);
  assertEquals(loadsNamed("orders", names), ["orders to a", "orders to b"]);
  assertEquals(loadsNamed("orders to b", names), ["orders to b"]);
  for (const none of ["orders to", "order", ""]) assertEquals(loadsNamed(none, names), []);
});

Deno.test("destination: what is none is refused", () => {
  for (const to of ["", [], ["a", "a"], { first: [] }, { by: "t", values: {} }, { to: "a" }, 5]) {
    assertEquals(v.safeParse(DestinationSchema, to).success, false, JSON.stringify(to));
  }
});

Deno.test("destination: a comma ends a target where another begins behind it", () => {
  const known = { schemes: ["file", "server"], names: ["main"] };
  const cases: [string, string[]][] = [
    ["a,b", ["a", "b"]],
    ["file:a.db,file:b.db", ["file:a.db", "file:b.db"]],
    ["file:a.db, server://u:p@h/d", ["file:a.db", "server://u:p@h/d"]],
    ["file:a.db,other://u:p@h/d", ["file:a.db", "other://u:p@h/d"]],
    ["a,file:b.db", ["a", "file:b.db"]],
    ["file:b.db,main", ["file:b.db", "main"]],
    ["file:b.db,FILE:c.db,main,nope", ["file:b.db", "FILE:c.db", "main", "nope"]],
    ["file:b.db,nope", ["file:b.db", "nope"]],
    // What belongs to one URL.
    ["file:b.db,c.db", ["file:b.db,c.db"]],
    ["server://u@h1,nope", ["server://u@h1,nope"]],
    ["server://u@h1:1,server:5432/d", ["server://u@h1:1,server:5432/d"]],
    ["server://u@h1,main/d", ["server://u@h1,main/d"]],
    ["server://u:p,other:w@h/d", ["server://u:p,other:w@h/d"]],
    ["file:a, b.db", ["file:a, b.db"]],
  ];
  for (const [text, targets] of cases) assertEquals(splitTargets(text, known), targets, text);
});

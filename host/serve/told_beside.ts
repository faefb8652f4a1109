import { defined } from "../../src/model/defined.ts";
import type { ToldLoads } from "../observe/running/told_program.ts";
import type { ServedLoads } from "./served_loads.ts";

/** What other shells are told of loads beside those that run: what they wait for, or why they failed. */
export function toldBeside(
  loads: ReturnType<ServedLoads["status"]>,
  api: string | undefined,
): ToldLoads {
  const waiting = loads.flatMap(({ name, source, state, detail }) =>
    state === "running" || state === "idle" || state === "complete"
      ? []
      : [{ name, source: source.join(" "), state, ...defined({ detail }) }]
  );
  const idle = loads.filter(({ state }) => state === "idle" || state === "complete").length;
  return { ...defined({ api }), idle, loads: waiting };
}

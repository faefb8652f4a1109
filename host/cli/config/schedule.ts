/** Schedules in the words of cron, read by croner, which is loaded where there is one. */
import { Cron } from "croner";
import { messageOf } from "../../../src/model/errors.ts";

/** What is wrong with the words of a schedule; undefined where nothing is. */
export function scheduleFault(words: string): string | undefined {
  try {
    const next = new Cron(words, { paused: true }).nextRun();
    return next === null
      ? "Expected a schedule that comes again: it names no time to come"
      : undefined;
  } catch (error) {
    // croner puts its own name, or that of a class of its own, before what is wrong.
    const why = messageOf(error).replace(/^Cron\w*: /, "");
    return `Expected a schedule in the words of cron, such as "0 3 * * *": ${why}`;
  }
}

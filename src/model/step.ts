/**
 * Steps of a load that take time, for whoever makes spans of them. Nothing happens beside the work until
 * somebody does.
 */
import type { LogFigures } from "./log.ts";

/** What is done. */
export type StepName = "plan";

/** Is around a step: has the work done, and returns what it came to. */
export type StepSink = <T>(
  name: StepName,
  figures: LogFigures,
  work: () => Promise<T>,
) => Promise<T>;

let sink: StepSink | undefined;

/** Has all steps of this thread go through there; undefined ends it. */
export function stepsTo(next: StepSink | undefined): void {
  sink = next;
}

/** Does a step. */
export function inStep<T>(
  name: StepName,
  figures: LogFigures,
  work: () => Promise<T>,
): Promise<T> {
  return sink ? sink(name, figures, work) : work();
}

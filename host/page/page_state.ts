/** What every view is given. */
import type { LoadStatus } from "../api/load_schema.ts";
import type { ProgramStatus } from "../api/status_schema.ts";
import type { Known, Watcher } from "./watcher.ts";
import type { Operator } from "./operator.ts";

/** What every view is given. */
export interface PageState {
  readonly watcher: Watcher;
  readonly operator: Operator;
  readonly known: Known;
  /** Whether what is known is too old to act upon. */
  readonly isOld: boolean;
}

/** The load of a command that has no other: the page is about it. */
export function onlyLoad(status: ProgramStatus | undefined): LoadStatus | undefined {
  return status?.program === "load" && status.loads.length === 1 ? status.loads[0] : undefined;
}

/** Whether anything can be changed from here. */
export function canOperate({ known: { status } }: PageState): boolean {
  return status !== undefined && status.operate !== "no";
}

/** Whether what changes something has to bring a token. */
export function needsToken({ known: { status } }: PageState): boolean {
  return status?.operate === "token";
}

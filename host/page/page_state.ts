/** What every view is given. */
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

/** Whether anything can be changed from here. */
export function canOperate({ known: { status } }: PageState): boolean {
  return status !== undefined && status.operate !== "no";
}

/** Whether what changes something has to bring a token. */
export function needsToken({ known: { status } }: PageState): boolean {
  return status?.operate === "token";
}

/** Shows how far a run of the conformance suite is. */
import { after } from "../../../src/model/timer.ts";
import { counted } from "../../../src/model/counted.ts";
import type { CaseOutcome } from "../../conformance/conformance.ts";
import { caseLabel, countsOf } from "./conformance_lines.ts";
import type { Terminal } from "./terminal.ts";
import { cutLine } from "./text_table.ts";

/** How long nothing comes of a case before that is told. */
const STALL_MS = 20_000;

/** What it is shown with. */
export interface ConformanceProgressOptions {
  /** Cases that are to come. */
  readonly total: number;
  /** What to try where a case does not end, as a sentence; nothing by default. */
  readonly way?: string | undefined;
  /** 20 s by default. */
  readonly stallMs?: number;
}

/** A live line on a terminal, a line for each group of cases elsewhere; until it is disposed of. */
export class ConformanceProgress implements Disposable {
  readonly #terminal: Pick<Terminal, "say" | "redraw" | "width" | "live">;
  readonly #options: ConformanceProgressOptions;
  readonly #total: number;
  #tried: CaseOutcome[] = [];
  #told = 0;
  #cancel = () => {};

  /** Shows nothing before it is told something. */
  constructor(
    terminal: Pick<Terminal, "say" | "redraw" | "width" | "live">,
    options: ConformanceProgressOptions,
  ) {
    this.#terminal = terminal;
    this.#options = options;
    this.#total = options.total;
  }

  /** Once the database has said what it is. */
  begin(database: string): void {
    this.#terminal.say(`Trying ${counted(this.#total, "case")} on ${database}`);
    this.#watch();
  }

  /** Tells nothing any more. */
  [Symbol.dispose](): void {
    this.#cancel();
  }

  /** Tells once that a case does not end: a server may wait for what is never sent. */
  #watch(): void {
    this.#cancel();
    const { stallMs = STALL_MS, way = "" } = this.#options;
    this.#cancel = after(stallMs, () => {
      const last = this.#tried.at(-1);
      const place = last ? `behind ${caseLabel(last)}` : "the first";
      const seconds = Math.round(stallMs / 1000);
      this.#terminal.say(
        `Nothing has come of the case in hand, ${place}, for ${seconds} s. ${way}`.trim(),
      );
    });
  }

  /** A case was tried. */
  follow(outcome: CaseOutcome): void {
    this.#watch();
    if (this.#tried.at(-1)?.group !== outcome.group) this.#tellGroup();
    this.#tried.push(outcome);
    const { failed } = countsOf(this.#tried);
    const so = failed > 0 ? `, ${failed} failed` : "";
    const text = `${this.#tried.length} of ${this.#total} cases${so}: ${caseLabel(outcome)}`;
    this.#terminal.redraw(cutLine(text, this.#terminal.width));
    if (this.#tried.length < this.#total) return;
    this.#cancel();
    this.#tellGroup();
  }

  #tellGroup(): void {
    const group = this.#tried.slice(this.#told);
    this.#told = this.#tried.length;
    if (group.length === 0 || this.#terminal.live) return;
    const { failed } = countsOf(group);
    const so = failed > 0 ? `, ${failed} failed` : "";
    this.#terminal.say(`${group[0]!.group}: ${counted(group.length, "case")}${so}`);
  }
}

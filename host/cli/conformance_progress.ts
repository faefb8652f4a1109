/** Shows how far a run of the conformance suite is. */
import { counted } from "../../src/model/counted.ts";
import type { CaseOutcome } from "../conformance/conformance.ts";
import { caseLabel, countsOf } from "./conformance_lines.ts";
import type { Terminal } from "./terminal.ts";

/** A live line on a terminal, a line for each group of cases elsewhere. */
export class ConformanceProgress {
  readonly #terminal: Terminal;
  readonly #total: number;
  #tried: CaseOutcome[] = [];
  #told = 0;

  /** `total` cases are to come. */
  constructor(terminal: Terminal, total: number) {
    this.#terminal = terminal;
    this.#total = total;
  }

  /** Once the database has said what it is. */
  begin(database: string): void {
    this.#terminal.say(`Trying ${counted(this.#total, "case")} on ${database}`);
  }

  /** A case was tried. */
  follow(outcome: CaseOutcome): void {
    if (this.#tried.at(-1)?.group !== outcome.group) this.#tellGroup();
    this.#tried.push(outcome);
    const { failed } = countsOf(this.#tried);
    const so = failed > 0 ? `, ${failed} failed` : "";
    const text = `${this.#tried.length} of ${this.#total} cases${so}: ${caseLabel(outcome)}`;
    this.#terminal.redraw([...text].slice(0, this.#terminal.width).join(""));
    if (this.#tried.length === this.#total) this.#tellGroup();
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

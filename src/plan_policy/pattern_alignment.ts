/**
 * Alignments: the least that would have to be changed of a statement so that it fits a pattern. They are
 * what refusals teach by, and tell which of several patterns is the nearest.
 *
 * The pattern becomes a graph of states without circles, since its loops are unrolled; a table over states
 * and tokens has the least cost of each rest, as in the distance of Wagner and Fischer (1974).
 */
import { editDistance } from "../model/near_word.ts";
import type { PatternLeaf, StatementPattern } from "./statement_pattern.ts";
import { isOf, type Loops } from "./pattern_match.ts";
import type { Token } from "./token.ts";

/** One step of an alignment. */
export type Edit =
  /** The token fits. */
  | { readonly kind: "keep"; readonly token: number }
  /** It has to go. */
  | { readonly kind: "remove"; readonly token: number }
  /** Something is missing before it. */
  | {
    readonly kind: "insert";
    readonly token: number;
    readonly leaf: PatternLeaf;
    readonly column: number | undefined;
  }
  /** Something else has to stand in its place. */
  | {
    readonly kind: "replace";
    readonly token: number;
    readonly leaf: PatternLeaf;
    readonly column: number | undefined;
  };

/** How a statement becomes one that fits. */
export interface Alignment {
  /** 0 where it fits as it stands; about 1 for each token that is missing or too much. */
  readonly cost: number;
  /** In the order of the statement. */
  readonly edits: readonly Edit[];
}

/** Cells of the table, at the most: 10 ms. What is larger is compared by its first misfit alone. */
const CELLS_MAX = 150_000;
/** What is inserted or removed costs 1; what is replaced, less than both. */
const COST = { sameKind: 0.8, otherKind: 1.6, wordLeast: 0.4 } as const;

type State =
  | { readonly kind: "end" }
  | { readonly kind: "fork"; readonly to: readonly number[] }
  | {
    readonly kind: "leaf";
    readonly leaf: PatternLeaf;
    readonly column: number | undefined;
    readonly to: number;
  };

/** The cheapest alignment; undefined where statement and pattern are too long to be compared so. */
export function alignmentOf(
  tokens: readonly Token[],
  pattern: StatementPattern,
  loops: Loops,
  cellsMax = CELLS_MAX,
): Alignment | undefined {
  const graph = new Graph(loops, Math.floor(cellsMax / (tokens.length + 1)));
  const start = graph.add(pattern, 0, undefined);
  if (start === undefined) return undefined;
  const table = new Table(tokens, graph.states);
  return { cost: table.cost(0, start), edits: table.edits(start) };
}

/** The states of a pattern. Each is added after those that come behind it; the end is the first. */
class Graph {
  readonly states: State[] = [{ kind: "end" }];
  readonly #loops: Loops;
  readonly #statesMax: number;

  constructor(loops: Loops, statesMax: number) {
    this.#loops = loops;
    this.#statesMax = statesMax;
  }

  /** The state from which the pattern leads to another one; undefined where there are too many. */
  add(pattern: StatementPattern, to: number, column: number | undefined): number | undefined {
    if (this.states.length > this.#statesMax) return undefined;
    switch (pattern.kind) {
      case "word":
      case "sign":
      case "number":
      case "slot":
        return this.states.push({ kind: "leaf", leaf: pattern, column, to }) - 1;
      case "sequence":
        return pattern.parts.reduceRight<number | undefined>(
          (next, part) => next === undefined ? undefined : this.add(part, next, column),
          to,
        );
      case "either":
        return this.#fork(pattern.parts.map((part) => this.add(part, to, column)));
      case "optional":
        return this.#fork([this.add(pattern.part, to, column), to]);
      case "each":
      case "plain": {
        let next: number | undefined = to;
        for (const [i, at] of this.#loops[pattern.kind].entries().toArray().reverse()) {
          if (next !== undefined) next = this.add(pattern.part, next, at);
          if (i > 0 && next !== undefined) next = this.add(pattern.comma, next, at);
        }
        return next;
      }
    }
  }

  #fork(to: readonly (number | undefined)[]): number | undefined {
    if (!to.every((state) => state !== undefined)) return undefined;
    return this.states.push({ kind: "fork", to }) - 1;
  }
}

/**
 * The least cost from each token and state to the end of both. A state costs no memory but its number:
 * there are hundreds of thousands of cells, and refusals are waited for.
 */
class Table {
  readonly #tokens: readonly Token[];
  readonly #states: readonly State[];
  readonly #costs: Float32Array;
  readonly #replacing = new ReplacementCosts();

  constructor(tokens: readonly Token[], states: readonly State[]) {
    this.#tokens = tokens;
    this.#states = states;
    this.#costs = new Float32Array((tokens.length + 1) * states.length);
    for (let token = tokens.length; token >= 0; token--) {
      for (let index = 0; index < states.length; index++) {
        this.#costs[token * states.length + index] = this.#least(token, index);
      }
    }
  }

  cost(token: number, state: number): number {
    return this.#costs[token * this.#states.length + state]!;
  }

  /**
   * The way of the least cost; of several, the first: what fits or is replaced, missing, too much. It ends,
   * since each step passes over a token or leads to a state that was there before.
   */
  edits(start: number): Edit[] {
    const edits: Edit[] = [];
    let token = 0;
    let index = start;
    for (;;) {
      const state = this.#states[index]!;
      if (state.kind === "fork") {
        index = this.#cheapest(state.to, token);
        continue;
      }
      const found = this.#tokens[token];
      if (state.kind === "end") {
        if (!found) return edits;
        edits.push({ kind: "remove", token: token++ });
        continue;
      }
      const { leaf, column, to } = state;
      const replacing = found ? this.#replacing.of(found, leaf, column) : Infinity;
      const replaced = found ? replacing + this.cost(token + 1, to) : Infinity;
      const missing = 1 + this.cost(token, to);
      const removed = found ? 1 + this.cost(token + 1, index) : Infinity;
      if (replaced <= missing && replaced <= removed) {
        edits.push(
          replacing === 0 ? { kind: "keep", token } : { kind: "replace", token, leaf, column },
        );
        token++;
        index = to;
      } else if (missing <= removed) {
        edits.push({ kind: "insert", token, leaf, column });
        index = to;
      } else edits.push({ kind: "remove", token: token++ });
    }
  }

  #cheapest(states: readonly number[], token: number): number {
    return states.reduce((a, b) => this.cost(token, b) < this.cost(token, a) ? b : a);
  }

  #least(token: number, index: number): number {
    const state = this.#states[index]!;
    const found = this.#tokens[token];
    if (state.kind === "fork") {
      let least = Infinity;
      for (const to of state.to) least = Math.min(least, this.cost(token, to));
      return least;
    }
    if (state.kind === "end") return this.#tokens.length - token;
    const missing = 1 + this.cost(token, state.to);
    if (!found) return missing;
    const { leaf, column, to } = state;
    const replaced = this.#replacing.of(found, leaf, column) + this.cost(token + 1, to);
    return Math.min(missing, replaced, 1 + this.cost(token + 1, index));
  }
}

/** What it costs that something else stands there: a word that is nearly the same is soon mended. */
class ReplacementCosts {
  readonly #words = new Map<string, Map<string, number>>();

  /** 0 where it is what the leaf asks for. */
  of(token: Token, leaf: PatternLeaf, column: number | undefined): number {
    if (token.kind !== leaf.kind) return COST.otherKind;
    if (token.kind !== "word" || leaf.kind !== "word") {
      return isOf(token, leaf, column) ? 0 : COST.sameKind;
    }
    if (token.text === leaf.text) return 0;
    let known = this.#words.get(token.text);
    if (!known) this.#words.set(token.text, known = new Map());
    let cost = known.get(leaf.text);
    if (cost === undefined) known.set(leaf.text, cost = ofWords(token.text, leaf.text));
    return cost;
  }
}

function ofWords(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest > 40 ? COST.sameKind : COST.wordLeast + editDistance(a, b) / longest;
}

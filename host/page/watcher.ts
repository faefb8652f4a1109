/**
 * What the page knows of the program, kept up to date for as long as somebody looks.
 *
 * Invariants
 * - What is old is said to be old: a document that was read more than a few seconds ago is `isOld`.
 * - While the tab is hidden nothing is asked. Of `load`, events alone are listened to: how it ends is told
 *   once, and nobody is there to be asked afterwards.
 * - A program that is gone is asked again until it is back; one that has a new start is another one.
 */
import type { ProgramEvent } from "../api/answer_schema.ts";
import type { LoadDetails } from "../api/load_schema.ts";
import type { ProgramStatus } from "../api/status_schema.ts";
import { get, Refusal, whyNot } from "./requests.ts";

/** Between two questions, at least: a large document is asked for less often. */
const INTERVAL_MS = 1_000;
/** From then on, what is shown is old. */
const OLD_MS = 3_500;
/** Events that are kept, as the program itself does. */
const EVENTS_MAX = 1_000;

const ENDED = "The program has ended in good order";

/** What is known. */
export interface Known {
  readonly status?: ProgramStatus;
  /** When that was read, in milliseconds since 1970. */
  readonly readAt?: number;
  /** The load that is looked at, as it was last. */
  readonly details?: LoadDetails;
  /** The oldest first. */
  readonly events: readonly ProgramEvent[];
  /** Why nothing comes any more. */
  readonly lost?: string;
  /** Whether its load has ended, and the program with it: what is known is the last of it. */
  readonly hasEnded: boolean;
  /** Whether reading needs a token. */
  readonly needsToken: boolean;
}

/** Watches the program. */
export class Watcher {
  readonly #onChange: () => void;
  #known: Known = { events: [], hasEnded: false, needsToken: false };
  #load: string | undefined;
  #detailsOf = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #askAgain = false;
  #tookMs = 0;
  #failures = 0;
  #events: EventSource | undefined;
  /** Whether events come by themselves; else they are asked for. */
  #isPushed = false;
  #readsByToken = false;

  /** Makes one that calls back when something has changed. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** What is known now. */
  get known(): Known {
    return this.#known;
  }

  /** Whether what is known is too old to be taken for how things are. */
  get isOld(): boolean {
    const { readAt, lost, hasEnded } = this.#known;
    return hasEnded || lost !== undefined || readAt === undefined || Date.now() - readAt > OLD_MS;
  }

  /** Begins, and goes on until the page is left. */
  start(): void {
    document.addEventListener("visibilitychange", () => this.#seen());
    setInterval(() => document.hidden || this.#onChange(), INTERVAL_MS);
    this.#seen();
  }

  /** Looks at a load in every detail, or at none. */
  look(load: string | undefined): void {
    if (load === this.#load) return;
    this.#load = load;
    this.#detailsOf = "";
    const { details: _, ...known } = this.#known;
    this.#known = known;
    this.now();
  }

  /** Asks at once: something was changed. */
  now(): void {
    this.#askAgain = true;
    void this.#ask();
  }

  #seen(): void {
    clearTimeout(this.#timer);
    if (!document.hidden) return this.now();
    if (this.#known.status?.program !== "load") this.#listenNoMore();
  }

  #set(change: Partial<Known>): void {
    this.#known = { ...this.#known, ...change };
    this.#onChange();
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    while (this.#askAgain && !this.#known.hasEnded) {
      this.#askAgain = false;
      const since = performance.now();
      await this.#once();
      this.#tookMs = performance.now() - since;
    }
    this.#asking = false;
    if (document.hidden || this.#known.hasEnded) return;
    const waitMs = this.#failures === 0
      ? Math.max(INTERVAL_MS - this.#tookMs, 4 * this.#tookMs)
      : Math.min(INTERVAL_MS * this.#failures, 5 * INTERVAL_MS);
    this.#timer = setTimeout(() => this.now(), waitMs);
  }

  async #once(): Promise<void> {
    try {
      const status = await get<ProgramStatus>("status");
      const { status: before } = this.#known;
      const isOther = before !== undefined && status.since !== before.since;
      if (isOther) this.#listenNoMore();
      const details = await this.#details(status);
      this.#failures = 0;
      const { lost: _, ...known } = this.#known;
      this.#known = { ...known, ...(isOther ? { events: [] } : {}), needsToken: false };
      this.#set({ status, readAt: Date.now(), ...(details ? { details } : {}) });
      // An EventSource can bring no token.
      if (!this.#events && !this.#readsByToken) this.#listen();
      if (!this.#isPushed) await this.#askForEvents();
    } catch (error) {
      this.#failures++;
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    // It has ended in good order, and has said so.
    if (this.#known.hasEnded) return;
    if (error instanceof Refusal && error.status === 401) {
      this.#readsByToken = true;
      this.#set({ needsToken: true });
    }
    const hasSaidSo = this.#known.lost === ENDED && !(error instanceof Refusal);
    this.#set({ lost: hasSaidSo ? ENDED : whyNot(error) });
  }

  /** Of a load that stands still, only where that has changed. */
  async #details({ loads }: ProgramStatus): Promise<Known["details"]> {
    const name = this.#load;
    if (name === undefined) return undefined;
    const load = loads.find((load) => load.name === name);
    if (!load) return undefined;
    const version = JSON.stringify([load, load.state === "running" ? Date.now() : 0]);
    if (version === this.#detailsOf) return this.#known.details;
    const details = await answered(get<LoadDetails>(`loads/${encodeURIComponent(name)}`));
    // Somebody looks at another one meanwhile.
    if (name !== this.#load) return undefined;
    if (details) this.#detailsOf = version;
    return details;
  }

  get #lastNumber(): number {
    return this.#known.events.at(-1)?.number ?? 0;
  }

  #listen(): void {
    const events = new EventSource(`events?after=${this.#lastNumber}`);
    this.#events = events;
    events.addEventListener("open", () => this.#isPushed = true);
    // It connects again by itself; meanwhile, and where it cannot, events are asked for.
    events.addEventListener("error", () => this.#isPushed = false);
    events.addEventListener("message", ({ data }) => {
      const event = JSON.parse(data) as ProgramEvent;
      this.#happened([event]);
    });
    events.addEventListener("end", ({ data }) => {
      this.#listenNoMore();
      const status = JSON.parse(data) as ProgramStatus;
      this.#set({ status, readAt: Date.now() });
      // Another load at the same address is not this one; what serves comes back.
      if (status.program === "load") this.#set({ hasEnded: true });
      else this.#set({ lost: ENDED });
    });
  }

  #listenNoMore(): void {
    this.#events?.close();
    this.#events = undefined;
    this.#isPushed = false;
  }

  async #askForEvents(): Promise<void> {
    const answer = await answered(
      get<{ readonly events: readonly ProgramEvent[] }>(`events?after=${this.#lastNumber}`),
    );
    if (answer) this.#happened(answer.events);
  }

  #happened(events: readonly ProgramEvent[]): void {
    const fresh = events.filter(({ number }) => number > this.#lastNumber);
    if (fresh.length === 0) return;
    this.#set({ events: [...this.#known.events, ...fresh].slice(-EVENTS_MAX) });
  }
}

/** An answer, or none where the program refuses it: what else is known is shown all the same. */
async function answered<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

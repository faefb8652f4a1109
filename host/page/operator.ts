/**
 * What can be changed from the page, and what became of it.
 *
 * Invariant: the token is asked for when it is needed, once, and kept until the tab is closed.
 */
import { Refusal, token, whyNot } from "./requests.ts";

/** What became of something that was asked for. */
export interface Outcome {
  readonly tone: "good" | "bad";
  readonly text: string;
}

/** A question for the token. */
export interface TokenQuestion {
  /** Whether the one before was refused. */
  readonly wasWrong: boolean;
  /** Takes it; undefined where somebody does not want to say it. */
  readonly answer: (token: string | undefined) => void;
}

/** Makes changes. */
export class Operator {
  readonly #onChange: () => void;
  readonly #busy = new Set<string>();
  #outcome: Outcome | undefined;
  #question: TokenQuestion | undefined;

  /** Makes one that calls back when something has changed. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** What became of what was asked for last. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** The question that waits for an answer. */
  get question(): TokenQuestion | undefined {
    return this.#question;
  }

  /** Whether something of that name is under way. */
  isBusy(what: string): boolean {
    return this.#busy.has(what);
  }

  /** Takes the outcome away. */
  dismiss(): void {
    this.#outcome = undefined;
    this.#onChange();
  }

  /** Asks for the token; false where nobody says it. */
  async askForToken(wasWrong = false): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#question?.answer(undefined);
    this.#question = { wasWrong, answer: resolve };
    this.#onChange();
    const given = await promise;
    this.#question = undefined;
    if (given !== undefined) token.keep(given);
    this.#onChange();
    return given !== undefined;
  }

  /** Takes the token away. */
  forgetToken(): void {
    token.forget();
    this.#outcome = { tone: "good", text: "The token is forgotten." };
    this.#onChange();
  }

  /**
   * Makes a change.
   *
   * @param what Names it; while it is under way, it is not begun again.
   * @param done What is said of it once it is made, in a sentence, by what was answered.
   * @param needsToken Whether it is refused without a token.
   */
  async change<Answer>(
    what: string,
    { done, needsToken, call }: {
      readonly done: string | ((answer: Answer) => string);
      readonly needsToken: boolean;
      readonly call: () => Promise<Answer>;
    },
  ): Promise<void> {
    if (this.#busy.has(what)) return;
    this.#busy.add(what);
    this.#outcome = undefined;
    this.#onChange();
    try {
      const made = await this.#attempts(call, needsToken);
      if (made) {
        const text = typeof done === "string" ? done : done(made.answer);
        this.#outcome = { tone: "good", text };
      }
    } catch (error) {
      this.#outcome = { tone: "bad", text: `${what}: ${whyNot(error)}` };
    } finally {
      this.#busy.delete(what);
      this.#onChange();
    }
  }

  /** Until the token is the right one; undefined where nobody says it. */
  async #attempts<Answer>(
    call: () => Promise<Answer>,
    needsToken: boolean,
  ): Promise<{ readonly answer: Answer } | undefined> {
    if (needsToken && !token.isKept && !await this.askForToken()) return undefined;
    for (;;) {
      try {
        return { answer: await call() };
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 401) throw error;
        token.forget();
        if (!await this.askForToken(true)) return undefined;
      }
    }
  }
}

/** Requests to the program that this page is from, with the token where somebody has given it. */

const TOKEN = "snakepipe-token";
/** How long an answer is waited for; one that changes something may take as long as it takes. */
const ANSWER_MS = 5_000;

/** An answer that is a refusal. */
export class Refusal extends Error {
  /** Of HTTP. */
  readonly status: number;

  /** Takes what the program said. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Why there is no answer, in a sentence. */
export function whyNot(error: unknown): string {
  return error instanceof Refusal ? error.message : "The program does not answer";
}

/** The token that is kept until the tab is closed. */
export const token = {
  get isKept(): boolean {
    return sessionStorage.getItem(TOKEN) !== null;
  },
  keep(text: string): void {
    sessionStorage.setItem(TOKEN, text);
  },
  forget(): void {
    sessionStorage.removeItem(TOKEN);
  },
};

/** Asks for a document. @throws {Refusal} and whatever the network throws */
export async function get<Answer>(path: string): Promise<Answer> {
  return await answerTo(path, { signal: AbortSignal.timeout(ANSWER_MS) }) as Answer;
}

/** Asks for a change. @throws {Refusal} and whatever the network throws */
export async function change<Answer>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: Blob,
): Promise<Answer> {
  const headers = body ? { "content-type": "application/wasm" } : {};
  return await answerTo(path, { method, headers, ...(body ? { body } : {}) }) as Answer;
}

async function answerTo(path: string, init: RequestInit): Promise<unknown> {
  const headers = new Headers(init.headers);
  const kept = sessionStorage.getItem(TOKEN);
  if (kept !== null) headers.set("authorization", `Bearer ${kept}`);
  const response = await fetch(path, { ...init, headers, cache: "no-store" });
  if (response.ok) return await response.json();
  throw new Refusal(response.status, await reasonOf(response));
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { error } = await response.json();
    if (typeof error === "string") return error;
  } catch {
    // It is no JSON: another program may stand between.
  }
  return `The answer was ${response.status} ${response.statusText}`;
}

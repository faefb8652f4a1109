import { SECTION } from "../../host/plugins/sandbox/decode.ts";
import type { Random } from "../crash/random.ts";
import { factsOf, type FunctionType, type ModuleFacts } from "./module_facts.ts";
import { cutModule, type Part } from "./wasm_parts.ts";

/** A module that mutants are made of. */
export interface SeedModule {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly parts: readonly Part[];
  readonly facts: ModuleFacts;
}

/** A module on its way to become another one. */
export interface ModuleDraft {
  readonly parts: Part[];
  /** Of the module that it was: what has changed since is not known here. */
  readonly facts: ModuleFacts;
  /** Where pieces of other modules come from. */
  readonly seeds: readonly SeedModule[];
}

/** One change of a draft, or none where it has nothing to change. */
export type Mutation = (draft: ModuleDraft, random: Random) => void;

/** Cuts a module that is in order. */
export function seedModule(name: string, bytes: Uint8Array<ArrayBuffer>): SeedModule {
  const parts = cutModule(bytes);
  return { name, bytes, parts, facts: factsOf(parts) };
}

/** Begins a mutant of a module. */
export function draftOf({ parts, facts }: SeedModule, seeds: readonly SeedModule[]): ModuleDraft {
  return { parts: parts.map((part) => ({ ...part, items: [...part.items] })), facts, seeds };
}

/** The first section of that number. */
export function partOf({ parts }: ModuleDraft, id: number): Part | undefined {
  return parts.find((part) => part.id === id);
}

/** The section of that number, which is made where there is none. */
export function partAnyhow(draft: ModuleDraft, id: number): Part {
  const found = partOf(draft, id);
  if (found) return found;
  const order = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];
  const place = order.indexOf(id);
  const at = draft.parts.findIndex((part) => order.indexOf(part.id) > place);
  const part: Part = { id, items: [] };
  draft.parts.splice(at < 0 ? draft.parts.length : at, 0, part);
  return part;
}

/** The type of a function that the module defines. */
export function typeOfBody({ facts }: ModuleDraft, body: number): FunctionType | undefined {
  return facts.types[facts.functions[facts.imported + body] ?? -1];
}

/** One of the bodies by its number, with the section that they stand in. */
export function anyBody(
  draft: ModuleDraft,
  random: Random,
): { readonly code: Part; readonly index: number } | undefined {
  const code = partOf(draft, SECTION.code);
  return code && code.items.length > 0
    ? { code, index: random.below(code.items.length) }
    : undefined;
}

/** Makes mutants of modules: mostly such as are modules still, and run. */
import type { Random } from "../crash/random.ts";
import { mutateBytes } from "./byte_mutation.ts";
import {
  addLocals,
  blindBody,
  changeConstant,
  changeIndex,
  insertSnippet,
  moveInstructions,
  nest,
  splice,
  swapInstruction,
  swapOperator,
} from "./code_mutation.ts";
import {
  addFunction,
  addGlobal,
  addSegment,
  addType,
  changeExport,
  changeExtent,
  changeImport,
  setStart,
} from "./interface_mutation.ts";
import { draftOf, type Mutation, type SeedModule } from "./module_draft.ts";
import {
  addSection,
  blindItem,
  changeData,
  lieAboutCount,
  moveItem,
  moveSection,
  trailing,
} from "./section_mutation.ts";
import { joinModule } from "./wasm_parts.ts";

/** Changes and how often each is made: most of them such that the mutant runs. */
const MUTATIONS: readonly (readonly [weight: number, mutation: Mutation])[] = [
  [40, insertSnippet],
  [16, swapOperator],
  [3, swapInstruction],
  [16, changeConstant],
  [4, changeIndex],
  [4, moveInstructions],
  [3, splice],
  [3, nest],
  [2, blindBody],
  [2, addLocals],
  [10, changeData],
  [3, changeExtent],
  [3, addGlobal],
  [3, setStart],
  [3, addSegment],
  [4, addFunction],
  [2, addType],
  [2, changeImport],
  [3, changeExport],
  [2, addSection],
  [2, moveItem],
  [2, moveSection],
  [2, blindItem],
  [1, lieAboutCount],
  [1, trailing],
];
const CHOICES: readonly Mutation[] = MUTATIONS.flatMap(([weight, mutation]) =>
  new Array<Mutation>(weight).fill(mutation)
);

/** Changes of one mutant, at the most. */
const CHANGES_MAX = 8;

/** Share of the mutants whose bytes are changed blindly once they stand. */
const BLIND = 0.15;

/** A mutant of one of the modules. */
export function mutant(
  random: Random,
  { origins, seeds }: {
    /** What it is made of. */
    readonly origins: readonly SeedModule[];
    /** What pieces may come from. */
    readonly seeds: readonly SeedModule[];
  },
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly origin: SeedModule } {
  const origin = random.oneOf(origins);
  const draft = draftOf(origin, seeds);
  let changes = 0;
  const blind = random.next() < BLIND;
  // A few are only changed blindly.
  if (!blind || random.below(2) === 0) {
    do random.oneOf(CHOICES)(draft, random); while (
      ++changes < CHANGES_MAX && random.below(2) === 0
    );
  }
  let bytes = joinModule(draft.parts);
  if (blind) {
    do bytes = mutateBytes(bytes, random).slice(); while (random.below(2) === 0);
  }
  return { bytes, origin };
}

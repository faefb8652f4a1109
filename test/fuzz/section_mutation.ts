/** Changes of sections and of their items. */
import { SECTION } from "../../host/plugins/sandbox/decode.ts";
import type { Random } from "../crash/random.ts";
import { mutateBytes } from "./byte_mutation.ts";
import { edgeBytes, edgeU32 } from "./edge.ts";
import { unsigned } from "./leb.ts";
import type { ModuleDraft, Mutation } from "./module_draft.ts";
import type { Part } from "./wasm_parts.ts";

function anyPart({ parts }: ModuleDraft, random: Random): Part | undefined {
  return parts.length === 0 ? undefined : random.oneOf(parts);
}

/** A section less, or twice, or at another place. */
export const moveSection: Mutation = ({ parts }, random) => {
  if (parts.length === 0) return;
  const from = random.below(parts.length);
  const to = random.below(parts.length);
  const part = parts[from]!;
  switch (random.below(4)) {
    case 0:
      parts.splice(from, 1);
      break;
    case 1:
      parts.splice(to, 0, part);
      break;
    case 2:
      parts.splice(from, 1);
      parts.splice(to, 0, part);
      break;
    default:
      // Its number, with what another section holds.
      parts[from] = { ...part, items: parts[to]!.items };
  }
};

/** An item less, or twice, or in the place of another. */
export const moveItem: Mutation = (draft, random) => {
  const part = anyPart(draft, random);
  if (!part || part.items.length === 0) return;
  const [from, to] = [random.below(part.items.length), random.below(part.items.length)];
  const item = part.items[from]!;
  const other = part.items[to]!;
  switch (random.below(4)) {
    case 0:
      part.items.splice(from, 1);
      break;
    case 1:
      part.items.splice(to, 0, item);
      break;
    case 2:
      part.items[from] = other;
      part.items[to] = item;
      break;
    default: {
      const donor = random.oneOf(draft.seeds).parts.find(({ id }) => id === part.id)?.items ?? [];
      if (donor.length > 0) part.items[to] = random.oneOf(donor);
    }
  }
};

/** Bytes of an item changed blindly. */
export const blindItem: Mutation = (draft, random) => {
  const part = anyPart(draft, random);
  if (!part || part.items.length === 0) return;
  const at = random.below(part.items.length);
  part.items[at] = mutateBytes(part.items[at]!, random);
};

/** A section that means nothing, or one that is not known. */
export const addSection: Mutation = ({ parts }, random) => {
  const name = edgeBytes(random, random.below(8));
  const known = random.below(3) > 0;
  const id = known ? SECTION.custom : random.below(256);
  const items = [Uint8Array.from([...unsigned(name.length), ...name, ...edgeBytes(random, 5)])];
  parts.splice(random.below(parts.length + 1), 0, { id, items });
};

/** A number of items that is not the truth. */
export const lieAboutCount: Mutation = (draft, random) => {
  const part = anyPart(draft, random);
  if (!part) return;
  const near = Math.max(0, part.items.length + random.below(5) - 2);
  part.count = random.below(2) === 0 ? near : edgeU32(random);
};

/** Bytes behind the last item of a section. */
export const trailing: Mutation = (draft, random) => {
  const part = anyPart(draft, random);
  if (!part) return;
  part.count ??= part.items.length;
  part.items.push(Uint8Array.from(edgeBytes(random, 1 + random.below(4))));
};

/** Texts and numbers in segments of data, where plugins have their manifest and their SQL. */
export const changeData: Mutation = ({ parts }, random) => {
  const items = parts.find(({ id }) => id === SECTION.data)?.items ?? [];
  if (items.length === 0) return;
  const index = random.below(items.length);
  const item = items[index]!.slice();
  // What stands first says where the segment goes, and how long it is.
  const from = Math.min(8, item.length - 1);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = from + random.below(item.length - from);
    item[at] = random.below(3) === 0 ? random.below(256) : random.oneOf(LETTERS);
  }
  items[index] = item;
};

const LETTERS: readonly number[] = [
  ...new TextEncoder().encode("\0\n \"'`;-*/()[]{}:,.=<>$?\\019azAZ_"),
];

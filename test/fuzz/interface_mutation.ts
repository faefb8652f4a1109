/** Changes of what a module imports, exports, and has beside its code. */
import {
  CAPABILITIES,
  CAPABILITY_NAMESPACE,
  PLUGIN_EXPORTS,
} from "../../src/plugin_api/capability.ts";
import { ByteReader } from "../../host/plugins/sandbox/byte_reader.ts";
import { ByteWriter } from "../../host/plugins/sandbox/byte_writer.ts";
import { SECTION } from "../../host/plugins/sandbox/decode.ts";
import { FUEL_EXPORT, START_EXPORT } from "../../host/plugins/sandbox/meter.ts";
import { KERNEL_FUNCTIONS, KERNEL_NAMESPACE } from "../../host/plugins/sandbox/vet.ts";
import type { Random } from "../crash/random.ts";
import { CodeWriter } from "./code_writer.ts";
import { edgeBytes, edgeU32 } from "./edge.ts";
import { signed, unsigned } from "./leb.ts";
import { type Mutation, partAnyhow, partOf } from "./module_draft.ts";
import { TYPE } from "./operator.ts";
import { snippet } from "./snippet.ts";

const NAMESPACES: readonly string[] = [
  KERNEL_NAMESPACE,
  CAPABILITY_NAMESPACE,
  "extism:host/compat",
  "env",
  "wasi_snapshot_preview1",
  "",
];
const FOREIGN: readonly string[] = [
  ...["http_request", "http_status_code", "var_get", "var_set", "config_get", "get_log_level"],
  ...["constructor", "__proto__", "toString", "abort", "fd_write", "reset", "memory_bytes", ""],
];
const IMPORTS: readonly string[] = [
  ...Object.keys(CAPABILITIES),
  ...Object.keys(KERNEL_FUNCTIONS),
  ...FOREIGN,
];
/** Names that a module must not export: somebody would run them, or read them, by himself. */
const RESERVED: readonly string[] = ["_start", "_initialize", "hs_init", FUEL_EXPORT, START_EXPORT];
const EXPORTS: readonly string[] = [
  ...Object.keys(PLUGIN_EXPORTS),
  ...["memory", "__proto__", "", "constructor", "then", "something_else"],
];

/** An import of another name or type, or of something that is no function. */
export const changeImport: Mutation = (draft, random) => {
  const part = partOf(draft, SECTION.import);
  if (!part || part.items.length === 0) return;
  const at = random.below(part.items.length);
  const found = namesOf(part.items[at]!, 2);
  let [module, name] = found.names as [string, string];
  let rest: ArrayLike<number> = found.rest;
  switch (random.below(4)) {
    case 0:
      module = random.oneOf(NAMESPACES);
      break;
    case 1:
      name = random.oneOf(IMPORTS);
      break;
    case 2:
      rest = [0, ...unsigned(random.below(draft.facts.types.length + 1))];
      break;
    default:
      rest = random.oneOf([[1, 0x70, 0, 1], [2, 0, 1], [3, 0x7f, 0], [4, 0, 0], [0, 0]]);
  }
  part.items[at] = new ByteWriter(64).name(module).name(name).raw(rest).take();
};

const NOTHING = Uint8Array.of(0);

/** So many names that an item begins with, and what is behind; empty ones where it was spoilt before. */
function namesOf(item: Uint8Array, count: number): { names: string[]; rest: Uint8Array } {
  try {
    const reader = new ByteReader(item);
    const names = Array.from({ length: count }, () => reader.name());
    return { names, rest: item.subarray(reader.at) };
  } catch {
    return { names: new Array<string>(count).fill(""), rest: item };
  }
}

/** An export of another name, of another function, or one more. */
export const changeExport: Mutation = (draft, random) => {
  const { items } = partAnyhow(draft, SECTION.export);
  const at = random.below(2) === 0 ? items.length : random.below(items.length + 1);
  const [own] = namesOf(items[at] ?? NOTHING, 1).names;
  const name = random.oneOf([own!, random.oneOf(EXPORTS), random.oneOf(RESERVED)]);
  const kind = random.below(6) === 0 ? random.below(5) : 0;
  const index = random.below(draft.facts.functions.length + 1);
  items[at] = new ByteWriter(64).name(name).raw([kind]).u32(index).take();
};

/** Other sizes of memory or of a table. */
export const changeExtent: Mutation = (draft, random) => {
  const table = random.below(2) === 0;
  const { items } = partAnyhow(draft, table ? SECTION.table : SECTION.memory);
  const at = random.below(items.length + (random.below(4) === 0 ? 1 : 0));
  const size = () => unsigned(random.below(2) === 0 ? edgeU32(random) : random.below(300));
  const flags = random.below(8) === 0 ? random.below(256) : random.below(2);
  const extent = [flags, ...size(), ...(flags & 1 ? size() : [])];
  const type = random.below(8) === 0 ? random.below(256) : random.oneOf([0x70, 0x70, 0x6f]);
  items[at] = Uint8Array.from(table ? [type, ...extent] : extent);
};

/** One global more. */
export const addGlobal: Mutation = (draft, random) => {
  const writer = new CodeWriter(random, { facts: draft.facts, locals: [], results: [] });
  const type = writer.type();
  const { items } = partAnyhow(draft, SECTION.global);
  items.push(Uint8Array.from([type, random.below(2), ...writer.constant(type), 0x0b]));
};

/** A function that runs first. */
export const setStart: Mutation = (draft, random) => {
  const { functions, types } = draft.facts;
  const fitting = functions.flatMap((type, i) => {
    const { parameters, results } = types[type]!;
    return parameters.length + results.length === 0 ? [i] : [];
  });
  const any = random.below(4) === 0 || fitting.length === 0;
  const index = any ? random.below(functions.length + 1) : random.oneOf(fitting);
  const start = partAnyhow(draft, SECTION.start);
  start.items = [Uint8Array.from(unsigned(index))];
};

/** Another segment of data or of elements. */
export const addSegment: Mutation = (draft, random) => {
  const offset = [0x41, ...signed(BigInt(edgeU32(random)) % 70_000n), 0x0b];
  if (random.below(2) === 0) {
    const bytes = edgeBytes(random, random.below(40));
    const content = [...unsigned(bytes.length), ...bytes];
    const { items } = partAnyhow(draft, SECTION.data);
    items.push(Uint8Array.from(random.oneOf([[0, ...offset, ...content], [1, ...content]])));
    if (random.below(4) === 0) return;
    partAnyhow(draft, SECTION.dataCount).items = [Uint8Array.from(unsigned(items.length))];
    return;
  }
  const functions = Array.from({ length: random.below(4) }, () => {
    return random.below(draft.facts.functions.length + 1);
  }).flatMap((index) => unsigned(index));
  const count = random.below(4);
  const references = new Array(count).fill([0xd0, 0x70, 0x0b]).flat();
  const byIndex = [functions.length === 0 ? 0 : 1, ...functions.slice(0, 1)];
  partAnyhow(draft, SECTION.element).items.push(Uint8Array.from(random.oneOf([
    [0, ...offset, ...byIndex],
    [1, 0, ...byIndex],
    [2, 0, ...offset, 0, ...byIndex],
    [3, 0, ...byIndex],
    [4, ...offset, count, ...references],
    [5, 0x70, count, ...references],
    [random.below(9), ...edgeBytes(random, 4)],
  ])));
};

/** One function more, of one of the types that are there. */
export const addFunction: Mutation = (draft, random) => {
  const { types } = draft.facts;
  if (types.length === 0) return;
  const index = random.below(types.length);
  const { parameters, results } = types[index]!;
  const place = { facts: draft.facts, locals: [...parameters, TYPE.i32, TYPE.v128], results };
  const values = new CodeWriter(random, place).values(results, 3);
  const body = [2, 1, TYPE.i32, 1, TYPE.v128, ...snippet(random, place), ...values, 0x0b];
  partAnyhow(draft, SECTION.function).items.push(Uint8Array.from(unsigned(index)));
  partAnyhow(draft, SECTION.code).items.push(Uint8Array.from(body));
};

/** A type more, or one that is not let in. */
export const addType: Mutation = (draft, random) => {
  const some = () => Array.from({ length: random.below(5) }, () => anyType(random));
  const [parameters, results] = [some(), some()];
  const form = random.below(6) === 0 ? random.oneOf([0x5e, 0x5f, 0x50, 0x4e]) : 0x60;
  partAnyhow(draft, SECTION.type).items.push(
    Uint8Array.from([form, parameters.length, ...parameters, results.length, ...results]),
  );
};

function anyType(random: Random): number {
  return random.oneOf([...Object.values(TYPE), 0x70, 0x6f, 0x7f, random.below(256)]);
}

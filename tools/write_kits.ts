/**
 * Writes what the kits have into the guide for authors of plugins, from their sources:
 * `deno run -A tools/write_kits.ts`.
 */
import { fromFileUrl, join } from "@std/path";

const PLUGINS = fromFileUrl(new URL("../plugins/", import.meta.url));
const GUIDE = join(PLUGINS, "README.md");
const PART = /(<!-- kits[^>]*-->\n)[\s\S]*(<!-- end of kits -->)/;

/** Something that a kit has, as it is declared, and what its comment says. */
export interface KitEntry {
  readonly declared: string;
  readonly says: string;
}

/** The guide with the lists as the sources have them. */
export async function withKits(guide: string): Promise<string> {
  const kits: readonly (readonly [string, readonly KitEntry[]])[] = [
    ["AssemblyScript", await assemblyKit()],
    ["C", await cKit()],
    ["Rust", await rustKit()],
  ];
  const parts = kits.map(([language, entries]) => {
    const lines = entries.flatMap(({ declared, says }) => [declared, `  ${says}`]);
    return `\n#### The kit in ${language}\n\n\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`;
  });
  return guide.replace(PART, (_, begin, end) => `${begin}${parts.join("")}\n${end}`);
}

/** What `index.ts` exports, in its order, with the members of classes and namespaces. */
export async function assemblyKit(): Promise<KitEntry[]> {
  const folder = join(PLUGINS, "kit", "assembly");
  const index = await Deno.readTextFile(join(folder, "index.ts"));
  const entries: KitEntry[] = [];
  for (const [, names, file] of index.matchAll(/export \{ ([^}]*) \} from "\.\/(\w+)";/g)) {
    const found = declaredIn(await Deno.readTextFile(join(folder, `${file}.ts`)));
    for (const name of names!.split(", ")) {
      const own = found.filter(({ of }) => of === name);
      if (own.length === 0) throw new Error(`${file}.ts declares no ${name} that has a comment`);
      entries.push(...own);
    }
  }
  return entries;
}

/** Declarations that have a comment, each with the name at the top level that it belongs to. */
function declaredIn(source: string): (KitEntry & { readonly of: string })[] {
  const found: (KitEntry & { readonly of: string })[] = [];
  let of = "";
  let within = "";
  const declaration =
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n( *)((?:export )?(?:abstract |declare |readonly )*(?:class|function|namespace|enum|const|get)? ?(\w+)[^\n]*)/g;
  for (const [, comment, indent, line, name] of source.matchAll(declaration)) {
    const says = sentenceOf(comment!);
    if (indent === "" && line!.startsWith("export ")) {
      of = name!;
      const kind = /\b(class|namespace|enum)\b/.exec(line!)?.[1];
      within = kind === "class" ? `${name}: ` : kind === "namespace" ? `${name}.` : "";
      found.push({ of, says, declared: shortened(line!, kind) });
      if (kind === "enum") found.push({ of, ...membersOf(source, name!) });
    } else if (within !== "" && !/^(private|constructor)\b/.test(line!) && line!.includes("(")) {
      found.push({ of, says, declared: `${within}${shortened(line!)}` });
    }
  }
  // A class without a comment of its own is known by its members.
  return found;
}

function membersOf(source: string, name: string): KitEntry {
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(source)![1]!;
  const members = body.replaceAll(/\/\*\*[^*]*\*\//g, "").match(/\w+/g)!;
  return {
    declared: members.map((member) => `${name}.${member}`).join(", "),
    says: "In this order.",
  };
}

function shortened(line: string, kind?: string): string {
  const text = line.replace(/^export /, "").replace(/^abstract (?!class)/, "")
    .replace(/ \{( .* \})?$/, "").replace(/;$/, "").replace(/^get (\w+)\(\)/, "$1");
  if (kind === "namespace") return text.replace("namespace ", "");
  return text.replace(/^function /, "");
}

/** What `snakepipe.h` declares with a comment, in its order. */
export async function cKit(): Promise<KitEntry[]> {
  const source = await Deno.readTextFile(join(PLUGINS, "kit", "c", "snakepipe.h"));
  const declared = [...source.matchAll(/\/\*\* ([^*]*?) \*\/\n *([^\n]*)/g)].map((
    [, says, line],
  ) => ({
    says: sentenceOf(says!),
    declared: line!.replace(/^(static inline|extern) /, "").replace(/FROM\("\w+", (\w+)\)/, "$1")
      .replace(/^#define (\S+).*$/, "$1").replace(/ \{.*$/, "").replace(/;.*$/, ""),
  }));
  return [...declared, ...constantsOf(source)];
}

/** What the crate makes public with a comment, in its order. */
export async function rustKit(): Promise<KitEntry[]> {
  const source = await Deno.readTextFile(join(PLUGINS, "kit", "rust", "src", "lib.rs"));
  const documented = /(?:\/\/\/ ([^\n]*)\n|\/\*\* ([^*]*) \*\/) *((?:pub|fn) [^\n]*)/g;
  const declared = [...source.matchAll(documented)].map(([, above, before, line]) => ({
    says: sentenceOf(above ?? before!),
    declared: line!.replace(/^pub /, "").replace(/ \{.*$/, "").replace(/[;,]$/, ""),
  }));
  const constants = [...source.matchAll(/numbers!\((\w+): ([A-Z\d ]*)\);/g)].map(
    ([, of, names]): KitEntry => ({
      declared: names!.split(" ").map((name) => `${of}::${name}`).join(", "),
      says: "Constants, from 0.",
    }),
  );
  return [...declared, ...constants];
}

/** Constants that count from 0. */
function constantsOf(source: string): KitEntry[] {
  return [...source.matchAll(/enum \{ ([^}]*?) \};/g)].map(([, names]) => ({
    declared: names!.match(/\w+/g)!.join(", "),
    says: "Constants, from 0.",
  }));
}

function sentenceOf(comment: string): string {
  return comment.replaceAll(/\n *\*? ?/g, " ").trim().replaceAll(/ +/g, " ");
}

if (import.meta.main) {
  await Deno.writeTextFile(GUIDE, await withKits(await Deno.readTextFile(GUIDE)));
}

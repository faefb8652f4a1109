/** Builds of a plugin that differ in what a test wants, and in nothing else. */
import { ByteWriter } from "../../host/plugins/sandbox/byte_writer.ts";

/** The same plugin as other bytes: a section more, which means nothing. */
export function variantOf(bytes: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const section = new ByteWriter(name.length + 5).name(name).take();
  return new ByteWriter(bytes.length + section.length + 8).raw(bytes).raw([0]).sized(section)
    .take() as Uint8Array<ArrayBuffer>;
}

/** The plugin with another text of the same length, wherever it has it, as AssemblyScript keeps texts. */
export function withText(bytes: Uint8Array, from: string, to: string): Uint8Array<ArrayBuffer> {
  const [old, next] = [from, to].map((text) =>
    Uint8Array.from([...text].flatMap((letter) => [letter.charCodeAt(0), 0]))
  ) as [Uint8Array, Uint8Array];
  const changed = Uint8Array.from(bytes);
  let found = 0;
  for (let at = 0; at + old.length <= changed.length; at++) {
    if (!old.every((byte, i) => changed[at + i] === byte)) continue;
    changed.set(next, at);
    found++;
  }
  if (found === 0 || old.length !== next.length) throw new Error(`No text ${from} to exchange`);
  return changed;
}

/**
 * Reads what lies in a folder of plugins. A link could lead out of it, a pipe would be waited for, and
 * a file can be exchanged while it is looked at: nothing but a plain file is read, by the descriptor
 * that was looked at, and not more of it than there was then.
 */
import { messageOf } from "../../src/model/errors.ts";

/** Why a file is not read, in words that go on after its name and a colon. */
export class UnreadableFile extends Error {
  /** Whether it is not there at all. */
  readonly missing: boolean;

  /** Makes the error of a reason. */
  constructor(reason: string, { missing = false }: { readonly missing?: boolean } = {}) {
    super(reason);
    this.missing = missing;
  }
}

/** Who replaces a file does it once, and not again and again. */
const ATTEMPTS_MAX = 5;

/**
 * The bytes of a plain file. One that is replaced whole just then is the old one or the new one.
 *
 * @throws {UnreadableFile}
 */
export async function readPlainFile(
  file: string,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const bytes = await readThere(file, bytesMax);
      if (bytes) return bytes;
    }
    throw new UnreadableFile("it was exchanged while it was read");
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(reasonOf(error), { missing: error instanceof Deno.errors.NotFound });
  }
}

/** Undefined where another file has taken its place meanwhile. */
async function readThere(
  file: string,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const info = await Deno.lstat(file);
  if (!info.isFile) throw new UnreadableFile("it is no plain file");
  if (info.size > bytesMax) {
    throw new UnreadableFile(`it has ${info.size} bytes, at most ${bytesMax}`);
  }
  using opened = await Deno.open(file);
  const { isFile, dev, ino, size } = await opened.stat();
  // Between the look and the opening, a link may have come in its place.
  if (!isFile || dev !== info.dev || ino !== info.ino || size > bytesMax) return undefined;
  return await readBytes(opened, size);
}

/** As much as there was when the file was looked at, whatever is added meanwhile. */
export async function readBytes(file: Deno.FsFile, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/** Why the system does not let a file or a folder be read. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it is not there";
  if (error instanceof Deno.errors.NotADirectory) return "it is no folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission is denied";
  return messageOf(error);
}

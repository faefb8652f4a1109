/** Decompresses what is read of a file. */
import { pipeline, Readable } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import { LoadError } from "../../src/errors.ts";
import type { Input } from "./input.ts";

/** Bytes asked of a compressed file at once, and given by it. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Node's gunzip and not `DecompressionStream`, which takes a file of several members (`cat a.gz
 * b.gz`, bgzip) for damaged, and is four times slower.
 */
export function gunzip(input: Input, path: string): Input {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_FINISH });
  let closed = false;
  let readError: unknown;
  const source = Readable.from(compressedChunks(input), { objectMode: true, highWaterMark: 1 });
  pipeline(source, stream, (error) => readError = error);
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array(0);
  const read = async (into: Uint8Array<ArrayBuffer>): Promise<number | undefined> => {
    try {
      while (chunk.length === 0) {
        const next = await chunks.next();
        if (next.done) return undefined;
        chunk = next.value;
      }
    } catch (error) {
      if (closed) return undefined;
      if (readError instanceof LoadError) throw readError;
      throw gzipError(path, error);
    }
    const piece = chunk.subarray(0, into.length);
    chunk = chunk.subarray(piece.length);
    into.set(piece);
    return piece.length;
  };
  const close = async () => {
    closed = true;
    stream.destroy();
    await input.close();
  };
  return { read, bytesRead: () => input.bytesRead(), close };
}

async function* compressedChunks(input: Input): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = await input.read(chunk);
    if (count === undefined) return;
    yield chunk.subarray(0, count);
  }
}

function gzipError(path: string, cause: unknown): LoadError {
  return new LoadError(`Cannot decompress ${path}: it is damaged, cut off or no gzip file`, {
    code: "source_unreadable",
    blame: "data",
    cause,
  });
}

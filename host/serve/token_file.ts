/** The token of the API, in a file that nobody else can read. */
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { writeAll } from "../platform/held_file.ts";

const RANDOM_BYTES = 32;
/** What is shorter can be guessed, or is no token. */
const LENGTH_MIN = 16;
const LENGTH_MAX = 1_024;
/** What others than its owner may do with a file. */
const OTHERS = 0o077;

/**
 * Reads it; where there is none, makes one of 32 random bytes.
 *
 * @throws {LoadError} `config_invalid` where others can read it, or it holds no token
 */
export async function readToken(file: string): Promise<string> {
  try {
    return await made(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw failure(file, messageOf(error));
  }
  let text: string;
  try {
    using opened = await Deno.open(file);
    const { mode, size, isFile } = await opened.stat();
    if (!isFile || size > LENGTH_MAX) throw failure(file, "it holds no token");
    if (mode !== null && (mode & OTHERS) !== 0) {
      throw failure(file, "others may read it. Say chmod 600");
    }
    text = (await new Response(opened.readable).text()).trim();
  } catch (error) {
    throw error instanceof LoadError ? error : failure(file, messageOf(error));
  }
  if (text.length < LENGTH_MIN || /\s/.test(text)) {
    throw failure(
      file,
      `it holds no token, which has ${LENGTH_MIN} characters at least, and no blank`,
    );
  }
  return text;
}

async function made(file: string): Promise<string> {
  using opened = await Deno.open(file, { write: true, createNew: true, mode: 0o600 });
  const token = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))
    .toBase64({ alphabet: "base64url", omitPadding: true });
  await writeAll(opened, new TextEncoder().encode(`${token}\n`));
  await opened.sync();
  return token;
}

function failure(file: string, why: string): LoadError {
  return new LoadError(`Token cannot be read: ${file}: ${why}`, {
    code: "config_invalid",
    blame: "config",
  });
}

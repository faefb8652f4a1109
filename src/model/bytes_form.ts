/**
 * How bytes are written as text. Nothing tells `abcd` in base64 from `abcd` in hex or as a text: so
 * it is said, or only what can be nothing else is taken, which is hex behind `\x`.
 */

/**
 * `base64` with the standard alphabet and padding, `hex` digits, `text` whose UTF-8 they are. The
 * first two take hex behind `\x` too; in `text` that stands for itself.
 */
export const BYTES_FORMS = ["base64", "hex", "text"] as const;

/** See {@linkcode BYTES_FORMS}. */
export type BytesForm = (typeof BYTES_FORMS)[number];

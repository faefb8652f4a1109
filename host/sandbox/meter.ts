/**
 * The place of metering: between the vetting of the original bytes and their compilation. Fuel and
 * clamped memories are injected here by rewriting; until then the bytes run as they were vetted.
 */

/** Rewrites a vetted module so that it cannot run or grow without bound. */
export function meter(vetted: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return vetted;
}

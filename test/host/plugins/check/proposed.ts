/** What a refusal proposes, read as whoever wrote the plugin reads it. */

/** The statement that would fit, or that is to be added; undefined where none is proposed. */
export function proposedIn(message: string): string | undefined {
  const lines = message.split("\n").map((line) => line.slice(2));
  const at = lines.findIndex((line) => line === "It would fit as:" || line === "Add it:");
  if (at < 0) return undefined;
  const end = lines.findIndex((line, i) => i > at && !line.startsWith("  "));
  return lines.slice(at + 1, end).map((line) => line.trim()).join(" ");
}

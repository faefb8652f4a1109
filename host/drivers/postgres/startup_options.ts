/** The parameter `options` of a URL: words of a command line that the server reads at its start. */

/** What the driver sets itself, in the packet that is read after these words: it would win in silence. */
const OURS: Readonly<Record<string, string>> = {
  application_name: "write it as the parameter application_name",
  client_encoding: "what is sent is UTF-8",
  datestyle: "the driver reads dates in ISO form",
  lc_messages: "messages of the server are not shown",
  standard_conforming_strings: "the driver needs it on",
  timezone: "what is sent has its own offset from UTC, or none that the session should add",
};

/**
 * Why the words cannot be kept, or undefined where they can. What else stands in them is the
 * server's, or a proxy's before it: `endpoint=…` is no option of PostgreSQL, and some providers
 * want it.
 */
export function optionsFault(options: string): string | undefined {
  for (const name of settingsOf(wordsOf(options))) {
    const why = OURS[name.toLowerCase().replaceAll("-", "_")];
    if (why !== undefined) {
      return `its options set ${name.toLowerCase()}, which cannot be kept: ${why}`;
    }
  }
  return undefined;
}

/** Blanks part words; a backslash takes the meaning from the sign after it. */
function wordsOf(text: string): string[] {
  return (text.match(/(?:\\[\s\S]|[^\s\\])+/g) ?? []).map((word) =>
    word.replace(/\\([\s\S])/g, "$1")
  );
}

/** Names that are set: `-c name=value`, `-cname=value`, `--name=value`. */
function settingsOf(words: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    const text = word === "-c" ? words[i + 1] ?? "" : /^(?:-c|--)([^-].*)$/s.exec(word)?.[1] ?? "";
    const equals = text.indexOf("=");
    return equals > 0 ? [text.slice(0, equals)] : [];
  });
}

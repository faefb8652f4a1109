/**
 * Words that documents, comments and messages are not to have any more, each with a better one: one
 * word for one thing, and the field's own.
 */
export const REPLACED_WORDS: readonly { readonly word: RegExp; readonly better: string }[] = [
  { word: /\bst(?:ands?|ood|anding) aside\b/i, better: "is quarantined" },
  { word: /\bsteps? back\b|\bstepped back\b/i, better: "is returned unwritten, for a retry" },
  { word: /\bload(?:ed|s)? aside\b|\bwhat is aside\b|\baside table\b/i, better: "shadow table" },
  { word: /\bsecond opinion\b/i, better: "plan verifier" },
  { word: /\bamiss\b/i, better: "wrong, or invalid" },
  { word: /\bburden\b/i, better: "validation cost" },
  { word: /\bcontestants?\b/i, better: "competitor" },
  { word: /\bcircumstances\b/i, better: "environment" },
  { word: /\bjudged (?:before|plans?)\b/i, better: "approved plan" },
  { word: /\brow marks\b/i, better: "row fingerprints" },
  { word: /\bcolumns? that counts? by (?:itself|themselves)\b/i, better: "identity column" },
  { word: /\bhead of this file\b/i, better: "say it there" },
  { word: /\bwho(?:ever)? (?:holds|has|wants|comes)\b/i, better: "name who or what it is" },
  { word: /\bis told apart\b|\bare told apart\b/i, better: "is distinguished" },
  { word: /\bgo(?:es)? aside\b/i, better: "into a shadow table" },
  { word: /\bin turns\b/i, better: "interleaved" },
  { word: /\bpoison\b/i, better: "reject isolation" },
  { word: /\banew\b/i, better: "again, or from the start" },
  { word: /\b(?:is|are|was|were) told (?:at|and|by)\b/i, better: "is reported" },
  { word: /\bas it feels\b|\bhow it feels\b/i, better: "how it is" },
];

/** What answers of the API are made of. */
import * as v from "valibot";

/** A text, and what it says. */
export function text(about: string) {
  return v.pipe(v.string(), v.description(about));
}

/** A number of things; exact, since it is never larger than 2^53 - 1. */
export function count(about: string) {
  return v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(Number.MAX_SAFE_INTEGER),
    v.description(about),
  );
}

/** Any number that is not below zero. */
export function amount(about: string) {
  return v.pipe(v.number(), v.minValue(0), v.description(about));
}

/** A time in ISO 8601, in UTC. */
export function time(about: string) {
  return v.pipe(v.string(), v.isoTimestamp(), v.description(about));
}

/** Whether something is so. */
export function flag(about: string) {
  return v.pipe(v.boolean(), v.description(about));
}

/** One of some words. */
export function word<const Words extends readonly string[]>(words: Words, about: string) {
  return v.pipe(v.picklist(words), v.description(about));
}

/** Several of a kind. */
export function list<Item extends v.GenericSchema>(item: Item, about: string) {
  return v.pipe(v.array(item), v.readonly(), v.description(about));
}

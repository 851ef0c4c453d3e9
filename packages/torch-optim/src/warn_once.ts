/** What was said already, by the object that it was said of. */
const said = new WeakMap<object, Set<string>>();

/** Says a sentence on the console, once for an object and a topic. */
export function warn_once(about: object, topic: string, sentence: string): void {
  const topics = said.get(about) ?? new Set();
  if (topics.has(topic)) return;
  said.set(about, topics.add(topic));
  console.warn(sentence);
}

/**
 * A pure function of one text that remembers its last answer. Of a fleet's machines nearly all files are the same, and come
 * one after the other: what follows from such a text is made once, and lies in memory once.
 */
export function memoizeLast<T>(make: (text: string) => T): (text: string) => T {
  let last: { text: string; made: T } | undefined;
  return (text) => {
    if (last === undefined || last.text !== text) last = { text, made: make(text) };
    return last.made;
  };
}

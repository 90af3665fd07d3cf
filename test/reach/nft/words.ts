/** The words of one rule, taken from the front. Whoever wants another word than comes next throws the rule. */
export class Words {
  private readonly rule: string;
  private readonly words: string[];

  /** @param defined What `$name` stands for. */
  constructor(rule: string, defined: Record<string, string>) {
    this.rule = rule;
    this.words = rule.match(/"[^"]*"|[{}(),|]|[^\s{}(),"|]+/g)!.map((word) => {
      if (!word.startsWith("$")) return word;
      const value = defined[word.slice(1)];
      if (value === undefined) throw new Error(`nft: ${word} is not defined`);
      return value;
    });
  }

  get done(): boolean {
    return this.words.length === 0;
  }

  unknown(): Error {
    return new Error(`nft: ${this.rule}`);
  }

  next(): string {
    const word = this.words.shift();
    if (word === undefined) throw this.unknown();
    return word;
  }

  /** Takes these where they come next. */
  take(...wanted: string[]): boolean {
    if (!wanted.every((word, i) => this.words[i] === word)) return false;
    this.words.splice(0, wanted.length);
    return true;
  }

  /** The same, and nothing else may come. */
  must(...wanted: string[]): void {
    if (!this.take(...wanted)) throw this.unknown();
  }

  /** The next word's parts by a pattern. */
  match(pattern: RegExp): string[] {
    const found = pattern.exec(this.next());
    if (found === null) throw this.unknown();
    return found.slice(1);
  }

  /** What a list has up to its end, by `,` or `|`. */
  until(end: string): string[] {
    const taken: string[] = [];
    for (let word = this.next(); word !== end; word = this.next()) {
      if (word !== "," && word !== "|") taken.push(word);
    }
    return taken;
  }

  number(): number {
    return this.numeric(this.next());
  }

  /** A number or one of these names. */
  numeric(word: string, names: Record<string, number> = {}): number {
    const value = names[word] ?? (/^(\d+|0x[0-9a-f]+)$/.test(word) ? Number(word) : undefined);
    if (value === undefined) throw this.unknown();
    return value;
  }

  /** One value, several by `,` or several in braces, and whether they are meant by what they are not. */
  values(): { list: string[]; not: boolean } {
    const not = this.take("!=");
    if (!not) this.take("==");
    if (this.take("{")) return { list: this.until("}"), not };
    const list = [this.next()];
    while (this.take(",")) list.push(this.next());
    return { list, not };
  }
}

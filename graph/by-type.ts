/** Resources by their types: what the program's own graph has in common with that of any program, which policies read. */
export class ByType<Node extends { readonly type: string }> {
  readonly nodes: readonly Node[];
  private readonly byType: Map<string, Node[]>;

  constructor(nodes: readonly Node[]) {
    this.nodes = nodes;
    this.byType = Map.groupBy(nodes, ({ type }) => type);
  }

  /** In the order of the nodes, whatever their types' order. */
  all<T extends Node["type"]>(...types: T[]): Extract<Node, { type: T }>[] {
    const found = types.length === 1 ? (this.byType.get(types[0]!) ?? []) : this.of(types);
    return found as Extract<Node, { type: T }>[];
  }

  private of(types: string[]): Node[] {
    return this.nodes.filter(({ type }) => types.includes(type));
  }
}

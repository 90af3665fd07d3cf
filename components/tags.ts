/** Tags of every resource that can have them: whose it is, and which server's. */
export interface Owner {
  project: string;
  stack: string;
}

export function tags(owner: Owner, name: string, server?: string): Record<string, string> {
  return {
    Name: `${owner.project}-${owner.stack}-${name}`,
    project: owner.project,
    stack: owner.stack,
    ...(server === undefined ? {} : { server }),
  };
}

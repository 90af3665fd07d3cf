/** Kinds of changes that end tunnels behind `nlb`, each with its reason. */
export const ENDS = {
  "a server less":
    "a tunnel's session is in one server's kernel and daemons, and nothing moves it to another. The server that goes is the last one of its zone; those that stay keep theirs",
  "a zone less":
    "its servers go, and AWS's provider makes the balancer anew rather than take a subnet from it, so that every control connection ends once",
  "the other front door":
    "what devices dial is then another machine, which knows nothing of their connections",
  "another number":
    "a device's packets go to the address that it has dialled, and that leads to the machine no more",
  "another instance":
    "of an image, a processor or a type EC2 starts a machine only, and a tunnel does not outlive the machine that it ends on",
  "another network": "every address of every machine is another, and all of them are made anew",
} as const;

export type End = keyof typeof ENDS;

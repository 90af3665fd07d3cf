/** Pulumi's engine and CLI, and AWS's provider under it. */
import type { Topic } from "./trap.ts";

export const ofPulumi = {
  "user-data-changed-in-place": {
    seen: "AWS's provider stops and starts an instance when its user data or type changes. cloud-init does not run again, so nothing of the change arrives.",
    versions: "AWS's provider",
    answer:
      "A change of user data replaces that server, the old one first, as its address can be on one only. An image published later changes nothing that stands.",
    test: "engine/changes/tuning.test.ts: each server goes before its successor comes, and nothing else is touched",
  },
  "ignored-ami-is-not-pinned": {
    seen: "With `ignoreChanges` the diff sees the old input, and a replacement is made with the program's new one: it pins nothing through a replacement.",
    versions: "Pulumi 3.260, by its source",
    answer:
      "A replaced server has the newest image where `amiId` is unset, and docs/limits.md and docs/changes.md say so.",
    test: "engine/changes/machine.test.ts: starts from the newest one, and no other machine does",
  },
  "declared-key-is-asked-for": {
    seen: "The CLI demands every declared config key that has no default, one at a time.",
    versions: "Pulumi 3.260",
    answer:
      "Each declared key has a default, even an empty one. Our own validation asks for what is required, all at once.",
    test: "settings/pulumi-yaml.test.ts: gives every key a default, or the CLI would ask for it",
  },
  "zlib-bytes-by-processor": {
    seen: "Node's zlib picks its code by the processor and may give other bytes on another one, so that user data would differ and servers be replaced for nothing.",
    versions: "known of zlib, not measured by us",
    answer: "User data is compressed by one pure implementation; its gzip is 3 % larger.",
    test: "render/user-data.test.ts: the bytes are these on every machine",
  },
  "killed-engine-keeps-its-lock": {
    seen: "An engine that is killed while it creates something keeps its lock until `pulumi cancel`. The next `up` only warns, makes a second one, and warns until `refresh --clear-pending-creates`.",
    versions: "Pulumi 3.260",
    answer: "docs/changes.md has the way back, and what AWS refuses a second one of.",
    test: "engine/cut-off.test.ts: is refused or made as docs/changes.md says",
  },
  "hooks-that-never-run-again": {
    seen: "Hooks do not run in previews. A beforeDelete that fails stops before anything is deleted and is tried again; an afterCreate that fails ends the update and never runs again. With delete hooks a plain `destroy` fails, and `--run-program` works.",
    versions: "Pulumi 3.260, its Node SDK 3.270",
    ahead:
      "Drains belong into beforeDelete, nothing that is needed into afterCreate, and docs and CI then say `destroy --run-program`.",
  },
} satisfies Topic;

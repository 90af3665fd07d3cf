/** Pulumi's engine and CLI, and AWS's provider under it. */
import type { Topic } from "./trap.ts";

export const ofPulumi = {
  "user-data-changed-in-place": {
    seen: "AWS's provider stops and starts an instance when its user data or type changes. cloud-init does not run again, so nothing of the change arrives.",
    versions: "AWS's provider",
    answer:
      "User data holds a machine's identity and its bootstrap, and nothing of the config; a change of it replaces the machine. What a machine is to be comes by its bundle. An image published later changes nothing that stands.",
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
    seen: "Node's zlib picks its code by the processor and may give other bytes on another one, so that user data would differ and machines be replaced for nothing.",
    versions: "known of zlib, not measured by us",
    answer: "User data is compressed by one pure implementation; its gzip is 3 % larger.",
    test: "render/user-data.test.ts: the bytes are these on every machine",
  },
  "killed-engine-keeps-its-lock": {
    seen: "An engine that is killed while it creates something keeps its lock until `pulumi cancel`. The next `up` only warns, makes a second one, and warns until `refresh --clear-pending-creates`.",
    versions: "Pulumi 3.260",
    answer:
      "docs/changes.md and docs/ci.md have the way back, and what AWS refuses a second one of. A test cuts updates off in each kind of call and goes it.",
    test: "engine/cut-off.test.ts: comes to the same by the way back: the call is done %s",
  },
  "pending-create-is-not-imported": {
    seen: "`pulumi refresh --import-pending-creates` marks what was creating as importing, and nothing takes that up: the next state has neither the operation nor the resource.",
    versions: "by the source of Pulumi 3.260; not tried",
    answer:
      "The way back deletes in AWS what was being made and clears the pending creates. The stand-in for the engine knows no import of them.",
    test: "engine/cut-off.test.ts: comes to the same by the way back: the call is done %s",
  },
  "target-leaves-dependents-behind": {
    seen: "With `--target` what a target depends on stays as the state has it, and so does what depends on it, even on one that is replaced. What cannot be without a target that is deleted first is made again by its inputs of then.",
    versions: "by the source of Pulumi 3.260",
    answer:
      "docs/changes.md says what stays behind when one server is replaced by `--target`: the alarm of a name, until an update without it.",
    test: "engine/changes/target.test.ts: a name's alarms know the instance of before until the whole update",
  },
  "hooks-that-never-run-again": {
    seen: "Hooks do not run in previews. A beforeDelete that fails stops before anything is deleted and is tried again; an afterCreate that fails ends the update and never runs again. With delete hooks a plain `destroy` fails, and `--run-program` works.",
    versions: "Pulumi 3.260, its Node SDK 3.270",
    ahead:
      "Drains belong into beforeDelete, nothing that is needed into afterCreate, and docs and CI then say `destroy --run-program`. The stand-in for the engine runs hooks so (test/engine/stand-in/hooks.test.ts).",
  },
  "delete-hooks-run-by-name": {
    seen: "The state keeps a hook's name, and a delete runs what the present program has registered by that name. Where it has none, the delete fails, and its preview too; a plain function in place of a ResourceHook has its resource's name in its own, so it is gone with the resource. The SDK may register a hook that nothing is bound to only after all is done.",
    versions: "Pulumi 3.260, its Node SDK 3.270",
    ahead: "One ResourceHook of a fixed name for all servers, bound to each.",
  },
  "delete-hook-before-protection": {
    seen: "A resource that the program has no more, and that is protected, has its beforeDelete run before the delete is refused, where no preview has refused it.",
    versions: "by the source of Pulumi 3.260",
    ahead: "A drain has to look whether its server is protected, or be undone.",
  },
} satisfies Topic;

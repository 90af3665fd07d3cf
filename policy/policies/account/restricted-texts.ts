/** Descriptions, names and tags are what AWS takes. */
import type { EveryRule } from "../../framework/rule.ts";
import { plain } from "../../framework/stack.ts";
import { demandTexts, textProblems } from "../../resources/texts.ts";

export const restrictedTexts: EveryRule = {
  name: "restricted-texts",
  demands: "Descriptions, names and tags have the characters and the length that AWS takes.",
  severity: "medium",
  reason: "No preview asks AWS: one apostrophe in a rule's description stops an update half-way.",
  fix: "write it with the characters that the message names; policy/resources/texts.ts has all such texts",
  link: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html",
  of: "every type",
  violations: function* ({ type, props }) {
    yield* textProblems(type, plain(props) as typeof props);
    demandTexts(type, props);
  },
};

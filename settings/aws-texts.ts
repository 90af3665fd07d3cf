/**
 * Texts as AWS takes them: characters, lengths and forms of descriptions, names and tags, each with the page that says so.
 * No preview asks AWS, so one that does not fit stops an update half-way. Those that AWS's own models know are held against
 * them (test/scripts/aws); the rest stands in prose only.
 */

/** One kind of text. */
export interface Form {
  /** A character that it must not have. */
  wrong: RegExp;
  /** What it may have, in words. */
  characters: string;
  /** Characters, by code point. */
  longest: number;
  /** @default 1 */
  shortest?: number;
  /** Beginnings that AWS keeps to itself, in whichever case. */
  beginsNot?: string[];
  endsNot?: string[];
  page: string;
}

const API = "https://docs.aws.amazon.com";
const EC2 = `${API}/AWSEC2/latest/APIReference`;
const ELB = `${API}/elasticloadbalancing/latest/APIReference`;
const IAM = `${API}/IAM/latest/APIReference`;

const ec2 = {
  wrong: /[^a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]/u,
  characters: "a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*",
  longest: 255,
};
const elb = {
  wrong: /[^a-zA-Z0-9-]/u,
  characters: "a-z, A-Z, 0-9 and hyphens",
  longest: 32,
  endsNot: ["-"],
};
const iam = { wrong: /[^\w+=,.@-]/u, characters: "a-z, A-Z, 0-9 and _+=,.@-" };
const anything = { wrong: /(?!)/, characters: "any characters" };
const tag = {
  wrong: /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u,
  characters: "letters, digits, spaces and _.:/=+-@",
  beginsNot: ["aws:"],
  // All services take these; some take more.
  page: `${API}/general/latest/gr/aws_tagging.html`,
};

/** By what the text is: a security group's name, a rule's description, a tag. */
export const forms = {
  groupName: { ...ec2, beginsNot: ["sg-"], page: `${EC2}/API_CreateSecurityGroup.html` },
  groupDescription: { ...ec2, page: `${EC2}/API_CreateSecurityGroup.html` },
  ruleDescription: { ...ec2, shortest: 0, page: `${EC2}/API_IpRange.html` },
  balancerName: { ...elb, beginsNot: ["-", "internal-"], page: `${ELB}/API_CreateLoadBalancer.html` },
  targetGroupName: { ...elb, beginsNot: ["-"], page: `${ELB}/API_CreateTargetGroup.html` },
  roleName: { ...iam, longest: 64, page: `${IAM}/API_CreateRole.html` },
  roleDescription: {
    wrong: /[^\t\n\r\x20-\x7e\xa1-\xff]/u,
    characters: "printable characters of Latin-1, tabs and line ends",
    longest: 1000,
    shortest: 0,
    page: `${IAM}/API_CreateRole.html`,
  },
  instanceProfileName: { ...iam, longest: 128, page: `${IAM}/API_CreateInstanceProfile.html` },
  rolePolicyName: { ...iam, longest: 128, page: `${IAM}/API_PutRolePolicy.html` },
  secretName: {
    wrong: /[^a-zA-Z0-9/_+=.@-]/u,
    characters: "a-z, A-Z, 0-9 and /_+=.@-",
    longest: 512,
    page: `${API}/secretsmanager/latest/apireference/API_CreateSecret.html`,
  },
  secretDescription: {
    ...anything,
    longest: 2048,
    shortest: 0,
    page: `${API}/secretsmanager/latest/apireference/API_CreateSecret.html`,
  },
  // Nor two dots side by side, nor the form of an address.
  bucketName: {
    wrong: /[^a-z0-9.-]/u,
    characters: "a-z, 0-9, dots and hyphens",
    longest: 63,
    shortest: 3,
    beginsNot: [".", "-", "xn--", "sthree-", "amzn-s3-demo-"],
    endsNot: [".", "-", "-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"],
    page: `${API}/AmazonS3/latest/userguide/bucketnamingrules.html`,
  },
  logGroupName: {
    wrong: /[^a-zA-Z0-9._\-/#]/u,
    characters: "a-z, A-Z, 0-9 and ._-/#",
    longest: 512,
    beginsNot: ["aws/"],
    page: `${API}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
  },
  alarmName: {
    wrong: /\p{Cc}/u,
    characters: "any characters but control characters",
    longest: 255,
    page: `${API}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  },
  alarmDescription: {
    ...anything,
    longest: 1024,
    shortest: 0,
    page: `${API}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`,
  },
  // 128 by the tagging pages, 127 by EC2's reference.
  tagKey: { ...tag, longest: 127 },
  tagValue: { ...tag, longest: 256, shortest: 0 },
} satisfies Record<string, Form>;

/** Tags that a resource can have. */
export const MOST_TAGS = 50;
/**
 * Tags that an object in S3 can have (AWS: Categorizing your objects using tags), and a health check of Route 53's
 * (AWS: ChangeTagsForResource).
 */
export const FEWEST_TAGS = 10;

/** What is wrong with a text, as the rest of a sentence about it; undefined where AWS takes it. */
export function misfit(form: Form, text: string): string | undefined {
  const { wrong, longest, shortest = 1, beginsNot = [], endsNot = [] } = form;
  if (text.length > longest && [...text].length > longest) return `has ${[...text].length} characters`;
  if (text.length < shortest) return "is empty";
  const found = wrong.exec(text)?.[0];
  if (found !== undefined) return `has ${named(found)}`;
  const begins = beginsNot.find((each) => text.toLowerCase().startsWith(each));
  if (begins !== undefined) return `begins with ${begins}`;
  const ends = endsNot.find((each) => text.endsWith(each));
  return ends === undefined ? undefined : `ends with ${ends}`;
}

/** What AWS takes, in words. */
export function allowed({ characters, longest, beginsNot = [], endsNot = [] }: Form): string {
  const not = [
    ...(beginsNot.length === 0 ? [] : [`not beginning with ${beginsNot.join(" or ")}`]),
    ...(endsNot.length === 0 ? [] : [`not ending with ${endsNot.join(" or ")}`]),
  ];
  return [`at most ${longest} characters: ${characters}`, ...not].join(", ");
}

/** What is wrong with a resource's tags, each with the key at fault. */
export function tagMisfits(tags: Record<string, unknown>): { key: string; problem: string }[] {
  const keys = Object.keys(tags);
  return keys.flatMap((key, i) => {
    const value = tags[key];
    const twin = keys.slice(0, i).find((other) => other.toLowerCase() === key.toLowerCase());
    const problems = [
      problemOf("its key", misfit(forms.tagKey, key), forms.tagKey),
      typeof value === "string" ? problemOf("its value", misfit(forms.tagValue, value), forms.tagValue) : [],
      // IAM's keys are one whatever their case (IAM: Tags, naming rules).
      twin === undefined ? [] : `it is ${twin} in another case, which is the same key to IAM`,
    ];
    return problems.flat().map((problem) => ({ key, problem }));
  });
}

function problemOf(what: string, wrong: string | undefined, form: Form): string | [] {
  return wrong === undefined ? [] : `${what} ${wrong}; AWS takes ${allowed(form)}`;
}

/** A character as a terminal can show it. */
function named(character: string): string {
  const point = character.codePointAt(0)!;
  const code = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  return point > 0x20 && point < 0x7f ? `${character} (${code})` : code;
}

/** A quota of AWS's, as it says it of an account. */
export interface Quota {
  /** Service Quotas' own name. */
  name: string;
  /** Service Quotas' code of the service, and of the quota; none where AWS has none to ask for more by. */
  service: string;
  code?: string;
  default: number;
  /** Of what there are so many, as a sentence has it: `Elastic IPs`. */
  unit: string;
  /** Of what the quota is one: `a region`. */
  per: string;
  /** What of a stack counts. */
  counts: string;
  /** Where AWS says so. */
  page: string;
  /** To whom the request goes where the stack's region is not it. */
  region?: "us-east-1";
  /** The most that AWS gives, whoever asks; none where it does not say, or where it is far from what a stack can want. */
  most?: number;
  /** What to do where more cannot be had, or has a price. */
  instead?: string;
}

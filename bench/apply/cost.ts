/** What S3 charges for machines that look once a minute. */
import { type Asked, KINDS } from "./requests.ts";

/**
 * US dollars for 1,000 requests: S3 Standard in us-east-1 as AWS lists it (aws.amazon.com/s3/pricing, "Requests & data
 * retrievals"). No bill of AWS's has been seen for it.
 */
export const PRICE = { get: 0.0004, put: 0.005 };

/** Of 30 days. */
export const MINUTES_A_MONTH = 30 * 24 * 60;

/** Of looks that find nothing new, one in so many brings a report with it. */
const REPORT_EVERY = 5;

export interface Cost {
  gets: number;
  puts: number;
  /** US dollars. */
  dollars: number;
}

/** A machine's month without a change. @param idle A look of it. @param due One with which a report is due. */
export function monthOf(idle: Asked, due: Asked): Cost {
  const count = ({ requests }: Asked, verb: "GET" | "PUT") =>
    KINDS.filter((kind) => kind.startsWith(verb)).reduce((sum, kind) => sum + requests[kind], 0);
  const month = (verb: "GET" | "PUT") =>
    MINUTES_A_MONTH * (count(idle, verb) * (1 - 1 / REPORT_EVERY) + count(due, verb) / REPORT_EVERY);
  const [gets, puts] = [Math.round(month("GET")), Math.round(month("PUT"))];
  return { gets, puts, dollars: (gets * PRICE.get + puts * PRICE.put) / 1000 };
}

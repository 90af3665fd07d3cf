/** Whether a program runs inside the lab's namespaces. */

/** Set inside (lab/enter.ts), so that a program can tell where it runs. */
export const INSIDE = "PPTP_FLEET_LAB";

/** Whether this process runs inside the lab's namespaces. */
export const insideLab = (): boolean => process.env[INSIDE] === "1";

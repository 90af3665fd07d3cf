/** How the balancer learns whether a tunnel through a server works. */

/** TCP port of a server's health endpoint: HTTP, 200 or 503 with the reason. */
export const HEALTH_PORT = 8723;

/**
 * The balancer's health check. Seconds and counts within what an NLB takes: intervals of 5 to 300, timeouts of 2 to
 * 120, thresholds of 2 to 10 (AWS: Health checks for Network Load Balancer target groups).
 */
export const HEALTH_CHECK = { interval: 5, timeout: 3, healthyThreshold: 2, unhealthyThreshold: 2 } as const;

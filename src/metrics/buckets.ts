/** The upper ends of the buckets of histograms, in seconds. */

/** Slack waits three seconds. */
export const acknowledgementBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];

/** One call over the network: the time limit is ten seconds. */
export const callBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What people wait for, also with a confirmation in between: a command is sent within two minutes of it. */
export const waitBuckets = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3_600];

/** Each process asks once a second which looks at watched workflows are due. */
export const lookDelayBuckets = [0.5, 1, 2, 5, 15, 60, 300];

export const commitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

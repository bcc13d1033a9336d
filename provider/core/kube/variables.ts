/** The variables that a run sets in its containers, in Code Engine's names. */
export const variable = {
  index: "JOB_INDEX",
  arraySize: "JOB_ARRAY_SIZE",
  mode: "JOB_MODE",
  retryCount: "JOB_INDEX_RETRY_COUNT",
  retryLimit: "JOB_RETRY_LIMIT",
  job: "CE_JOB",
  run: "CE_JOBRUN",
  namespace: "CE_SUBDOMAIN",
  hostname: "HOSTNAME",
} as const;

/** A user's variable of one of these names is refused. */
export const ownVariables: ReadonlySet<string> = new Set(Object.values(variable));

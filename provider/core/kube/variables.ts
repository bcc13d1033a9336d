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

/** Variables that a run has only when they are configured, by the key of the configuration: outside Code Engine they have no value of their own. */
export const platformVariables = {
  ceDomain: "CE_DOMAIN",
  ceRegion: "CE_REGION",
  ceProjectId: "CE_PROJECT_ID",
  ceApiBaseUrl: "CE_API_BASE_URL",
} as const;

/** A user's variable of one of these names is refused. */
export const ownVariables: ReadonlySet<string> = new Set(Object.values(variable));

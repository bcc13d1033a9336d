import {
  bytesRule,
  cpuRule,
  envFromRule,
  imageRule,
  mountRule,
  nameRule,
  noProperty,
  queueRule,
  type Refused,
  retryRule,
  rows,
  runFaults,
  timeRule,
} from "../../support/faults";
import { unknown } from "../../support/unknowns";

const refused: Refused = [
  // job and image
  [{}, "image: must be given: a run without `job` is stand-alone and needs an image"],
  [{ job: "nightly", image: "a" }, "image: must not be given together with `job`: a run of a job uses the job's image"],
  [
    { job: "nightly", imagePullSecrets: [] },
    "imagePullSecrets: must not be given together with `job`: a run of a job uses the job's",
  ],
  [
    { job: "nightly", serviceAccountName: "s" },
    "serviceAccountName: must not be given together with `job`: a run of a job uses the job's",
  ],
  [
    { job: "nightly", image: "a", imagePullSecrets: ["s"], serviceAccountName: "s" },
    "image: must not be given together with `job`: a run of a job uses the job's image",
    "imagePullSecrets: must not be given together with `job`: a run of a job uses the job's",
    "serviceAccountName: must not be given together with `job`: a run of a job uses the job's",
  ],
  [{ job: "" }, 'job: must not be empty, got ""'],
  [
    { job: "dbMigrate" },
    'job: must be the name of a job: lower-case letters, digits and hyphens, got "dbMigrate"; did you mean `dbmigrate`?',
  ],
  [{ job: "j".repeat(64) }, `job: must be at most 63 characters long, got "${"j".repeat(64)}"`],
  [{ job: null }, "job: must be a string, got null"],
  [{ job: 7 }, "job: must be a string, got 7"],
  [{ image: "App" }, `image: ${imageRule}, got "App"; did you mean \`app\`?`],
  // name
  [{ image: "a", name: "r".repeat(54) }, `name: must be at most 53 characters long, got "${"r".repeat(54)}"`],
  [{ image: "a", name: "dbMigrate" }, `name: ${nameRule}, got "dbMigrate"; did you mean \`dbmigrate\`?`],
  [{ image: "a", name: "" }, 'name: must not be empty, got ""'],
  // jobRevision
  [{ job: "nightly", jobRevision: 7 }, "jobRevision: must be a string, got 7"],
  [{ job: "nightly", jobRevision: null }, "jobRevision: must be a string, got null"],
  // jobDefinition
  [{ job: "nightly", jobDefinition: "x" }, 'jobDefinition: must be an object, got "x"'],
  [{ job: "nightly", jobDefinition: null }, "jobDefinition: must be an object, got null"],
  [{ job: "nightly", jobDefinition: {} }, "jobDefinition.image: must be given"],
  [
    { job: "nightly", jobDefinition: { image: "App" } },
    `jobDefinition.image: ${imageRule}, got "App"; did you mean \`app\`?`,
  ],
  [{ job: "nightly", jobDefinition: { image: "a", wait: {} } }, `jobDefinition.wait: ${noProperty} \`wait\` here`],
  [
    { job: "nightly", jobDefinition: { image: "a", name: "A B", namespace: "", orphanRuns: 1 } },
    `jobDefinition.name: ${nameRule}, got "A B"; did you mean \`a-b\`?`,
    'jobDefinition.namespace: must not be empty, got ""',
    "jobDefinition.orphanRuns: must be a boolean, got 1",
  ],
  [
    { job: "nightly", jobDefinition: { image: "a", memory: "512m", arrayIndices: "3-1", arraySize: 2 } },
    `jobDefinition.memory: ${bytesRule}, got "512m"; did you mean \`512M\`?`,
    "jobDefinition.arraySize: must not be given together with `arrayIndices`, got 2",
    'jobDefinition.arrayIndices: must have ascending ranges: write `1-3`, got "3-1"',
  ],
  [
    { job: "nightly", jobDefinition: { image: "a", mode: "daemon", retryLimit: 3 } },
    `jobDefinition.retryLimit: ${retryRule}, got 3`,
  ],
  [
    { job: "nightly", jobDefinition: { image: "a", env: [{ name: "HOSTNAME" }, { name: "A", value: 7 }] } },
    "jobDefinition.env[1].value: must be a string, got a number",
    "jobDefinition.env[0].name: must not be `HOSTNAME`: the run sets this variable itself",
  ],
  [
    {
      job: "nightly",
      jobDefinition: { image: "a", env: [{ name: "A", value: { hidden: 1 } }], connection: { kubeconfig: 7 } },
    },
    "jobDefinition.connection.kubeconfig: must be a string, got a number",
    "jobDefinition.env[0].value: must be a string, got an object",
  ],
  [
    {
      job: "nightly",
      jobDefinition: { image: "a", mounts: [{ mountPath: "/a" }], labels: { "pulumi-jobrun/x": "y" } },
    },
    `jobDefinition.mounts[0]: ${mountRule}, got none`,
    'jobDefinition.labels["pulumi-jobrun/x"]: must have another key: the run sets this one itself',
  ],
  [
    { job: "nightly", jobDefinition: { image: "a", mode: "daemon" }, retryLimit: 1, maxExecutionTime: 1, queue: "q" },
    `maxExecutionTime: ${timeRule}, got 1`,
    `retryLimit: ${retryRule}, got 1`,
    `queue: ${queueRule}, got "q"`,
  ],
  [{ job: "nightly", jobDefinition: { image: "a" }, mode: "daemon", retryLimit: 1 }, `retryLimit: ${retryRule}, got 1`],
  [
    { job: "nightly", jobDefinition: { image: "a" }, retryLimit: -1, env: [{ name: "JOB_INDEX" }] },
    "retryLimit: must be at least 0, got -1",
    "env[0].name: must not be `JOB_INDEX`: the run sets this variable itself",
  ],
  // arraySizeVariable
  [{ image: "a", arraySizeVariable: -1 }, "arraySizeVariable: must be at least 0, got -1"],
  [{ image: "a", arraySizeVariable: 2_147_483_648 }, "arraySizeVariable: must be at most 2147483647, got 2147483648"],
  [{ image: "a", arraySizeVariable: "1" }, 'arraySizeVariable: must be an integer, got "1"'],
  [{ image: "a", arraySizeVariable: null }, "arraySizeVariable: must be an integer, got null"],
  // triggers
  [{ image: "a", triggers: ["v1"] }, "triggers: must be an object, got a list of 1"],
  [{ image: "a", triggers: "v1" }, 'triggers: must be an object, got "v1"'],
  [{ image: "a", triggers: null }, "triggers: must be an object, got null"],
  // wait
  [{ image: "a", wait: "running" }, 'wait: must be an object, got "running"'],
  [{ image: "a", wait: null }, "wait: must be an object, got null"],
  [{ image: "a", wait: { until: "done" } }, 'wait.until: must be `completion` or `running` or `nothing`, got "done"'],
  [
    { image: "a", wait: { until: "Running" } },
    'wait.until: must be `completion` or `running` or `nothing`, got "Running"; did you mean `running`?',
  ],
  [{ image: "a", wait: { until: null } }, "wait.until: must be a string, got null"],
  [{ image: "a", wait: { seconds: 1 } }, `wait.seconds: ${noProperty} \`seconds\` here`],
  [
    { image: "a", wait: { stableSecond: 1 } },
    `wait.stableSecond: ${noProperty} \`stableSecond\` here; did you mean \`stableSeconds\`?`,
  ],
  [{ image: "a", wait: { stableSeconds: -1 } }, "wait.stableSeconds: must be at least 0, got -1"],
  [{ image: "a", wait: { stableSeconds: 86_401 } }, "wait.stableSeconds: must be at most 86400, got 86401"],
  [{ image: "a", wait: { unschedulableSeconds: -1 } }, "wait.unschedulableSeconds: must be at least 0, got -1"],
  [
    { image: "a", wait: { unschedulableSeconds: 2_147_483_648 } },
    "wait.unschedulableSeconds: must be at most 2147483647, got 2147483648",
  ],
  [{ image: "a", wait: { queueSeconds: 0 } }, "wait.queueSeconds: must be at least 1, got 0"],
  [
    { image: "a", wait: { queueSeconds: 2_147_483_648 } },
    "wait.queueSeconds: must be at most 2147483647, got 2147483648",
  ],
  [
    { image: "a", wait: { stableSeconds: "10", unschedulableSeconds: 0.5, queueSeconds: null } },
    'wait.stableSeconds: must be an integer, got "10"',
    "wait.unschedulableSeconds: must be an integer, got 0.5",
    "wait.queueSeconds: must be an integer, got null",
  ],
  // onFailure
  [{ image: "a", onFailure: "retry" }, 'onFailure: must be `resume` or `rerun` or `keep`, got "retry"'],
  [
    { image: "a", onFailure: "Rerun" },
    'onFailure: must be `resume` or `rerun` or `keep`, got "Rerun"; did you mean `rerun`?',
  ],
  [{ image: "a", onFailure: null }, "onFailure: must be a string, got null"],
  // logs
  [{ image: "a", logs: [] }, "logs: must be an object, got a list of 0"],
  [{ image: "a", logs: { tailLines: -1 } }, "logs.tailLines: must be at least 0, got -1"],
  [{ image: "a", logs: { tailLines: 1_001 } }, "logs.tailLines: must be at most 1000, got 1001"],
  [{ image: "a", logs: { tailLines: "20" } }, 'logs.tailLines: must be an integer, got "20"'],
  [{ image: "a", logs: { capture: true, tailLines: 0 } }, "logs.tailLines: must be at least 1 with `capture`, got 0"],
  [{ image: "a", logs: { capture: "yes" } }, 'logs.capture: must be a boolean, got "yes"'],
  [
    { image: "a", logs: { tailLine: 1 } },
    `logs.tailLine: ${noProperty} \`tailLine\` here; did you mean \`tailLines\`?`,
  ],
  // retention
  [{ image: "a", retention: -2 }, "retention: must be at least -1, got -2"],
  [{ image: "a", retention: 0 }, "retention: must be at least 60 seconds, or -1 for ever, got 0"],
  [{ image: "a", retention: 59 }, "retention: must be at least 60 seconds, or -1 for ever, got 59"],
  [{ image: "a", retention: 2_147_483_648 }, "retention: must be at most 2147483647, got 2147483648"],
  [{ image: "a", retention: "7d" }, 'retention: must be an integer, got "7d"'],
  [{ image: "a", retention: null }, "retention: must be an integer, got null"],
  // ignoreDisruptions
  [{ image: "a", ignoreDisruptions: "no" }, 'ignoreDisruptions: must be a boolean, got "no"'],
  [{ image: "a", ignoreDisruptions: null }, "ignoreDisruptions: must be a boolean, got null"],
  [
    { image: "a", mode: "daemon", ignoreDisruptions: true },
    "ignoreDisruptions: must not be given with mode `daemon`: a daemon has no retries to use up, got true",
  ],
  // backend
  [{ image: "a", backend: "auto" }, 'backend: must not be given with mode `task`: a task is always a Job, got "auto"'],
  // settle
  [
    { image: "a", settle: true },
    "settle: must not be given with mode `task`: a task that has ended holds no resources, got true",
  ],
  [{ image: "a", mode: "daemon", settle: "yes" }, 'settle: must be a boolean, got "yes"'],
  [
    { image: "a", mode: "daemon", backend: "Deployment" },
    'backend: must be `auto` or `deployment` or `job`, got "Deployment"; did you mean `deployment`?',
  ],
  [{ image: "a", mode: "daemon", backend: "pod" }, 'backend: must be `auto` or `deployment` or `job`, got "pod"'],
  [{ image: "a", mode: "daemon", backend: null }, "backend: must be a string, got null"],
  [
    { job: "nightly", jobDefinition: { image: "a" }, backend: "deployment" },
    'backend: must not be given with mode `task`: a task is always a Job, got "deployment"',
  ],
  // the template's own
  [
    { image: "a", memory: "512m", cpu: "2 cores" },
    `cpu: ${cpuRule}, got "2 cores"; did you mean \`2\`?`,
    `memory: ${bytesRule}, got "512m"; did you mean \`512M\`?`,
  ],
  [
    { image: "a", mounts: [{ mountPath: "/a" }], envFrom: [{}] },
    `envFrom[0]: ${envFromRule}, got none`,
    `mounts[0]: ${mountRule}, got none`,
  ],
  [
    { image: "a", labels: { "app.kubernetes.io/managed-by": "x" }, annotations: { "pulumi-jobrun/x": "y" } },
    'labels["app.kubernetes.io/managed-by"]: must have another key: the run sets this one itself',
    'annotations["pulumi-jobrun/x"]: must have another key: the run sets this one itself',
  ],
  [{ image: "a", mode: "daemon", maxExecutionTime: 600 }, `maxExecutionTime: ${timeRule}, got 600`],
  // what does not exist
  [{ image: "a", orphanRuns: true }, `orphanRuns: ${noProperty} \`orphanRuns\` here`],
  [{ image: "a", rerunOnFailure: true }, `rerunOnFailure: ${noProperty} \`rerunOnFailure\` here`],
  [{ image: "a", Triggers: {} }, `Triggers: ${noProperty} \`Triggers\` here; did you mean \`triggers\`?`],
  [
    { image: "a", wait: { untill: unknown.string } },
    `wait.untill: ${noProperty} \`untill\` here; did you mean \`until\`?`,
  ],
];

test.each(rows(refused))("[U] a run is refused: %s", (_title, inputs, faults) => {
  expect(runFaults(inputs)).toEqual(faults);
});

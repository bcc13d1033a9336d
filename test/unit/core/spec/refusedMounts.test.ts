import {
  bytesRule,
  directories,
  jobFaults,
  labelKeyRule,
  labelRule,
  mountRule,
  noProperty,
  objectRule,
  pathRule,
  queueRule,
  type Refused,
  rows,
  tolerations,
} from "../../support/faults";

const refused: Refused = [
  // mounts
  [{ mounts: {} }, "mounts: must be an array, got an object"],
  [{ mounts: null }, "mounts: must be an array, got null"],
  [{ mounts: [null] }, "mounts[0]: must be an object, got null"],
  [{ mounts: [{ secret: "s" }] }, "mounts[0].mountPath: must be given"],
  [{ mounts: [{ mountPath: "/a" }] }, `mounts[0]: ${mountRule}, got none`],
  [
    { mounts: [{ mountPath: "/a", hostPath: "/x" }] },
    `mounts[0].hostPath: ${noProperty} \`hostPath\` here; did you mean \`mountPath\`?`,
    `mounts[0]: ${mountRule}, got none`,
  ],
  [{ mounts: [{ mountPath: "", secret: "s" }] }, `mounts[0].mountPath: ${pathRule}, got ""`],
  [{ mounts: [{ mountPath: "/", secret: "s" }] }, `mounts[0].mountPath: ${pathRule}, got "/"`],
  [{ mounts: [{ mountPath: "//", secret: "s" }] }, `mounts[0].mountPath: ${pathRule}, got "//"`],
  [{ mounts: [{ mountPath: "a", secret: "s" }] }, `mounts[0].mountPath: ${pathRule}, got "a"`],
  [{ mounts: [{ mountPath: "/a:b", secret: "s" }] }, `mounts[0].mountPath: ${pathRule}, got "/a:b"`],
  [
    { mounts: [{ mountPath: `/${"a".repeat(4096)}`, secret: "s" }] },
    `mounts[0].mountPath: must be at most 4096 characters long, got "/${"a".repeat(79)}"… (4097 characters)`,
  ],
  [{ mounts: [{ mountPath: 7, secret: "s" }] }, "mounts[0].mountPath: must be a string, got 7"],
  [{ mounts: [{ mountPath: "/a", secret: "s", configMap: "c" }] }, `mounts[0]: ${mountRule}, got 2`],
  [
    { mounts: [{ mountPath: "/a", secret: "s", configMap: "c", persistentVolumeClaim: "p", emptyDir: {} }] },
    `mounts[0]: ${mountRule}, got 4`,
  ],
  [{ mounts: [{ mountPath: "/a", secret: "S" }] }, `mounts[0].secret: ${objectRule}, got "S"`],
  [{ mounts: [{ mountPath: "/a", configMap: { name: "c" } }] }, "mounts[0].configMap: must be a string, got an object"],
  [
    { mounts: [{ mountPath: "/a", persistentVolumeClaim: "" }] },
    'mounts[0].persistentVolumeClaim: must not be empty, got ""',
  ],
  [{ mounts: [{ mountPath: "/a", emptyDir: true }] }, "mounts[0].emptyDir: must be an object, got true"],
  [
    { mounts: [{ mountPath: "/a", emptyDir: { medium: "memory" } }] },
    'mounts[0].emptyDir.medium: must be `Memory` or empty, got "memory"',
  ],
  [
    { mounts: [{ mountPath: "/a", emptyDir: { sizeLimit: "1GB" } }] },
    `mounts[0].emptyDir.sizeLimit: ${bytesRule}, got "1GB"; did you mean \`1G\` or \`1Gi\`?`,
  ],
  [
    { mounts: [{ mountPath: "/a", emptyDir: { sizeLimit: "100m" } }] },
    `mounts[0].emptyDir.sizeLimit: ${bytesRule}, got "100m"; did you mean \`100M\`?`,
  ],
  [{ mounts: [{ mountPath: "/a", emptyDir: { size: "1G" } }] }, `mounts[0].emptyDir.size: ${noProperty} \`size\` here`],
  [
    { mounts: [{ mountPath: "/a", secret: "s", subPath: "/x" }] },
    'mounts[0].subPath: must be a relative path without `..` (Kubernetes\' rule), got "/x"',
  ],
  [
    { mounts: [{ mountPath: "/a", secret: "s", subPath: "x/../y" }] },
    'mounts[0].subPath: must be a relative path without `..` (Kubernetes\' rule), got "x/../y"',
  ],
  [
    { mounts: [{ mountPath: "/a", secret: "s", subPath: "" }] },
    'mounts[0].subPath: must be a relative path without `..` (Kubernetes\' rule), got ""',
  ],
  [
    { mounts: [{ mountPath: "/a", secret: "s", readOnly: "true" }] },
    'mounts[0].readOnly: must be a boolean, got "true"',
  ],
  [
    {
      mounts: [
        { mountPath: "/a", secret: "s" },
        { mountPath: "/b", secret: "s" },
        { mountPath: "/a", configMap: "c" },
      ],
    },
    'mounts[2].mountPath: must be the only mount at this path, got "/a"',
  ],
  [{ mounts: directories(101) }, "mounts: must have at most 100 entries, got a list of 101"],
  // labels and annotations
  [{ labels: [] }, "labels: must be an object, got a list of 0"],
  [{ labels: null }, "labels: must be an object, got null"],
  [{ labels: { "bad key!": "x" } }, `labels: ${labelKeyRule}, got the key "bad key!"`],
  [{ annotations: { "a/b/c": "x" } }, `annotations: ${labelKeyRule}, got the key "a/b/c"`],
  [{ nodeSelector: { "": "x" } }, `nodeSelector: ${labelKeyRule}, got the key ""`],
  [{ labels: { a: 1 } }, "labels.a: must be a string, got 1"],
  [{ labels: { a: null } }, "labels.a: must be a string, got null"],
  [{ labels: { a: "-" } }, `labels.a: ${labelRule}, got "-"`],
  [{ labels: { a: "x".repeat(64) } }, `labels.a: must be at most 63 characters long, got "${"x".repeat(64)}"`],
  [
    { labels: { "pulumi-jobrun/run": "x" } },
    'labels["pulumi-jobrun/run"]: must have another key: the run sets this one itself',
  ],
  [
    { labels: { "app.kubernetes.io/managed-by": "me" } },
    'labels["app.kubernetes.io/managed-by"]: must have another key: the run sets this one itself',
  ],
  [{ annotations: [] }, "annotations: must be an object, got a list of 0"],
  [
    { annotations: { a: 1, b: null } },
    "annotations.a: must be a string, got 1",
    "annotations.b: must be a string, got null",
  ],
  [
    { annotations: { "pulumi-jobrun/revision": "x" } },
    'annotations["pulumi-jobrun/revision"]: must have another key: the run sets this one itself',
  ],
  // scheduling
  [{ nodeSelector: "a=b" }, 'nodeSelector: must be an object, got "a=b"'],
  [{ nodeSelector: { a: true } }, "nodeSelector.a: must be a string, got true"],
  [{ nodeSelector: { a: "x y" } }, `nodeSelector.a: ${labelRule}, got "x y"`],
  [{ tolerations: {} }, "tolerations: must be an array, got an object"],
  [{ tolerations: [null] }, "tolerations[0]: must be an object, got null"],
  [
    { tolerations: [{ operator: "exists" }] },
    'tolerations[0].operator: must be `Exists`, `Equal`, `Lt` or `Gt`, got "exists"',
  ],
  [
    { tolerations: [{ key: "a", effect: "noSchedule" }] },
    'tolerations[0].effect: must be `NoSchedule`, `PreferNoSchedule` or `NoExecute`, got "noSchedule"',
  ],
  [
    { tolerations: [{ key: "a", operater: "Exists" }] },
    `tolerations[0].operater: ${noProperty} \`operater\` here; did you mean \`operator\`?`,
  ],
  [
    { tolerations: [{ key: 1, value: 1, tolerationSeconds: 1.5 }] },
    "tolerations[0].key: must be a string, got 1",
    "tolerations[0].value: must be a string, got 1",
    "tolerations[0].tolerationSeconds: must be an integer, got 1.5",
  ],
  [{ tolerations: tolerations(101) }, "tolerations: must have at most 100 entries, got a list of 101"],
  [{ priorityClassName: "" }, 'priorityClassName: must not be empty, got ""'],
  [{ priorityClassName: "High" }, `priorityClassName: ${objectRule}, got "High"`],
  [
    { priorityClassName: "a".repeat(254) },
    `priorityClassName: must be at most 253 characters long, got "${"a".repeat(80)}"… (254 characters)`,
  ],
  [{ priorityClassName: null }, "priorityClassName: must be a string, got null"],
  [{ terminationGracePeriodSeconds: -1 }, "terminationGracePeriodSeconds: must be at least 0, got -1"],
  [
    { terminationGracePeriodSeconds: 2_147_483_648 },
    "terminationGracePeriodSeconds: must be at most 2147483647, got 2147483648",
  ],
  [{ terminationGracePeriodSeconds: "30" }, 'terminationGracePeriodSeconds: must be an integer, got "30"'],
  // queue
  [{ queue: "" }, 'queue: must not be empty, got ""'],
  [{ queue: "Q" }, `queue: ${objectRule}, got "Q"`],
  [{ queue: "q".repeat(64) }, `queue: must be at most 63 characters long, got "${"q".repeat(64)}"`],
  [{ queue: null }, "queue: must be a string, got null"],
  [{ queue: "q", mode: "daemon" }, `queue: ${queueRule}, got "q"`],
  // orphanRuns
  [{ orphanRuns: "true" }, 'orphanRuns: must be a boolean, got "true"'],
  [{ orphanRuns: null }, "orphanRuns: must be a boolean, got null"],
  [{ orphanRuns: 1 }, "orphanRuns: must be a boolean, got 1"],
];

test.each(rows(refused))("[U] a job is refused for its mounts, labels and places: %s", (_title, inputs, faults) => {
  expect(jobFaults(inputs)).toEqual(faults);
});

import fc from "fast-check";
import type { KubeObject } from "../../provider/core/kube/types";
import { ownVariables } from "../../provider/core/kube/variables";
import { withDefaults } from "../../provider/core/spec/template";
import type { RunSpec } from "../../provider/core/spec/types";
import { runObjects, type Workload } from "../unit/support/objects";
import { jobTemplate } from "./arbitraries";

const dnsLabel = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/);
const longLabel = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

const specs: fc.Arbitrary<RunSpec> = fc
  .tuple(jobTemplate, dnsLabel, fc.option(longLabel, { nil: undefined }))
  .map(([template, name, job]) => ({ ...withDefaults(template), name, ...(job !== undefined && { job }) }));

const workloadsOf = (objects: readonly KubeObject[]): Workload[] =>
  objects.filter(({ kind }) => kind === "Job" || kind === "Deployment") as Workload[];

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?([.][a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

test("[P] every name and label is one that Kubernetes takes", () => {
  fc.assert(
    fc.property(specs, (spec) => {
      const objects = runObjects(spec);
      for (const { kind, metadata } of objects) {
        expect(metadata.name).toMatch(kind === "ConfigMap" || kind === "Secret" ? subdomain : label);
        for (const value of Object.values(metadata.labels ?? {})) expect(value).toMatch(labelValue);
      }
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});

test("[P] objects are JSON and nothing else", () => {
  fc.assert(
    fc.property(specs, (spec) => {
      for (const object of runObjects(spec)) expect(JSON.parse(JSON.stringify(object))).toStrictEqual(object);
    }),
  );
});

test("[P] every index is carried exactly once", () => {
  fc.assert(
    fc.property(specs, (spec) => {
      const carried = workloadsOf(runObjects(spec)).map(
        ({ spec: { completions = 1 } }: Workload & { spec: { completions?: number } }) => completions,
      );
      expect(carried.reduce((sum, count) => sum + count, 0)).toBe(spec.arraySize);
    }),
  );
});

test("[P] containers have two names, and ask for exactly what they may have", () => {
  fc.assert(
    fc.property(specs, (spec) => {
      for (const { spec: workload } of workloadsOf(runObjects(spec))) {
        const { containers } = workload.template.spec;
        expect(new Set(containers.map(({ name }) => name)).size).toBe(containers.length);
        for (const { name, resources } of containers) {
          expect(name).toMatch(label);
          expect(resources.requests).toEqual(resources.limits);
        }
      }
    }),
  );
});

test("[P] our variables come first, then HOSTNAME, then the user's in their order", () => {
  fc.assert(
    fc.property(specs, (spec) => {
      for (const { spec: workload } of workloadsOf(runObjects(spec))) {
        const names = workload.template.spec.containers[0].env?.map(({ name }) => name) ?? [];
        const ours = names.findIndex((name) => !ownVariables.has(name));
        const boundary = ours === -1 ? names.length : ours;
        expect(names[boundary - 1]).toBe("HOSTNAME");
        expect(names.slice(boundary)).toEqual(spec.env.map(({ name }) => name));
      }
    }),
  );
});

test("[P] a secret value occurs in the Secret and nowhere else", () => {
  fc.assert(
    fc.property(specs, fc.nat(3), (spec, at) => {
      const env = spec.env.toSpliced(at, 0, { name: "PASSWORD", value: "hunter2", secret: true });
      const objects = runObjects({ ...spec, env });
      const encoded = Buffer.from("hunter2").toString("base64");
      const holders = objects.filter((object) => {
        const text = JSON.stringify(object);
        return text.includes("hunter2") || text.includes(encoded);
      });
      expect(holders.map(({ kind }) => kind)).toEqual(["Secret"]);
    }),
  );
});

import { describe, expect, it } from "@jest/globals";
import type * as k8s from "@pulumi/kubernetes/types/input";
import type { JobArgs } from "../../sdk";

describe("[C] the types of @pulumi/kubernetes", () => {
  it("are taken where the shape is Kubernetes' own: this compiles", () => {
    const variable: k8s.core.v1.EnvVar = { name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } };
    const source: k8s.core.v1.EnvFromSource = { prefix: "P_", secretRef: { name: "credentials" } };
    const toleration: k8s.core.v1.Toleration = { key: "gpu", operator: "Exists", effect: "NoSchedule" };
    const args: JobArgs = { image: "app", env: [variable], envFrom: [source], tolerations: [toleration] };
    expect(args.env).toEqual([variable]);
  });
});

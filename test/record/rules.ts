import type { KubeObject } from "../../provider/core/kube/types";
import type { Place } from "./causes";

/** The objects that make the rules of a namespace. */
export function rules(place: Place, namespace: string): KubeObject[] {
  const inNamespace = { matchLabels: { "kubernetes.io/metadata.name": namespace } };
  const pods = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] };
  const all: Readonly<Record<Place, object[]>> = {
    plain: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "present", namespace } }],
    quota: [{ ...core("ResourceQuota", namespace), spec: { hard: { pods: "0" } } }],
    secured: [],
    ranged: [{ ...core("LimitRange", namespace), spec: { limits: [{ type: "Container", min: { cpu: "50m" } }] } }],
    policed: [
      {
        ...admission("ValidatingAdmissionPolicy", namespace),
        spec: {
          matchConstraints: { resourceRules: [pods] },
          validations: [{ expression: "false", message: "no pods today" }],
        },
      },
      {
        ...admission("ValidatingAdmissionPolicyBinding", namespace),
        spec: {
          policyName: namespace,
          validationActions: ["Deny"],
          matchResources: { namespaceSelector: inNamespace },
        },
      },
    ],
    hooked: [
      {
        ...admission("ValidatingWebhookConfiguration", namespace),
        webhooks: [
          {
            name: "absent.example.com",
            clientConfig: { service: { name: "absent", namespace } },
            rules: [pods],
            namespaceSelector: inNamespace,
            sideEffects: "None",
            admissionReviewVersions: ["v1"],
          },
        ],
      },
    ],
  };
  return all[place] as KubeObject[];
}

const core = (kind: string, namespace: string): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "q", namespace },
});

const admission = (kind: string, name: string): KubeObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind,
  metadata: { name },
});

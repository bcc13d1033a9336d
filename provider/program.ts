import * as pulumi from "@pulumi/pulumi";
import { stackSettings } from "./doors/settings";
import { openClusters } from "./openClusters";
import { functionsOf } from "./resources/functions";

/** The functions of the package in the process of a program, with the settings of its stack. */
export const functions = functionsOf(
  openClusters(() => Promise.resolve(stackSettings((key) => pulumi.runtime.getConfig(key)))),
);
